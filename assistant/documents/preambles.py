"""Preambles of resolutions and treaties: who speaks, the clauses before the first number, what is decided without one.

A clause of a preamble ends with a comma, in any language, and what an organ decides doesn't.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Literal, TypeAlias

from assistant.language import SYMBOL, word_count

LineKind: TypeAlias = Literal[
    "plain",
    "numbered",
    "lettered",
    "bullet",
    "heading",
    "annex",
    "article",
    "organ",
    "clause",
    "decision",
    "aside",
    "opening",
    "closing",
    "row",
    "note",
]
# The end of a clause or a sentence, with the mark of a footnote behind it: "change,2".
_NOTE_MARK = r"[”’\"')\]»]*(?:(?<=[^\W\d][.:;,])\d{1,3}/?|[¹²³⁰⁴-⁹*]+)?\Z"
TERMINAL = re.compile(rf"[.?!…:;,，。；：]{_NOTE_MARK}")
COMMA = re.compile(rf"[,，]{_NOTE_MARK}")
# An organ may speak without a preamble, and so without a comma.
_ORGAN = re.compile(
    r"The (?:General Assembly|Security Council|Economic and Social Council|Human Rights Council)(?:,|\Z)", re.IGNORECASE
)
# In English a decision begins with its verb: "Also requests", "Endorses"; a clause with a participle.
_DECIDES = re.compile(r"(?:(?:Also|Further|\w+ly)\s+)?(?!Whereas)\w+[^\Wus]s\b")
# A footnote among the paragraphs of a file that marks none.
_ASIDE = re.compile(
    r"(?:\*+ |(?P<number>\d{1,3})?/?\s*(?:See |Ibid|United Nations, Treaty|Resolutions? \d|[A-Z]{1,5}/(?=\S*\d))).*\.\Z"
)
_ORGAN_WORDS = 12
_CLAUSE_WORDS = 8  # on average, where no organ is known
_PROSE_WORDS = 12  # a line of so many words is a clause though its end is lost
_ASIDE_WORDS = 40
GOES_ON = "goes on"  # the mark of a clause's further part
_LOOKED_AT = 50  # lines by which it is told whether clauses follow one another
_OVER: frozenset[LineKind] = frozenset({"numbered", "annex", "article"})  # ends a preamble


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line."""

    start: int
    end: int
    text: str
    kind: LineKind = "plain"
    mark: str = (
        ""  # the number, the letter, the heading's words, the annex or article, the row's table, the note's name
    )
    page: int = 0


def with_preambles(lines: Sequence[Line]) -> list[Line]:
    """Mark organs, the clauses of their preambles, decisions without a number, and footnotes among them."""
    parted = [part for line, after in pairwise([*lines, Line(0, 0, "")]) for part in _parted(line, after)]
    return list(_marked(parted))


def _parted(line: Line, after: Line) -> Iterator[Line]:
    """Part an organ from the clause that follows it on its line; without either, it must decide on the next one."""
    match = _ORGAN.match(line.text) if line.kind in ("plain", "heading") else None
    rest = line.text[match.end() :].lstrip() if match else ""
    speaks = rest[:1].isupper() or (not rest and (line.text[-1] == "," or _DECIDES.match(after.text)))
    if not match or not speaks:
        yield line
        return
    yield replace(line, end=line.start + match.end(), text=match[0], kind="organ")
    if rest:
        yield replace(line, start=line.end - len(rest), text=rest, kind="plain", mark="")


def _marked(lines: Sequence[Line]) -> Iterator[Line]:
    """Walk through lines; inside a preamble, tell clauses and decisions."""
    inside = has_organ = has_decided = has_spoken = False
    open_page = 0  # whose last clause goes on on the next one
    numbers_follow = _numbers_follow(lines)
    for i, line in enumerate(lines):
        if not inside and _begins_preamble(lines, i):
            inside, has_decided, has_spoken = True, False, True
            has_organ = line.kind == "organ" or word_count(line.text) <= _ORGAN_WORDS
            if has_organ:
                yield replace(line, kind="organ")
                continue
        inside &= line.kind not in _OVER and not (line.kind == "heading" and has_decided)
        marked = _aside(line) if has_spoken and line.kind == "plain" else line
        if inside and marked.kind == "plain":
            if line.text[0].islower() or 0 < open_page < line.page:
                marked = replace(line, kind="clause", mark=GOES_ON)
            else:
                marked = _clause(line, has_organ=has_organ, numbers_follow=numbers_follow[i])
                inside = marked.kind != "plain" or _is_running_head(line)
            has_decided |= marked.kind == "decision"
            open_page = 0 if TERMINAL.search(line.text) else line.page
        yield marked


def _aside(line: Line) -> Line:
    match = _ASIDE.match(line.text)
    if not match or word_count(line.text) > _ASIDE_WORDS:
        return line
    return replace(line, kind="aside", mark=f"footnote {match['number']}" if match["number"] else "note")


def _clause(line: Line, *, has_organ: bool, numbers_follow: bool) -> Line:
    """Tell a clause from a decision, and both from what is neither."""
    if COMMA.search(line.text):
        return replace(line, kind="clause")
    if _is_fragment(line) and (not numbers_follow or _is_running_head(line)):
        return line
    if _DECIDES.match(line.text) or (has_organ and not numbers_follow):
        return replace(line, kind="decision")
    return replace(line, kind="clause") if has_organ else line


def _is_fragment(line: Line) -> bool:
    return not TERMINAL.search(line.text) and word_count(line.text) < _PROSE_WORDS


def _is_running_head(line: Line) -> bool:
    return _is_fragment(line) and bool(SYMBOL.search(line.text))


def _begins_preamble(lines: Sequence[Line], i: int) -> bool:
    """Return whether an organ speaks here, or clauses follow one another without one that is known."""
    if lines[i].kind == "organ":
        return True
    if not _is_clause(lines[i]) or (i and lines[i - 1].kind == "plain" and TERMINAL.search(lines[i - 1].text)):
        return False
    lengths = []
    for line in islice(lines, i, i + _LOOKED_AT):
        if _is_clause(line):
            lengths.append(word_count(line.text))
        elif line.kind != "lettered" and not (line.kind == "plain" and line.text[0].islower()):
            break
    clauses = lengths[1:] if lengths[0] <= _ORGAN_WORDS else lengths
    least = 1 if clauses is not lengths else 2
    return len(clauses) >= least and sum(clauses) >= _CLAUSE_WORDS * len(clauses)


def _is_clause(line: Line) -> bool:
    return line.kind == "plain" and not line.text[0].islower() and bool(COMMA.search(line.text))


def _numbers_follow(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether numbered paragraphs come next, before another organ or an annex."""
    follow = False
    found = []
    for line in reversed(lines):
        found.append(follow)
        if line.kind in ("numbered", "article"):
            follow = True
        elif line.kind in ("annex", "organ"):
            follow = False
    return found[::-1]
