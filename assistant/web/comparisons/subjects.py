"""A question that each document was asked by itself becomes a table: on a page, as Word, as Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.records import Answer, Hit, Source
from assistant.web.rendering import Context, cite, listed, place_of_hit, render


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one document on a subject.

    Attributes:
        words: Its own; of a digest, ours.
    """

    hit: Hit
    words: str
    citation: str

    @property
    def source(self) -> Source:
        """The document's."""
        return self.hit.passage.source

    @property
    def place(self) -> str:
        """The fragment of the page's address at which it stands."""
        return place_of_hit(self.hit)


def rows_of(answers: Mapping[str, Answer], context: Context) -> list[Row]:
    """Return what each document says that says something, the surest first."""
    spoken = [answer for answer in answers.values() if answer.hits]
    spoken.sort(key=lambda answer: -(answer.probability or 0.0))
    return [
        Row(
            answer.hits[0],
            " ".join((answer.answer or answer.summary).split()),
            cite(answer.hits[0].passage.source, answer.hits[0].passage.locator, context.strings),
        )
        for answer in spoken
    ]


def silent_of(answers: Mapping[str, Answer], context: Context) -> str:
    """Name the documents that say nothing on it, in a line."""
    return listed([context.documents[id].source for id, answer in answers.items() if not answer.hits], context.strings)


def render_subject(question: str, answers: Mapping[str, Answer], context: Context, *, style: str) -> str:
    """Write the page with the table."""
    return render(
        "comparisons/subject.html",
        question=question,
        rows=rows_of(answers, context),
        silent=silent_of(answers, context),
        context=context,
        style=style,
    )
