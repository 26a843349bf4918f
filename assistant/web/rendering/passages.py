"""A passage's words as they stand in its document, and what answers are shown against."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from assistant.records import Answer, Document, Hit, Objective, Passage, Source
from assistant.web.app import Answering
from assistant.web.rendering.document_words import LINE_ENDS, ShownLine, read_lines, render_lines
from assistant.web.rendering.strings import Strings


@dataclass(frozen=True, slots=True)
class Context:
    """The context in which an answer is shown.

    Attributes:
        strings: The interface's own words.
        documents: The documents that were searched, by id.
        objectives: The table of the 23, by number.
        page: The address of the page that shows whole documents; empty where it is the page that shows the answer.
        asks_feedback: Whether visitors are asked if an answer helped.
        contact: An address or a link of somebody who may know more; empty for nobody.
    """

    strings: Strings
    documents: Mapping[str, Document]
    objectives: Mapping[int, Objective]
    page: str = ""
    asks_feedback: bool = False
    contact: str = ""


def context_of(assistant: Answering | None, strings: Strings) -> Context:
    """Return what answers and rankings are shown against; empty while nothing is open."""
    if assistant is None:
        return Context(strings, {}, {})
    return Context(strings, assistant.documents, {each.number: each for each in assistant.objectives})


def searched_for(answer: Answer, context: Context) -> list[Source]:
    """Return the documents that were searched for an answer."""
    narrowed = answer.documents or context.documents.keys()
    return [document.source for id, document in context.documents.items() if id in narrowed]


def render_passage(hit: Hit, context: Context) -> Markup:
    """Write a passage's words, with what answers marked."""
    passage = hit.passage
    lines = read_lines(
        passage.text,
        highlights=hit.highlights,
        links=passage.source.links,
        body=passage.body,
        starts_line=_starts_line(passage, context, 0),
        keeps_lines=keeps_lines(passage.locator),
    )
    return render_lines(lines, goes_on=goes_on(passage, context))


def render_quotation(passage: Passage, quoted: str, context: Context) -> Markup:
    """Write some words of a passage."""
    return render_lines(quoted_lines(passage, quoted, context))


def quoted_lines(passage: Passage, quoted: str, context: Context) -> list[ShownLine]:
    """Return the lines of some words of a passage."""
    start = max(passage.text.find(quoted), 0)
    return read_lines(
        quoted,
        links=passage.source.links,
        body=max(passage.body - start, 0),
        starts_line=_starts_line(passage, context, start),
        keeps_lines=keeps_lines(passage.locator),
    )


def goes_on(passage: Passage, context: Context) -> tuple[bool, bool]:
    """Return whether a passage's paragraph begins before it, and whether it ends after it."""
    document = context.documents.get(passage.source.id)
    for paragraph in document.paragraphs if document else ():
        if paragraph.locator == passage.locator:
            return paragraph.start < passage.start, passage.end < paragraph.end
    return False, False


def keeps_lines(locator: str) -> bool:
    """Return whether it is a title page or the like, whose lines stand for themselves."""
    return locator.startswith(("opening", "closing"))


def _starts_line(passage: Passage, context: Context, offset: int) -> bool:
    """Return whether a passage, from this offset on, begins where a line of its document does."""
    document = context.documents.get(passage.source.id)
    position = passage.start + offset
    return document is None or position == 0 or document.text[position - 1] in LINE_ENDS
