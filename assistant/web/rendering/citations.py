"""Citations: the words that name a passage, and the place in the page where it can be read."""

from collections.abc import Iterable
from urllib.parse import quote

from assistant.records import Entry, Hit, Passage, Source, Span
from assistant.web.rendering.strings import Strings

_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_DOCUMENTS = "documents"  # the place of the page that shows them


def cite(source: Source, locator: str, strings: Strings) -> str:
    """Cite as the United Nations do: publisher, title, symbol, date, paragraph, address; what is unknown is left out.

    A place in a digest is cited as ours, so that nobody quotes our words as the document's.

    >>> from assistant.web.rendering.strings import read_strings
    >>> resolution = Source("gcm", "Global Compact", publisher="General Assembly", symbol="A/RES/73/195", date="2018")
    >>> cite(resolution, "para. 23 (f)", read_strings("en"))
    'General Assembly, Global Compact, A/RES/73/195, 2018, para. 23 (f)'
    """
    if source.kind == "digest":
        original = ", ".join(filter(None, (source.title, source.address)))
        return f"{our_place(locator, strings)} ({strings.label('summary.original')}{original})"
    known = (source.publisher, source.title, source.symbol, source.date, locator, source.address)
    return ", ".join(filter(None, known))


def cite_briefly(source: Source, locator: str, strings: Strings) -> str:
    """Cite for a note or a speech: title, symbol, paragraph, date; a place in a digest is cited as ours."""
    if source.kind == "digest":
        return cite(source, locator, strings)
    return ", ".join(filter(None, (source.title, source.symbol, locator, source.date)))


def our_place(locator: str, strings: Strings) -> str:
    """Name a place in our summary."""
    return strings.comma.join((strings.text("summary"), locator))


def titled(source: Source, strings: Strings) -> str:
    """Name a document; a digest is called one, so that it isn't taken for the document's own words."""
    return source.title + (f" ({strings.text('digest.short')})" if source.kind == "digest" else "")


def listed(sources: Iterable[Source], strings: Strings) -> str:
    """Name documents in a line; from right to left each is isolated, so that its words stay in order."""
    names = [titled(source, strings) for source in sources]
    if strings.direction == "rtl":
        names = [f"{_ISOLATE}{name}{_END_OF_ISOLATE}" for name in names]
    return strings.semicolon.join(names)


def place_of(source: Source, anchor: str, marks: Iterable[Span] = ()) -> str:
    """Return the address at which a paragraph stands, below the page's own; its end leads there without a script, too.

    Args:
        marks: Spans of the document's text to mark there.

    >>> place_of(Source("gcm", "Global Compact"), "para-23-f", [(120, 180), (200, 240)])
    'documents/gcm/para-23-f/120-180,200-240#gcm--para-23-f'
    """
    parts = [quote(anchor, safe="")]
    parts += filter(None, [",".join(f"{start}-{end}" for start, end in marks)])
    return "/".join([place_of_document(source), *parts]) + "#" + quote(f"{source.id}--{anchor}", safe="")


def place_of_document(source: Source) -> str:
    """Return the address at which a document can be read, below the page's own."""
    return f"{_DOCUMENTS}/{quote(source.id, safe='')}"


def address_at(page: str, place: str) -> str:
    """Return the address of a place of a page that is named by its own address.

    >>> address_at("https://example.org/ask/?lang=fr", "documents/gcm#gcm--para-1")
    'https://example.org/ask/documents/gcm?lang=fr#gcm--para-1'
    """
    path, asks, query = page.partition("?")
    place, leads, anchor = place.partition("#")
    return f"{path.removesuffix('/')}/{place}{asks}{query}{leads}{anchor}"


def place_of_entry(entry: Entry) -> str:
    """Return the fragment at which an entry can be read."""
    return place_of(entry.source, entry.anchor) if entry.anchor else place_of_document(entry.source)


def place_of_hit(hit: Hit) -> str:
    """Return the address at which a passage stands, with what answers in it marked."""
    passage = hit.passage
    return place_of(passage.source, passage.anchor, marks_of(passage, hit.highlights))


def marks_of(passage: Passage, highlights: Iterable[Span]) -> list[Span]:
    """Turn spans of a passage into spans of its document."""
    return [(passage.start + start, passage.start + end) for start, end in highlights]
