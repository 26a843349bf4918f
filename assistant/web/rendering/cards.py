"""Hit -> card: where it stands, its words with their marks, its objectives and why it was found.

Pure functions of records; whatever comes from a question or a document is escaped. This module knows nothing of
answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.objectives import LIKELY
from assistant.records import (
    THIS_ROUND_TABLE,
    Basis,
    Document,
    Hit,
    Objective,
    ObjectiveMatch,
    Paragraph,
    Passage,
    Reason,
    Source,
    Tag,
)
from assistant.web.app import Answering
from assistant.web.rendering.citations import cite, place_of_hit
from assistant.web.rendering.markup import LINE_ENDS, is_web_address, link_attributes, render_words
from assistant.web.rendering.strings import Strings, direction_of, read_strings

_UNBROKEN = 24  # characters of a locator that stay on one line, even on a phone


@dataclass(frozen=True, slots=True)
class Context:
    """What an answer is shown against.

    Attributes:
        strings: The interface's own words.
        documents: The documents that were searched, by id.
        objectives: The table of the 23, by number.
        page: Address of the page that shows whole documents, where that is another one than this; else empty.
        asks_feedback: Whether visitors are asked if an answer helped.
    """

    strings: Strings
    documents: Mapping[str, Document]
    objectives: Mapping[int, Objective]
    page: str = ""
    asks_feedback: bool = False


def context_of(assistant: Answering | None, strings: Strings) -> Context:
    """What answers and rankings are shown against; empty while nothing is open."""
    if assistant is None:
        return Context(strings, {}, {})
    return Context(strings, assistant.documents, {each.number: each for each in assistant.objectives})


def render_cards(
    hits: Sequence[Hit], context: Context, place: int | str, *, level: int = 4, are_nearest: bool = False
) -> str:
    """Write passages, in order.

    Args:
        place: The answer's place in the conversation, or a word for the list, which makes ids unique.
        level: Of their headings.
        are_nearest: Whether they only touch on the topic.
    """
    cards = [
        f"<li>{_card(hit, context, id=f'passage-{place}-{i}', level=level, is_nearest=are_nearest)}</li>"
        for i, hit in enumerate(hits, start=1)
    ]
    return f'<ol class="passage-list">{"".join(cards)}</ol>'


def _card(hit: Hit, context: Context, *, id: str, level: int, is_nearest: bool) -> str:
    passage, strings = hit.passage, context.strings
    tagged = [(context.objectives[tag.number], tag.basis, tag.confidence) for tag in passage.tags]
    original = f'<span class="kind">{escape(strings.text("original"))}</span>' if _is_original(passage) else ""
    return (
        f'<article class="passage-card{" is-nearest" if is_nearest else ""}" aria-labelledby="{id}">'
        f'<header class="passage-head"><h{level} class="passage-source" id="{id}">'
        f"{render_citation(hit, context)}</h{level}>{original}{render_labels(passage, strings)}</header>"
        f'<p class="document-words" {language_attributes(passage.source)}>{_words(hit, context)}</p>'
        f'<footer class="passage-foot">{render_badges(tagged, strings)}'
        f'<div class="passage-more">{_why(hit, strings)}{_copy_button(passage, strings)}</div></footer></article>'
    )


def _copy_button(passage: Passage, strings: Strings) -> str:
    cited = escape(cite(passage.source, passage.locator, strings))
    said = escape(strings.text("copy_citation"))
    return f'<button type="button" class="text-action" data-copy="{cited}">{said}</button>'


def _words(hit: Hit, context: Context) -> str:
    passage = hit.passage
    before, after = goes_on(passage, context)
    return render_words(
        passage.text,
        highlights=hit.highlights,
        links=passage.source.links,
        body=passage.body,
        starts_line=_starts_line(passage, context, 0),
        keeps_lines=_keeps_lines(passage),
        goes_on_before=before,
        goes_on_after=after,
    )


def _why(hit: Hit, strings: Strings) -> str:
    said = {
        **_found(hit, strings),
        "why.tags": "<br>".join(_origin(tag, hit.passage, strings) for tag in hit.passage.tags),
    }
    rows = "".join(f"<dt>{escape(strings.text(key))}</dt><dd>{html}</dd>" for key, html in said.items() if html)
    if not rows:
        return ""
    summary = escape(strings.text("why"))
    return f'<details class="why disclosure"><summary>{summary}</summary><dl>{rows}</dl></details>'


def _found(hit: Hit, strings: Strings) -> dict[str, str]:
    """What to say of how it was found: the key of each label with HTML, empty where there is nothing to say."""
    reason = hit.reason
    if not reason:
        # A passage that nobody searched for has no score.
        return {"why.meaning": f"{hit.score:.2f}" if hit.score else ""}
    return {
        "why.question": escape(strings.text("why.named")) if reason.is_named else "",
        "why.words": _asked_words(reason.words),
        "why.near": _asked_words(reason.near),
        "why.likeness": escape(_likeness(reason, strings)),
    }


def _asked_words(words: Sequence[str]) -> str:
    return f'<bdi dir="auto">{escape(", ".join(words))}</bdi>' if words else ""


def _likeness(reason: Reason, strings: Strings) -> str:
    return strings.comma.join(_sign(sign, f"{figure:z.2f}", strings) for sign, figure in reason.likeness.items())


def _sign(sign: str, figure: str, strings: Strings) -> str:
    """Say one figure; a sign that the interface has no words for goes by its own name."""
    key = f"why.likeness.{sign.replace(' ', '_')}"
    return strings.text(key, figure=figure) if key in strings else f"{sign} {figure}"


def _origin(tag: Tag, passage: Passage, strings: Strings) -> str:
    basis = escape(basis_in_words(tag.basis, tag.confidence, strings))
    tag_name = "q" if tag.basis == "stated" else "span"
    evidence = f'<{tag_name} lang="{escape(passage.source.language)}">{escape(tag.evidence)}</{tag_name}>'
    name = f"{strings.text('objective')} {tag.number}{strings.comma}"
    return f"{escape(name)}{basis}{escape(strings.colon)}{evidence}"


def render_quotation(passage: Passage, quoted: str, context: Context) -> str:
    """Write words of a passage as a quotation."""
    start = max(passage.text.find(quoted), 0)
    words = render_words(
        quoted,
        links=passage.source.links,
        body=max(passage.body - start, 0),
        starts_line=_starts_line(passage, context, start),
        keeps_lines=_keeps_lines(passage),
    )
    return f'<p class="document-words" {language_attributes(passage.source)}>{words}</p>'


# Parts ---------------------------------------------------------------------------------------------------------------


def render_plate(number: int) -> str:
    """Write an objective's number on its colour; the words beside it say it to a screen reader."""
    return f'<span class="objective-plate" aria-hidden="true">{number}</span>'


def short_name(objective: Objective, strings: Strings) -> str:
    """Name an objective in a word or two, in the interface's language where the table's name is the usual one."""
    key = f"objective.{objective.number}.short"
    is_usual = key in strings and read_strings("en").text(key) == objective.short
    return strings.text(key) if is_usual else objective.short


def basis_in_words(basis: Basis, confidence: float, strings: Strings) -> str:
    """Say how it is known: "stated", or "inferred 58%"."""
    if basis == "stated":
        return strings.text("stated")
    return f"{strings.text('inferred')} {strings.percent(confidence)}"


def type_in_words(source: Source, strings: Strings) -> str:
    """What sort of document it is, in the interface's language where it has a word for it."""
    key = source.type.replace(" ", "_")
    return strings.text(key) if key and key in strings else source.type[:1].upper() + source.type[1:]


def is_likely(match: ObjectiveMatch) -> bool:
    """Whether a topic may be said to fall under an objective, and not only nearest to it."""
    return match.confidence >= LIKELY


def place_in_compact(objective: Objective, strings: Strings) -> str:
    """Say which paragraph of the Global Compact holds it and which roundtable covers it."""
    is_this = objective.round_table == THIS_ROUND_TABLE
    round_table = strings.text("round_table" if is_this else "round_table.other", n=objective.round_table)
    round_table += f"{strings.comma}{strings.text('round_table.this')}" if is_this else ""
    return f"{round_table} · {strings.text('gcm_paragraph', n=objective.paragraph)}"


def render_badges(tagged: Sequence[tuple[Objective, Basis, float]], strings: Strings) -> str:
    """Write objectives with how each is known and how surely; nothing where there are none."""
    badges = "".join(_badge(objective, basis, confidence, strings) for objective, basis, confidence in tagged)
    return f'<ul class="objective-badges">{badges}</ul>' if badges else ""


def _badge(objective: Objective, basis: Basis, confidence: float, strings: Strings) -> str:
    return (
        f'<li class="objective-badge is-{basis}" {objective_attributes(objective)}>{render_plate(objective.number)}'
        f'<span class="objective-name"><span class="visually-hidden">{escape(strings.text("objective"))} '
        f"{objective.number}{escape(strings.colon)}</span>{escape(short_name(objective, strings))}</span> "
        f'<span class="objective-basis">{escape(basis_in_words(basis, confidence, strings))}</span></li>'
    )


def objective_attributes(objective: Objective) -> str:
    """The attributes of an element that concerns an objective; the stylesheet takes its colour and dots from them."""
    return f'data-objective="{objective.number}" data-round-table="{objective.round_table}"'


def render_citation(hit: Hit, context: Context) -> str:
    """Write title and place, as a link to where the passage stands in its document."""
    passage = hit.passage
    source = passage.source
    unbroken = ' class="passage-locator"' if len(passage.locator) <= _UNBROKEN else ""
    words = f"{escape(source.title)}, <span{unbroken}>{escape(passage.locator)}</span>"
    place = place_of_hit(hit)
    attributes = link_attributes(context.page + place) if context.page else f'href="{escape(place)}"'
    # One run in the direction of the document, so that its parts keep their order in a page from right to left.
    return (
        f'<bdi class="citation-run" {language_attributes(source)}><a class="cited" {attributes}>{words}</a>'
        f"{_printed(passage)}</bdi>"
    )


def _printed(passage: Passage) -> str:
    """The rest of a citation, which only paper shows: on a screen it is a link away."""
    rest = ", ".join(filter(None, (passage.source.symbol, passage.source.date, passage.source.address)))
    return f'<span class="in-print">, {escape(rest)}</span>' if rest else ""


def render_labels(passage: Passage, strings: Strings) -> str:
    """Say what a reader must know of a source: that it is a digest, that it is in another language."""
    labels = []
    if not _is_original(passage):
        labels.append(f'<span class="kind kind-digest">{escape(strings.text("digest"))}</span>')
        if is_web_address(passage.source.address):
            link = link_attributes(passage.source.address)
            labels.append(f'<a class="elsewhere" {link}>{escape(strings.text("original.elsewhere"))}</a>')
    code = passage.source.language
    if code != strings.language:
        key = f"written_in.{code}"
        label = strings.text(key if key in strings else "written_in.other", code=code)
        labels.append(f'<span class="language-label">{escape(label)}</span>')
    return " ".join(labels)


def _is_original(passage: Passage) -> bool:
    return passage.source.kind == "original"


def language_attributes(source: Source) -> str:
    """The attributes of an element that holds a document's own words."""
    return f'lang="{escape(source.language)}" dir="{direction_of(source.language)}"'


def goes_on(passage: Passage, context: Context) -> tuple[bool, bool]:
    """Whether its paragraph begins before a passage, and whether it goes on after it."""
    paragraph = _paragraph(passage, context)
    if paragraph is None:
        return False, False
    return paragraph.start < passage.start, passage.end < paragraph.end


def _paragraph(passage: Passage, context: Context) -> Paragraph | None:
    document = context.documents.get(passage.source.id)
    paragraphs = document.paragraphs if document else ()
    return next((paragraph for paragraph in paragraphs if paragraph.locator == passage.locator), None)


def _starts_line(passage: Passage, context: Context, offset: int) -> bool:
    """Whether the passage, from this offset on, begins where a line of its document does."""
    document = context.documents.get(passage.source.id)
    position = passage.start + offset
    return document is None or position == 0 or document.text[position - 1] in LINE_ENDS


def _keeps_lines(passage: Passage) -> bool:
    """Whether it is a title page or the like, whose lines stand for themselves."""
    return passage.locator.startswith(("opening", "closing"))
