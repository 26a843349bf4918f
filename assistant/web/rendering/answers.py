"""An answer as HTML: the quotation first, its place, its objectives, then the passages."""

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.documents import without_link_marks
from assistant.records import Answer
from assistant.web.rendering.citations import cite_briefly, listed
from assistant.web.rendering.passages import Context
from assistant.web.rendering.questions import Turn
from assistant.web.rendering.strings import Strings
from assistant.web.rendering.templates import render
from assistant.web.rendering.wording import is_likely, names_of, short_name


def render_turn(
    turn: Turn, context: Context, *, number: int, is_folded: bool = False, following: Sequence[str] = ()
) -> str:
    """Write a question and what came of it.

    Args:
        number: Its place in the conversation, which makes its ids unique.
        is_folded: Whether its passages are folded from the start.
        following: Questions to go on with.
    """
    strings, answer = context.strings, turn.answer
    return render(
        "answers/turn.html",
        turn=turn,
        context=context,
        number=number,
        is_folded=is_folded,
        following=following,
        spoken=announcement(turn, context),
        narrowed=names_of(turn.objectives, context.objectives, strings),
        only=listed([each.source for id, each in context.documents.items() if id in turn.documents], strings),
        copied=copied_answer(answer, strings) if answer and answer.hits else "",
        question_link=link_of(turn, context),
    )


def render_problem(title: str, body: str, *, id: str, level: int = 3, spoken: str = "") -> str:
    """Write what went wrong and what to do; `spoken` is what a screen reader is told of it, where it is told."""
    return render("problem.html", title=title, body=body, id=id, level=level, spoken=spoken)


def announcement(turn: Turn, context: Context) -> str:
    """Return what a screen reader is told when a turn has arrived, as plain text."""
    strings, answer = context.strings, turn.answer
    if answer is None:
        return f"{strings.sentence(strings.text('problem'))} {turn.problem}"
    if answer.status == "answered":
        said = strings.text("live.answered", passages=strings.text("passages_found", n=len(answer.hits)))
        return said if answer.answer_kind == "quotation" else f"{said} {strings.sentence(strings.text('summary'))}"
    if answer.known or answer.status == "unclear":
        return answer.known.notice if answer.known else unclear_words(answer, strings)
    if turn.objectives:
        return strings.text("live.not_in_chosen")
    if not answer.objectives or not is_likely(answer.objectives[0]):
        return strings.text("live.not_in_documents.unplaced")
    first = answer.objectives[0].objective
    return strings.text("live.not_in_documents", n=first.number, title=short_name(first, strings))


def unclear_words(answer: Answer, strings: Strings) -> str:
    """Say that it is no question; of one in a language that can't be read here, say so in that language."""
    return answer.notice if answer.is_unread and answer.notice else strings.text("unclear")


def copied_answer(answer: Answer, strings: Strings) -> str:
    """Write an answer as plain text: the quotation in quotation marks, and its citation; a script adds the link.

    What only a digest says is called our summary.
    """
    passage = answer.hits[0].passage
    words = without_link_marks(answer.answer or answer.summary)
    said = f"“{words}”" if answer.answer else f"{strings.label('summary.says')}{words}"
    return f"{said}\n{cite_briefly(passage.source, passage.locator, strings)}"


def link_of(turn: Turn, context: Context) -> str:
    """Return the address that asks a question again; a compact page's leads to the full page, in its language."""
    if not context.page:
        return address_of(turn)
    page = context.page.partition("?")[0]
    return f"{page}{address_of(turn)}&{urlencode({'lang': context.strings.language})}"


def address_of(turn: Turn) -> str:
    """Return the part of the page's address that asks a question again.

    >>> address_of(Turn("Who & when?", objectives=frozenset({7, 3})))
    '?q=Who+%26+when%3F&objective=3&objective=7'
    """
    asked = [("q", turn.question), *(("objective", str(number)) for number in sorted(turn.objectives))]
    asked += [("document", id) for id in sorted(turn.documents)]
    return "?" + urlencode(asked)
