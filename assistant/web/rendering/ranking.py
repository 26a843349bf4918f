"""Classification -> HTML: the first three objectives explained, what the documents say, then all 23.

Pure functions of records; whatever comes from a topic or a document is escaped. This module knows nothing of Gradio or
of the page around the ranking.
"""

from html import escape

from assistant.records import Classification, Objective, ObjectiveMatch
from assistant.web.rendering.cards import (
    Context,
    basis_in_words,
    is_likely,
    objective_attributes,
    place_in_compact,
    render_cards,
    render_plate,
    short_name,
)
from assistant.web.rendering.strings import Strings, direction_of

_EXPLAINED = 3
_SCOPES_IN = "en"


def render_ranking(classification: Classification, context: Context) -> str:
    """Write the objectives of a topic, and what the documents say on it."""
    strings, matches = context.strings, classification.objectives
    explained = "".join(_explained(match, strings) for match in matches[:_EXPLAINED])
    ranked = "".join(_ranked(match, strings) for match in matches)
    unsure = "" if is_likely(matches[0]) else f'<p class="hint">{escape(strings.text("topic.unsure"))}</p>'
    return (
        f'<div class="topic-result is-new" data-live="{escape(announcement(classification, strings))}">'
        f'<p class="topic-asked small"><span class="quiet">{escape(strings.text("topic.label") + strings.colon)}</span>'
        f'<bdi dir="auto">{escape(classification.topic)}</bdi></p>'
        f"{_section('first-three', strings.text('topic.first_three'))}{unsure}"
        f'<ol class="explained">{explained}</ol></section>'
        f"{_section('says', strings.text('topic.says'))}{_says(classification, context)}</section>"
        f"{_section('all-ranked', strings.text('topic.all'))}"
        f'<ol class="ranking">{ranked}</ol></section></div>'
    )


def announcement(classification: Classification, strings: Strings) -> str:
    """What a screen reader is told when the ranking has arrived, as plain text."""
    first = classification.objectives[0]
    known = basis_in_words(first.basis, first.confidence, strings)
    title = short_name(first.objective, strings)
    return strings.text("live.ranked", n=first.objective.number, title=title, percent=known)


def _section(id: str, title: str) -> str:
    return f'<section class="topic-part" aria-labelledby="{id}"><h2 id="{id}">{escape(title)}</h2>'


def _says(classification: Classification, context: Context) -> str:
    if not classification.hits:
        return f'<p class="panel">{escape(context.strings.text("topic.says_nothing"))}</p>'
    return render_cards(classification.hits, context, "topic", level=3)


def _explained(match: ObjectiveMatch, strings: Strings) -> str:
    objective = match.objective
    known = basis_in_words(match.basis, match.confidence, strings)
    return (
        f'<li class="explained-card" {objective_attributes(objective)}>'
        f'<div class="objective-line" {objective_attributes(objective)}>{render_plate(objective.number)}'
        f"<h3>{_title(objective, strings)}</h3></div>"
        f'<p class="small quiet">{escape(place_in_compact(objective, strings))}</p>'
        f'<div class="explained-measure">{_bar(match)}<span><span class="visually-hidden">'
        f"{escape(strings.text('confidence') + strings.colon)}</span>{escape(known)}</span></div>"
        f"{_why(match, strings)}{_scope(objective, strings)}</li>"
    )


def _why(match: ObjectiveMatch, strings: Strings) -> str:
    if not match.why:
        return ""
    label = strings.text("topic.why.stated" if match.basis == "stated" else "topic.why")
    words = f'<bdi dir="auto">{escape(", ".join(match.why))}</bdi>'
    return f'<p class="small"><span class="quiet">{escape(label + strings.colon)}</span>{words}</p>'


def _scope(objective: Objective, strings: Strings) -> str:
    """Write what it covers and where its neighbours begin: words of ours, which are English in every language."""
    english = ""
    if strings.language != _SCOPES_IN:
        english = f' <span class="language-label">{escape(strings.text(f"written_in.{_SCOPES_IN}"))}</span>'
    scope = boundary = ""
    if objective.scope:
        label = f'<span class="quiet">{escape(strings.text("topic.scope"))}</span>{english}'
        scope = f'<div class="small"><p>{label}</p>{_in_english(objective.scope)}</div>'
    if objective.boundary:
        name = f"{escape(strings.text('objective'))} {objective.number}{escape(strings.colon)}"
        boundary = (
            '<details class="disclosure small"><summary>'
            f'<span class="visually-hidden">{name}</span>{escape(strings.text("topic.boundary"))}</summary>'
            f"{f'<p>{english}</p>' if english else ''}{_in_english(objective.boundary)}</details>"
        )
    return scope + boundary


def _in_english(words: str) -> str:
    return f'<p lang="{_SCOPES_IN}" dir="{direction_of(_SCOPES_IN)}">{escape(words)}</p>'


def _ranked(match: ObjectiveMatch, strings: Strings) -> str:
    objective = match.objective
    share = strings.text("stated") if match.basis == "stated" else strings.percent(match.confidence)
    return (
        f'<li class="ranked" {objective_attributes(objective)}>{render_plate(objective.number)}'
        f'<div class="ranked-words"><span>{_title(objective, strings)}</span>{_bar(match)}</div>'
        f'<span class="confidence"><bdi dir="ltr">{escape(share)}</bdi></span></li>'
    )


def _title(objective: Objective, strings: Strings) -> str:
    return (
        f'<span class="visually-hidden">{escape(strings.text("objective"))} {objective.number}'
        f'{escape(strings.colon)}</span><span lang="en" dir="ltr">{escape(objective.title)}</span>'
    )


def _bar(match: ObjectiveMatch) -> str:
    return f'<div class="bar" style="--confidence:{match.confidence:.4f}" aria-hidden="true"></div>'
