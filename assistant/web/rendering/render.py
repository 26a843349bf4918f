"""Answer -> HTML: the quotation first, its place, its objectives, then the passages.

Pure functions of records; whatever comes from a question or a document is escaped. This module knows nothing of Gradio
or of the page around the conversation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from assistant.records import Answer, ObjectiveMatch
from assistant.web.rendering.cards import (
    Context,
    basis_in_words,
    is_likely,
    objective_attributes,
    place_in_compact,
    render_badges,
    render_cards,
    render_citation,
    render_labels,
    render_plate,
    render_quotation,
    short_name,
)
from assistant.web.rendering.citations import cite, listed
from assistant.web.rendering.filter import names_of
from assistant.web.rendering.markup import link_attributes
from assistant.web.rendering.strings import Strings

_SHOWN_OF_HASH = len("sha256:") + 8  # enough to tell two states of the documents apart
_LESS_LIKELY = 2  # objectives named after the first when nothing answers
_LONG = 300  # characters from which a question would fill a small screen; the stylesheet cuts it to four lines
_MANY_LINES = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, or with the problem that kept it from being answered.

    Attributes:
        objectives: Those that the search was narrowed to; none for all passages.
    """

    question: str
    answer: Answer | None = None
    problem: str = ""
    objectives: frozenset[int] = frozenset()


def render_turn(turn: Turn, context: Context, *, number: int, is_folded: bool = False) -> str:
    """Write a question and what came of it.

    Args:
        number: Its place in the conversation, which makes its ids unique.
        is_folded: Whether its passages are folded from the start.
    """
    strings = context.strings
    status = turn.answer.status if turn.answer else "problem"
    return (
        f'<article class="turn is-new" aria-labelledby="question-{number}" data-status="{status}" '
        f'data-live="{escape(announcement(turn, context))}">'
        f'<header class="question"><p class="question-label">{escape(strings.text("you_asked"))}</p>'
        f'<h2 id="question-{number}" dir="auto"{_cut(turn.question)}>{escape(turn.question)}</h2>'
        f"{_show_all(turn.question, strings)}{_narrowed(turn, context)}</header>"
        f"{_outcome(turn, context, number=number, is_folded=is_folded)}</article>"
    )


def _is_long(question: str) -> bool:
    return len(question) > _LONG or question.count("\n") >= _MANY_LINES


def _cut(question: str) -> str:
    return ' class="is-cut"' if _is_long(question) else ""


def _show_all(question: str, strings: Strings) -> str:
    """Write what unfolds a long question; the stylesheet does it, and a screen reader hears all of it anyway."""
    if not _is_long(question):
        return ""
    said = f'<span class="when-cut">{escape(strings.text("question.all"))}</span>'
    said += f'<span class="when-whole">{escape(strings.text("question.less"))}</span>'
    return f'<details class="show-all disclosure small"><summary>{said}</summary></details>'


def _narrowed(turn: Turn, context: Context) -> str:
    if not turn.objectives:
        return ""
    strings = context.strings
    label = strings.text("filter") + strings.colon
    names = names_of(turn.objectives, context.objectives, strings)
    return f'<p class="small quiet">{escape(label + names)}</p>'


def announcement(turn: Turn, context: Context) -> str:
    """What a screen reader is told when the turn has arrived, as plain text."""
    strings, answer = context.strings, turn.answer
    if answer is None:
        return f"{strings.sentence(strings.text('problem'))} {turn.problem}"
    if answer.status == "answered":
        return strings.text("live.answered", passages=strings.text("passages_found", n=len(answer.hits)))
    if answer.status == "unclear":
        return unclear_words(answer, strings)
    if turn.objectives:
        return strings.text("live.not_in_chosen")
    if not answer.objectives or not is_likely(answer.objectives[0]):
        return strings.text("live.not_in_documents.unplaced")
    first = answer.objectives[0].objective
    return strings.text("live.not_in_documents", n=first.number, title=short_name(first, strings))


def unclear_words(answer: Answer, strings: Strings) -> str:
    """Say that it is no question; or, in its own language, that it can't be read."""
    return answer.notice if answer.is_unread and answer.notice else strings.text("unclear")


def render_problem(title: str, body: str, *, id: str, level: int = 3, action: str = "") -> str:
    """Write what went wrong and what to do; `action` is HTML."""
    return (
        f'<section class="problem" aria-labelledby="{id}"><h{level} id="{id}">{escape(title)}</h{level}>'
        f"<p>{escape(body)}</p>{f'<p>{action}</p>' if action else ''}</section>"
    )


def render_ask_button(
    question: str, label: str, *, classes: str, is_alone: bool = False, is_of_all: bool = False
) -> str:
    """Write a button that asks a question.

    Args:
        is_alone: Whether to leave the conversation so far out of account.
        is_of_all: Whether to search all objectives again, whatever was chosen.
    """
    how = (" data-alone" if is_alone else "") + (" data-all" if is_of_all else "")
    return f'<button type="button" class="{classes}" data-ask="{escape(question)}"{how}>{escape(label)}</button>'


# What came of a question ---------------------------------------------------------------------------------------------


def _outcome(turn: Turn, context: Context, *, number: int, is_folded: bool) -> str:
    strings, answer = context.strings, turn.answer
    if answer is None:
        again = render_ask_button(turn.question, strings.text("ask_again"), classes="button")
        return render_problem(strings.text("problem"), turn.problem, id=f"problem-{number}", action=again)
    if answer.status == "unclear":
        return f'<p class="panel" dir="auto">{escape(unclear_words(answer, strings))}</p>'
    understood = _understood(answer, strings, is_first=number == 1)
    if answer.status == "answered":
        return (
            understood
            + _answer(turn, answer, context, number)
            + _passages(answer, context, number, is_folded=is_folded)
        )
    return (
        understood
        + _refusal(turn, answer, context, number)
        + _nearest(answer, context, number, is_folded=is_folded)
        + f'<div class="answer-foot">{_actions(turn, answer, context)}{_feedback(turn, context)}'
        f"{_provenance(answer, context)}</div>"
    )


def _understood(answer: Answer, strings: Strings, *, is_first: bool) -> str:
    if answer.understood_as.split() == answer.question.split():
        return ""
    alone = render_ask_button(answer.question, strings.text("ask_alone"), classes="text-action", is_alone=True)
    return (
        f'<div class="understood"><p{_cut(answer.understood_as)}>'
        f"{escape(strings.text('understood_as') + strings.colon)}"
        f'<strong dir="auto">{escape(answer.understood_as)}</strong></p>{_show_all(answer.understood_as, strings)}'
        f"{'' if is_first else f'<p>{alone}</p>'}</div>"
    )


def _answer(turn: Turn, answer: Answer, context: Context, number: int) -> str:
    strings, first = context.strings, answer.hits[0]
    passage = first.passage
    notice = f'<p class="hint">{escape(answer.notice)}</p>' if answer.notice else ""
    return (
        f'<section class="answer" aria-labelledby="answer-{number} question-{number}">'
        f'<h3 class="answer-label" id="answer-{number}">{escape(strings.text("answer"))}</h3>'
        f'<figure class="quoted"><blockquote>{render_quotation(passage, answer.answer or "", context)}</blockquote>'
        f'<figcaption class="citation">{render_citation(first, context)} {render_labels(passage, strings)}</figcaption>'
        f"</figure>{notice}"
        f'<div class="answer-foot">{_objectives_of_question(answer, strings)}{_actions(turn, answer, context)}'
        f"{_feedback(turn, context)}"
        f"{_provenance(answer, context)}</div>"
        "</section>"
    )


def _objectives_of_question(answer: Answer, strings: Strings) -> str:
    if not answer.objectives:
        return ""
    return _labelled_badges(strings.text("objectives_of_question"), answer.objectives, strings)


def _actions(turn: Turn, answer: Answer, context: Context) -> str:
    """Write what can be done with an answer; the page's script does it."""
    strings = context.strings
    actions = []
    if answer.status == "answered":
        actions.append(_action("copy_answer", f'data-copy="{escape(copied_answer(answer, strings))}"', strings))
    if context.page:  # a compact page leaves paper and files to the full one
        in_language = urlencode({"lang": strings.language})
        link = link_attributes(f"{context.page.partition('?')[0]}{address_of(turn)}&{in_language}")
    else:
        link = f'href="{escape(address_of(turn))}" data-share'
    actions.append(f'<a class="text-action" {link}>{escape(strings.text("link_question"))}</a>')
    if not context.page:
        actions.append(_action("print", "data-print", strings))
        actions.append(_action("export_word", 'data-export="docx"', strings))
        actions.append(_action("export_markdown", 'data-export="markdown"', strings))
    return f'<div class="actions">{"".join(actions)}</div>'


def _feedback(turn: Turn, context: Context) -> str:
    """Ask whether the answer helped, where the operator wants to know."""
    if not context.asks_feedback:
        return ""
    strings = context.strings
    buttons = "".join(
        f'<button type="button" class="text-action" data-helpful="{value}">{escape(strings.text(key))}</button>'
        for value, key in (("true", "helpful.yes"), ("false", "helpful.no"))
    )
    thanks = escape(strings.text("helpful.thanks"))
    return (
        f'<div class="actions feedback" data-about="{escape(turn.question)}" data-thanks="{thanks}">'
        f"<span>{escape(strings.text('helpful'))}</span>{buttons}</div>"
    )


def _action(key: str, what: str, strings: Strings) -> str:
    return f'<button type="button" class="text-action" {what}>{escape(strings.text(key))}</button>'


def copied_answer(answer: Answer, strings: Strings) -> str:
    """Write an answer as plain text: the quotation, its citation, and where else the documents speak of it."""
    first, *others = answer.hits
    lines = [answer.answer or "", "", cite(first.passage.source, first.passage.locator, strings)]
    lines += ["", *(cite(hit.passage.source, hit.passage.locator, strings) for hit in others)] if others else []
    return "\n".join(lines)


def address_of(turn: Turn) -> str:
    """The part of the page's address that asks a question again.

    >>> address_of(Turn("Who & when?", objectives=frozenset({7, 3})))
    '?q=Who+%26+when%3F&objective=3&objective=7'
    """
    asked = [("q", turn.question), *(("objective", str(number)) for number in sorted(turn.objectives))]
    return "?" + urlencode(asked)


def _provenance(answer: Answer, context: Context) -> str:
    strings = context.strings
    searched = strings.text("documents_searched", n=len(context.documents))
    return (
        f'<p class="provenance">{escape(strings.sentence(searched))} '
        f"{escape(strings.text('corpus') + strings.colon)}"
        f'<code dir="ltr">{escape(answer.corpus[:_SHOWN_OF_HASH])}</code>{strings.sentence("")}</p>'
    )


# Not in the documents ------------------------------------------------------------------------------------------------


def _refusal(turn: Turn, answer: Answer, context: Context, number: int) -> str:
    strings = context.strings
    title, widen = strings.text("not_in_documents"), ""
    searched = listed((each.source for each in context.documents.values()), strings)
    body = strings.text("not_in_documents.body", documents=searched)
    if turn.objectives:  # no more may be said than was searched
        title = strings.text("not_in_chosen")
        body = strings.text(
            "not_in_chosen.body", objectives=names_of(turn.objectives, context.objectives, context.strings)
        )
        button = render_ask_button(turn.question, strings.text("filter.clear"), classes="button", is_of_all=True)
        widen = f"<p>{button}</p>"
    return (
        f'<section class="refusal" aria-labelledby="refusal-{number} question-{number}">'
        f'<h3 class="refusal-title" id="refusal-{number}">{escape(title)}</h3>'
        f"<p>{escape(body)}</p>{widen}{_falls_under(answer.objectives, strings)}</section>"
    )


def _falls_under(matches: Sequence[ObjectiveMatch], strings: Strings) -> str:
    if not matches:
        return ""
    others = matches[1 : 1 + _LESS_LIKELY]
    also = _labelled_badges(strings.text("falls_under.also"), others, strings) if others else ""
    first = matches[0]
    objective = first.objective
    title = strings.text("falls_under" if is_likely(first) else "topic.unsure")
    name = f"{strings.text('objective')} {objective.number}{strings.colon}"
    facts = [basis_in_words(first.basis, first.confidence, strings), place_in_compact(objective, strings)]
    return (
        f'<div class="refusal-falls-under"><h4>{escape(title)}</h4>'
        f'<div class="objective-line is-{first.basis}" {objective_attributes(objective)}>'
        f'{render_plate(objective.number)}<div><p><strong><span class="visually-hidden">{escape(name)}</span>'
        f'<span lang="en" dir="ltr">{escape(objective.title)}</span></strong></p>'
        f'<p class="small quiet">{escape(" · ".join(facts))}</p></div></div>{also}</div>'
    )


def _labelled_badges(label: str, matches: Iterable[ObjectiveMatch], strings: Strings) -> str:
    badges = render_badges([(match.objective, match.basis, match.confidence) for match in matches], strings)
    return f'<div class="labelled"><p class="small quiet">{escape(label)}</p>{badges}</div>'


def _nearest(answer: Answer, context: Context, number: int, *, is_folded: bool) -> str:
    if not answer.nearest:
        return ""
    help_text = f'<p class="small quiet">{escape(context.strings.text("nearest.help"))}</p>'
    cards = render_cards(answer.nearest, context, number, are_nearest=True)
    return _foldable(context.strings.text("nearest"), help_text + cards, number, is_folded=is_folded)


# Passages ------------------------------------------------------------------------------------------------------------


def _passages(answer: Answer, context: Context, number: int, *, is_folded: bool) -> str:
    found = context.strings.text("passages_found", n=len(answer.hits))
    return _foldable(found, render_cards(answer.hits, context, number), number, is_folded=is_folded)


def _foldable(title: str, content: str, number: int, *, is_folded: bool) -> str:
    """Write passages under their title; the page's script folds those of earlier turns."""
    return (
        f'<details class="disclosure passages"{"" if is_folded else " open"}>'
        f'<summary><h3 class="passages-title" id="passages-{number}">{escape(title)}</h3></summary>{content}</details>'
    )
