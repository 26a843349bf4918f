"""Outline a file of a conversation block by block, and write the blocks as Markdown.

Quotations are laid out as on the page: only white space and the marks of headings, bullets and links may differ from
the stored text.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal, TypeAlias
from urllib.parse import quote

from assistant.records import Answer, Hit, Known, ObjectiveMatch, Passage, Tag
from assistant.web.rendering import (
    Context,
    Strings,
    Turn,
    address_at,
    basis_in_words,
    cite,
    goes_on,
    is_likely,
    is_web_address,
    listed,
    names_of,
    our_place,
    place_in_compact,
    place_of_entry,
    place_of_hit,
    quoted_lines,
    searched_for,
    unclear_words,
)

Form: TypeAlias = Literal[
    "title", "heading", "question", "subheading", "plain", "item", "label", "quotation", "digest", "citation", "note"
]
Line: TypeAlias = Literal["plain", "heading", "item"]

_SHOWN_OF_HASH = len("sha256:") + 8  # as many as the page shows
_LESS_LIKELY = 2  # objectives named after the first where nothing answers, as on the page
_GOES_ON = "[…]"  # where a paragraph goes on beyond a passage, as on the page
_SPACE = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # most of them aren't allowed in XML
_IN_ADDRESS = "%/:?#[]@!$&'*+,;=~"  # unquoted; the rest would end a link in Markdown


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words."""

    text: str
    address: str = ""  # the target of a link
    language: str = ""  # empty for its block's
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the file."""

    form: Form
    runs: tuple[Run, ...]
    line: Line = "plain"  # its form in the document that it is quoted from
    language: str = ""  # empty for the interface's


def outline(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str = "") -> Iterator[Block]:
    """Return the blocks of a file of a conversation, in characters that any file can hold.

    Args:
        page: The absolute address of the page that shows whole documents; without it citations don't lead there.
    """
    for block in _blocks(turns, replace(context, page=page), asked_on):
        runs = tuple(_writable(run) for run in block.runs if run.text)
        if any(run.text.strip() for run in runs):
            yield replace(block, runs=runs)


def render_markdown(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str = "") -> str:
    """Write a conversation as Markdown (CommonMark, safe with GitHub's additions) that renders the exact words.

    Args:
        page: As in `outline`.
    """
    blocks = list(outline(turns, context, asked_on=asked_on, page=page))
    gaps = [_gap(before, block) for before, block in pairwise(blocks)]
    return "".join(_marked_down(block) + gap for block, gap in zip(blocks, [*gaps, "\n"], strict=True))


# What it holds -------------------------------------------------------------------------------------------------------


def _blocks(turns: Sequence[Turn], context: Context, asked_on: datetime.date) -> Iterator[Block]:
    strings = context.strings
    yield _block("title", strings.text("export.title"))
    yield _block("plain", f"{strings.text('product')} · {strings.text('meeting')}")
    yield _block("plain", strings.text("export.asked_on", date=strings.date(asked_on)))
    yield from _searched(turns, context)
    for turn in turns:
        yield _block("question", " ".join(turn.question.split()))
        if turn.objectives:
            yield _labelled("filter", strings, Run(names_of(turn.objectives, context.objectives, strings)))
        if turn.documents:
            only = [each.source for id, each in context.documents.items() if id in turn.documents]
            yield _labelled("filter.documents", strings, Run(listed(only, strings)))
        yield from _outcome(turn, context)
    yield _block("note", strings.text("export.note"))


def _block(form: Form, text: str) -> Block:
    return Block(form, (Run(text),))


def _labelled(key: str, strings: Strings, *runs: Run) -> Block:
    return Block("plain", (Run(_with_colon(strings.text(key), strings), is_strong=True), Run(" "), *runs))


def _with_colon(label: str, strings: Strings) -> str:
    return label + strings.colon.rstrip()


def _searched(turns: Iterable[Turn], context: Context) -> Iterator[Block]:
    strings = context.strings
    yield _block("heading", strings.text("searched"))
    for document in context.documents.values():
        source = document.source
        title = ", ".join(filter(None, (source.title, source.symbol, source.date)))
        kind = strings.text("digest" if source.kind == "digest" else "original")
        yield Block("item", (Run(title, address=source.address, language=source.language), Run(f" · {kind}")))
    hashes = dict.fromkeys(turn.answer.corpus[:_SHOWN_OF_HASH] for turn in turns if turn.answer)
    if hashes:
        yield _labelled("corpus", strings, Run(", ".join(hashes)))


def _outcome(turn: Turn, context: Context) -> Iterator[Block]:
    strings, answer = context.strings, turn.answer
    if answer is None:
        yield _labelled("problem", strings, Run(turn.problem))
        return
    if answer.status == "unclear":
        yield _block("plain", unclear_words(answer, strings))
        return
    if answer.understood_as.split() != answer.question.split():
        yield _labelled("understood_as", strings, Run(" ".join(answer.understood_as.split())))
    yield from _answer(answer, context) if answer.status == "answered" else _refusal(turn, answer, context)


def _answer(answer: Answer, context: Context) -> Iterator[Block]:
    strings, first = context.strings, answer.hits[0]
    yield _block("subheading", strings.text("answer" if answer.answer_kind == "quotation" else "summary.says"))
    if notes := _kind_and_language(first.passage, context, is_original_named=False):
        yield _block("label", " · ".join(notes))
    yield from _quoted(first.passage, answer.answer or answer.summary, context)
    yield _citation(first, context)
    if answer.notice:
        yield _block("plain", answer.notice)
    yield from _objectives(answer.objectives, context, "objectives_of_question")
    yield _block("subheading", strings.text("passages_found", n=len(answer.hits)))
    yield from _passages(answer.hits, context)


def _refusal(turn: Turn, answer: Answer, context: Context) -> Iterator[Block]:
    strings = context.strings
    if answer.known:
        yield from _known(answer.known, context)
        return
    if turn.objectives:  # claim no more than was searched
        names = names_of(turn.objectives, context.objectives, context.strings)
        title, body = strings.text("not_in_chosen"), strings.text("not_in_chosen.body", objectives=names)
    else:
        titles = listed(searched_for(answer, context), strings)
        title, body = strings.text("not_in_documents"), strings.text("not_in_documents.body", documents=titles)
    yield _block("subheading", title)
    yield _block("plain", body)
    yield from _falls_under(answer.objectives, context)
    if answer.nearest:
        yield _block("subheading", strings.text("nearest"))
        yield _block("plain", strings.text("nearest.help"))
        yield from _passages(answer.nearest, context)


def _known(known: Known, context: Context) -> Iterator[Block]:
    strings = context.strings
    yield _block("subheading", strings.text("not_in_documents" if known.objectives else "about_documents"))
    yield _block("plain", known.notice)
    for entry in known.entries:
        address = address_at(context.page, place_of_entry(entry)) if context.page else ""
        yield Block("item", (Run(entry.label, address=address, language=entry.source.language),))


def _falls_under(matches: Sequence[ObjectiveMatch], context: Context) -> Iterator[Block]:
    if not matches:
        return
    strings, first = context.strings, matches[0]
    facts = [basis_in_words(first.basis, first.confidence, strings), place_in_compact(first.objective, strings)]
    named = (
        Run(_with_colon(f"{strings.text('objective')} {first.objective.number}", strings) + " "),
        Run(first.objective.title, language="en"),
        Run(f" · {' · '.join(facts)}"),
    )
    if is_likely(first):
        yield _labelled("falls_under", strings, *named)
    else:
        yield _block("plain", strings.text("topic.unsure"))
        yield Block("plain", named)
    yield from _objectives(matches[1 : 1 + _LESS_LIKELY], context, "falls_under.also")


def _passages(hits: Iterable[Hit], context: Context) -> Iterator[Block]:
    for hit in hits:
        passage = hit.passage
        locator = Run(passage.locator, language=passage.source.language, is_strong=True)
        notes = _kind_and_language(passage, context)
        yield Block("label", (locator, Run(f" · {' · '.join(notes)}")))
        yield from _with_gaps(list(_quoted(passage, passage.text, context)), *goes_on(passage, context))
        yield _citation(hit, context)
        yield from _objectives(passage.tags, context, "objectives_of_question")


def _kind_and_language(passage: Passage, context: Context, *, is_original_named: bool = True) -> list[str]:
    strings, code = context.strings, passage.source.language
    notes = []
    if passage.source.kind != "original":
        notes.append(strings.text("digest"))
    elif is_original_named:
        notes.append(strings.text("original"))
    if code != strings.language:
        key = f"written_in.{code}"
        notes.append(strings.text(key if key in strings else "written_in.other", code=code))
    return notes


def _citation(hit: Hit, context: Context) -> Block:
    """Cite a passage: the place leads to the reader, the address of the original, or a digest's title, to that."""
    source, strings = hit.passage.source, context.strings
    reader = address_at(context.page, place_of_hit(hit)) if context.page else ""
    if source.kind == "digest":
        ours = Run(our_place(hit.passage.locator, strings), address=reader)
        title = Run(source.title, address=source.address, language=source.language)
        address = Run(f", {source.address}" if source.address else "")
        return Block("citation", (ours, Run(f" ({strings.label('summary.original')}"), title, address, Run(")")))
    cited = cite(source, hit.passage.locator, strings)
    place = cited.removesuffix(source.address)
    words = place.removesuffix(", ")
    runs = (Run(words, address=reader), Run(place[len(words) :]), Run(cited[len(place) :], address=source.address))
    return Block("citation", runs, language=source.language)


def _objectives(known: Iterable[ObjectiveMatch | Tag], context: Context, label: str) -> Iterator[Block]:
    """Name objectives in a line, each with how it is known and how surely."""
    strings, runs = context.strings, list[Run]()
    for each in known:
        number = each.number if isinstance(each, Tag) else each.objective.number
        objective, key = context.objectives.get(number), f"objective.{number}.short"
        english = Run(objective.short if objective else "", language="en")
        name = Run(strings.text(key)) if key in strings else english
        basis = basis_in_words(each.basis, each.confidence, strings)
        runs += [Run(f"{strings.semicolon if runs else ''}{number} "), name, Run(f" ({basis})")]
    if runs:
        yield _labelled(label, strings, *runs)


# The documents' words ------------------------------------------------------------------------------------------------


def _quoted(passage: Passage, words: str, context: Context) -> Iterator[Block]:
    form: Form = "quotation" if passage.source.kind == "original" else "digest"
    for line, pieces in quoted_lines(passage, words, context):
        linked = groupby(pieces, key=attrgetter("address"))
        runs = tuple(Run("".join(piece.shown for piece in run), address) for address, run in linked)
        yield Block(form, runs, line=line, language=passage.source.language)


def _with_gaps(blocks: Sequence[Block], before: bool, after: bool) -> Iterator[Block]:
    """Mark a quotation whose paragraph begins before it or goes on after it."""
    for i, block in enumerate(blocks):
        runs = block.runs
        runs = (Run(f"{_GOES_ON} "), *runs) if before and i == 0 else runs
        runs = (*runs, Run(f" {_GOES_ON}")) if after and i == len(blocks) - 1 else runs
        yield replace(block, runs=runs)


def _writable(run: Run) -> Run:
    """Return a run in characters that any file can hold, its address quoted, or left out if it is none."""
    address = quote(run.address, _IN_ADDRESS, errors="replace") if is_web_address(run.address) else ""
    return replace(run, text=_UNPRINTABLE.sub("\ufffd", _SPACE.sub(" ", run.text)), address=address)


# Markdown ------------------------------------------------------------------------------------------------------------

_MARKS: dict[Form, str] = {
    "title": "# ",
    "heading": "## ",
    "question": "## ",
    "subheading": "### ",
    "item": "- ",
    "quotation": "> ",
    "note": "---\n\n",
}
_ENTITY = re.compile(r"&(?=#?\w+;)")
_SIGN = re.compile(r"[\\`*_\[\]{}|~^$#]|<(?=[A-Za-z/!?])|!\Z")  # "!" would make an image of a link that follows
_SIGN_AT_START = re.compile(r"\A([0-9]{1,9}(?=[.)])|(?=[-+>]))")


def _gap(before: Block, block: Block) -> str:
    """Return what separates two blocks; a quotation of several lines stays one."""
    is_list = before.line == block.line == "item" or before.form == block.form == "item"
    if before.form == block.form == "quotation":
        return "\n" if is_list else "\n>\n"
    return "\n" if is_list else "\n\n"


def _marked_down(block: Block) -> str:
    runs = block.runs
    words = "".join(_run_marked_down(run, is_first=run is runs[0]) for run in runs).strip()
    words = f"**{words}**" if block.line == "heading" else words
    return _MARKS.get(block.form, "") + ("- " if block.line == "item" else "") + words


def _run_marked_down(run: Run, *, is_first: bool) -> str:
    if run.text == run.address and "%" not in run.text:  # a reader may write a "%20" as a space
        return f"<{run.text}>"
    words = _without_entities(_SIGN.sub(r"\\\g<0>", run.text))
    words = _SIGN_AT_START.sub(r"\1\\", words) if is_first else words
    words = f"**{words}**" if run.is_strong else words
    return f"[{words}]({_without_entities(run.address)})" if run.address else words


def _without_entities(text: str) -> str:
    return _ENTITY.sub(r"\\&", text)
