"""Facts in the words of a language: how objectives, kinds of documents and confidences are named.

Pure functions of records that return plain text.
"""

from collections.abc import Collection, Iterable, Mapping

from assistant.objectives import LIKELY, standing_of
from assistant.records import THIS_ROUND_TABLE, Basis, Difference, Objective, ObjectiveMatch, Source
from assistant.web.rendering.strings import Strings, read_strings

_OFFICIAL = ("en", "fr")  # languages with the titles of resolution 73/195; in the others they are ours, or not checked
_LONG = 300  # characters from which a question would fill a small screen
_MANY_LINES = 4


def short_name(objective: Objective, strings: Strings) -> str:
    """Name an objective in a word or two; a table's own name, where it has one, isn't translated."""
    key = f"objective.{objective.number}.short"
    is_usual = key in strings and read_strings("en").text(key) == objective.short
    return strings.text(key) if is_usual else objective.short


def title_in_words(objective: Objective, strings: Strings) -> tuple[str, bool]:
    """Return an objective's title in a language, and whether it is the official one; a table's own isn't translated."""
    key = f"objective.{objective.number}.title"
    is_usual = key in strings and read_strings("en").text(key) == objective.title
    return (strings.text(key), strings.language in _OFFICIAL) if is_usual else (objective.title, True)


def names_of(numbers: Iterable[int], table: Mapping[int, Objective], strings: Strings) -> str:
    """Name objectives in a line: "3 Information; 7 Vulnerabilities"."""
    return strings.semicolon.join(
        f"{n} {short_name(table[n], strings)}" if n in table else str(n) for n in sorted(numbers)
    )


def difference_in_words(difference: Difference, strings: Strings) -> str:
    """Name the kind of a difference: "Left out"."""
    return strings.text(f"difference.{difference.kind.replace(' ', '_')}")


def basis_in_words(basis: Basis, confidence: float, strings: Strings) -> str:
    """Say how an objective is known: "stated", or "inferred 58%"."""
    if basis == "stated":
        return strings.text("stated")
    return f"{strings.text('inferred')} {strings.percent(confidence)}"


def standing_in_words(match: ObjectiveMatch, strings: Strings) -> str:
    """Say how surely a topic falls under an objective: "stated", "clearly 97%", or only the figure."""
    return strings.text("stated") if match.basis == "stated" else chance_in_words(match.confidence, strings)


def chance_in_words(confidence: float, strings: Strings) -> str:
    """Say how surely an objective is inferred: "clearly 97%", or only the figure."""
    standing, share = standing_of(confidence), strings.percent(confidence)
    return f"{strings.text(f'standing.{standing}')} {share}" if standing else share


def is_likely(match: ObjectiveMatch) -> bool:
    """Return whether a topic may be said to fall under an objective; otherwise it is only the nearest one."""
    return match.confidence >= LIKELY


def place_in_compact(objective: Objective, strings: Strings) -> str:
    """Name the roundtable that covers an objective, and the paragraph of the Global Compact that holds it."""
    is_this = objective.round_table == THIS_ROUND_TABLE
    round_table = strings.text("round_table" if is_this else "round_table.other", n=objective.round_table)
    round_table += f"{strings.comma}{strings.text('round_table.this')}" if is_this else ""
    return f"{round_table} · {strings.text('gcm_paragraph', n=objective.paragraph)}"


def facts_in_words(source: Source, strings: Strings) -> str:
    """Name a document's type, where the interface or the document has a word for it, and its kind."""
    key = source.type.replace(" ", "_")
    type_ = strings.text(key) if key and key in strings else source.type[:1].upper() + source.type[1:]
    kind = strings.text("link_only" if source.kind == "link" else source.kind)
    return " · ".join(filter(None, (type_, kind)))


def marks_of(source: Source, *, alike: Collection[str] = ()) -> list[str]:
    """Return what tells documents of one title apart: symbol and date, and the file of those that are alike."""
    marks = [source.symbol, source.date, source.file if source.id in alike else ""]
    return list(filter(None, marks))


def language_in_words(code: str, strings: Strings) -> str:
    """Say in which language a document is written: "In French"."""
    key = f"written_in.{code}"
    return strings.text(key if key in strings else "written_in.other", code=code)


def is_put_to_states(locator: str) -> bool:
    """Return whether a passage is one of the questions that a note puts to States."""
    return locator.casefold().startswith("guiding question")


def is_long(question: str) -> bool:
    """Return whether a question would fill a small screen."""
    return len(question) > _LONG or question.count("\n") >= _MANY_LINES
