"""What stands around the conversation, as HTML: title, examples, progress, the documents, the words below the box.

Pure functions; whatever comes from a document or a question is escaped. This module knows nothing of Gradio.
"""

import json
from collections.abc import Iterable, Sequence
from html import escape

from assistant.records import THIS_ROUND_TABLE, Progress, Source
from assistant.web.rendering.cards import render_plate, type_in_words
from assistant.web.rendering.citations import place_of_document
from assistant.web.rendering.markup import is_web_address, link_attributes
from assistant.web.rendering.render import render_ask_button, render_problem
from assistant.web.rendering.strings import LANGUAGES, Strings, name_of_language

PLACES = ("ask", "objective", "documents")

THEMES = ("auto", "light", "dark")

_EXAMPLES_IN = "en"

# An objective of this round table with a question on it that the background note answers; one on logistics.
NOTE_EXAMPLES: tuple[tuple[int | None, str], ...] = (
    (None, "What is the date and time of the roundtable?"),
    (1, "How should privacy and personal data be protected?"),
    (3, "In which languages should migrants get information?"),
    (7, "What does the note say about unaccompanied children?"),
    (17, "What does the note say about the media?"),
    (23, "Which partnerships does the note ask about?"),
)


def render_masthead(strings: Strings) -> str:
    """Write the band at the top: what this is, and its places; the page's script says which of them is open."""
    links = "".join(
        f'<a href="#{place}" data-place="{place}">{escape(strings.text(f"place.{place}"))}</a>' for place in PLACES
    )
    return (
        f'<a class="skip-link" href="#ask-column">{escape(strings.text("skip"))}</a>'
        '<div class="masthead"><div class="frame masthead-row"><p class="product">'
        f'<span class="product-name">{escape(strings.text("product"))}</span>'
        f'<span class="product-meeting">{escape(strings.text("meeting"))}</span></p>{_preferences(strings)}</div>'
        f'<nav class="frame places" aria-label="{escape(strings.text("places.label"))}">{links}</nav></div>'
        f'<span id="new-window" hidden>{escape(strings.text("new_window"))}</span>'
        f'<span id="spoken" data-language="{strings.language}" data-direction="{strings.direction}" hidden></span>'
    )


def _preferences(strings: Strings) -> str:
    """Write the choice of language and of light or dark; the page's script keeps it."""
    languages = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == strings.language else ""}>'
        f"{escape(_capitalised(name_of_language(code)))}</option>"
        for code in LANGUAGES
    )
    themes = "".join(f'<option value="{each}">{escape(strings.text(f"theme.{each}"))}</option>' for each in THEMES)
    choices = (("language", languages), ("theme", themes))
    selects = "".join(
        f'<label class="preference"><span>{escape(strings.text(name))}</span>'
        f'<select class="select" id="{name}-choice" autocomplete="off">{options}</select></label>'
        for name, options in choices
    )
    return f'<div class="preferences">{selects}</div>'


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def render_view_head(strings: Strings) -> str:
    """Write the title and the promise."""
    return (
        f'<div class="view-head"><h1>{escape(strings.text("product"))}</h1>'
        f'<p class="lead">{escape(strings.text("promise"))}</p></div>'
    )


def render_topic_head(strings: Strings) -> str:
    """Write the title of "Which objective?", and where else in it one may go."""
    links = "".join(
        f'<a href="#{place}">{escape(strings.text(key))}</a>'
        for place, key in (("many", "csv.title"), ("coverage", "coverage.title"))
    )
    return (
        f'<div class="view-head"><h1>{escape(strings.text("topic.title"))}</h1>'
        f'<p class="lead">{escape(strings.text("topic.lead"))}</p>'
        f'<nav class="links" aria-label="{escape(strings.text("topic.title"))}">{links}</nav></div>'
    )


def render_examples(examples: Iterable[tuple[int | None, str]], strings: Strings) -> str:
    """Write questions to start with, each with the objective that it concerns, if any."""
    rows = []
    for number, question in examples:
        button = render_ask_button(question, question, classes="example")
        if number is None:
            rows.append(
                f'<li lang="{_EXAMPLES_IN}"><span class="no-objective" aria-hidden="true">–</span>{button}</li>'
            )
        else:
            attributes = f'data-objective="{number}" data-round-table="{THIS_ROUND_TABLE}"'
            rows.append(f'<li lang="{_EXAMPLES_IN}" {attributes}>{render_plate(number)}{button}</li>')
    if not rows:
        return ""
    return (
        f'<section class="examples" aria-labelledby="examples"><h2 id="examples">{escape(strings.text("examples"))}'
        f'</h2><ul class="example-list">{"".join(rows)}</ul></section>'
    )


def render_getting_ready(progress: Progress | None, strings: Strings) -> str:
    """Say how far the opening of the documents has come."""
    body, live, measure = strings.text("getting_ready.opening"), strings.text("live.opening"), ""
    if progress:
        done, total = progress.done, progress.total
        stage = "encoding" if progress.stage == "languages" else progress.stage
        key = "getting_ready.body" if stage == "reading" else f"getting_ready.{stage}"
        body, measure = strings.text(key, done=done, total=total), f' max="{max(total, 1)}" value="{done}"'
        if progress.stage == "reading":
            live = strings.text("live.getting_ready", done=done, total=total)
    return (
        f'<section class="panel getting-ready" aria-labelledby="ready" data-live="{escape(live)}">'
        f'<h2 id="ready">{escape(strings.text("getting_ready"))}</h2><p>{escape(body)}</p>'
        f'<progress aria-labelledby="ready"{measure}></progress></section>'
    )


def render_cannot_open(problem: str, strings: Strings) -> str:
    """Say why the documents can't be opened."""
    return render_problem(strings.text("problem"), problem, id="cannot-open", level=2)


def render_searched(sources: Sequence[Source], strings: Strings, *, languages: Sequence[str] = ("en",)) -> str:
    """List the documents, those that are only links last, and say in which languages they can be asked.

    Nothing before they are known.
    """
    if not sources:
        return ""
    ordered = sorted(sources, key=lambda source: source.kind == "link")
    items = "".join(f"<li>{_source(source, strings)}</li>" for source in ordered)
    return (
        f'<aside class="aside" aria-label="{escape(strings.text("searched"))}"><details class="fold">'
        f"<summary><strong>{escape(strings.text('searched'))}</strong></summary>"
        f'<ul class="searched">{items}</ul><p class="small quiet">{_asked_in(languages, strings)}</p></details></aside>'
    )


def _asked_in(languages: Sequence[str], strings: Strings) -> str:
    """Name the languages, each in itself."""
    names = (f'<bdi lang="{code}">{escape(name_of_language(code))}</bdi>' for code in languages)
    return escape(strings.text("asked_in") + strings.colon) + ", ".join(names)


def _source(source: Source, strings: Strings) -> str:
    title = f'<bdi lang="{escape(source.language)}">{escape(source.title)}</bdi>'
    if source.kind != "link":  # its text is here, to be read in the page
        title = f'<a href="{escape(place_of_document(source))}">{title}</a>'
    elif is_web_address(source.address):
        title = f"<a {link_attributes(source.address)}>{title}</a>"
    kind = strings.text("link_only" if source.kind == "link" else source.kind)
    facts = " · ".join(filter(None, (type_in_words(source, strings), kind)))
    return f'{title}<br><span class="quiet">{escape(facts)}</span>'


def render_pending(strings: Strings) -> str:
    """Write the turn that a question has until its answer comes; the page's script fills it in and shows it."""
    problems = "".join(
        f'<div data-when="{key}" hidden>{render_problem(strings.text(key), strings.text(f"{key}.body"), id=key)}</div>'
        for key in ("away", "fault")
    ) + _too_many(strings, "too_many", level=3)
    fault = f'<p class="hint">{escape(strings.text("csv.away"))}</p>'
    return (
        f'<template id="export-fault">{fault}</template>'
        '<article class="turn" id="pending" aria-labelledby="question-pending" hidden>'
        f'<header class="question"><p class="question-label">{escape(strings.text("you_asked"))}</p>'
        '<h2 id="question-pending" dir="auto"></h2></header>'
        f'<p class="waiting" data-when="looking">{escape(strings.text("looking"))}</p>'
        f'<p class="waiting" data-when="waiting" hidden>{escape(strings.text("waiting_question"))}</p>'
        f"{problems}</article>"
    )


def render_topic_pending(strings: Strings) -> str:
    """Write what stands in the place of a ranking that hasn't come; the page's script shows the part that holds."""
    problems = "".join(
        f'<div data-when="{key}" hidden>'
        f"{render_problem(strings.text(key), strings.text(f'{key}.topic'), id=f'topic-{key}', level=2)}</div>"
        for key in ("away", "fault")
    ) + _too_many(strings, "topic-too_many", level=2)
    return (
        '<div id="topic-pending" hidden>'
        f'<p class="waiting" data-when="looking" hidden>{escape(strings.text("looking"))}</p>'
        f'<p class="waiting" data-when="waiting" hidden>{escape(strings.text("waiting_topic"))}</p>{problems}</div>'
    )


def _too_many(strings: Strings, id: str, *, level: int) -> str:
    """Write that it can be asked again in so many seconds; a script knows how many, and which form counts them."""
    forms = escape(json.dumps(dict(strings.forms("too_many.body"))))
    problem = render_problem(strings.text("too_many"), "", id=f"{id}-title", level=level)
    return f'<div id="{id}" data-when="too_many" data-forms="{forms}" hidden>{problem}</div>'


def render_below_box(strings: Strings) -> str:
    """Write the line below the question box; one of its two beginnings shows, with and without a conversation."""
    new = f'<button type="button" class="text-action" data-new>{escape(strings.text("new"))}</button>'
    return (
        '<div class="composer-below">'
        f'<p class="when-empty" id="question-hint">{escape(strings.text("question.hint"))}</p>'
        f'<p class="when-asked">{new}</p>'
        f'<p><span class="for-keyboards">{escape(strings.sentence(strings.text("keys.send")))}</span> '
        f"{escape(strings.text('privacy'))}</p></div>"
    )


def render_colophon(strings: Strings) -> str:
    """Write the foot of the page."""
    printed = escape(strings.text("printed", date="{date}"))
    return (
        f'<div class="colophon"><div class="frame"><p>{escape(strings.text("unofficial"))}</p></div></div>'
        f'<p class="in-print" id="printed" data-said="{printed}"></p>'
    )


def render_status(strings: Strings) -> str:
    """Write the line that screen readers listen to; the page's script speaks in it."""
    ready = escape(strings.text("live.ready"))
    return f'<div role="status" class="visually-hidden" id="live" data-ready="{ready}"></div>'
