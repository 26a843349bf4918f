"""Furniture of pages is left out: running heads and feet, page numbers, numbers of lines, and watermarks."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from .pages import Page, Piece, Run, rows_of

_MARGIN = 0.12  # of a page's height, above and below, in which running heads stand
_REPEATED = 3  # pages that have the same line at the same height; in a shorter document fewer suffice
_SAME_PLACE = 4.0  # points
_PITCH = 1.6  # of a letter's size: the distance of two lines of one paragraph, at most
_SAME_SIZE = 0.08
_LONG = 4  # words of a line that may be at another height on each page
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:/|of|\|)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
# The imprint at the foot of the first page of United Nations documents, which may be in several pieces.
_IMPRINT = re.compile(
    r"(?:[A-Z]{1,4}[.-])?\d\d-\d{4,6}[A-Z]?(?:\s*\([A-Z]\))?(?:\s+\d{6})?|\([A-Z]\)|\d{6}|\*\d{7,8}\*|Please recycle\W*"
)

_HUGE = 2.2  # times the usual letters: those of a watermark that lies over other text
_LINE_NUMBER = re.compile(r"\d{1,4}")
_NEAR_EDGE = 6.0  # points between the right edges of numbers of lines
_LEAST_NUMBERED = 5  # lines
_RAISED = 0.1  # of a letter's size
_MOST_IN_STEP = 0.7  # of the numbers, which count the lines
_LEAST_WORDS = 4  # in a numbered line, on average; those of a list or a table have fewer

_At: TypeAlias = tuple[float, int, tuple[int, ...]]  # a row's height in points, its page, its numbers
# Places of rows, the runs with their numbers, the numbers themselves, and the rows.
_Numbered: TypeAlias = list[tuple[int, Run, str, Sequence[Piece]]]


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without what isn't text of the document."""
    return _without_line_numbers([_without_watermarks(page) for page in _without_running_heads(pages)])


# Running heads -------------------------------------------------------------------------------------------------------


def _without_running_heads(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without page numbers and what is repeated at the head or foot of several pages."""
    rows = [rows_of(page.pieces) for page in pages]
    margins = [[row for row in page_rows if _in_margin(row, page)] for page, page_rows in zip(pages, rows, strict=True)]
    places: dict[str, list[_At]] = {}
    counts: Counter[str] = Counter()
    for i, margin in enumerate(margins):
        for row in margin:
            places.setdefault(_pattern(row), []).append(_at(row, i))
        counts.update({_pattern([piece]) for row in margin for piece in row})
    needed = min(_REPEATED, max(len(pages) // 2 + 1, 2))
    kept = []
    for i, (page, page_rows, margin) in enumerate(zip(pages, rows, margins, strict=True)):
        running = [row for row in margin if _is_running(row, i, places, needed) or _is_long_foot(row, counts, needed)]
        kept_rows = [row for row in page_rows if row not in running]
        dropped = {id(piece) for row in _apart(running, kept_rows) for piece in row}
        kept.append(replace(page, pieces=tuple(piece for piece in page.pieces if id(piece) not in dropped)))
    return kept


def _apart(running: list[list[Piece]], others: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Return the running heads that are apart from the text; others are lines of it that two pages have in common."""
    text: Sequence[Sequence[Piece]] = others
    apart = list(running)
    while joined := [row for row in apart if not _is_number(row) and any(_goes_on(row, other) for other in text)]:
        apart = [row for row in apart if row not in joined]
        text = joined
    return apart


def _goes_on(row: Sequence[Piece], other: Sequence[Piece]) -> bool:
    """Return whether two rows are as close, and of as large letters, as lines of a paragraph."""
    one, two = _longest(row), _longest(other)
    return abs(one.base - two.base) <= _PITCH * one.size and abs(one.size - two.size) <= _SAME_SIZE * one.size


def _longest(row: Sequence[Piece]) -> Run:
    return max((run for piece in row for run in piece.runs), key=lambda run: len(run.text))


def _in_margin(row: Sequence[Piece], page: Page) -> bool:
    _, bottom, _, top = row[0].box
    return bottom > (1 - _MARGIN) * page.height or top < _MARGIN * page.height


def _pattern(row: Sequence[Piece]) -> str:
    """Return a row's words with all numbers replaced, so that page numbers make no difference."""
    return re.sub(r"\d+|\b[ivxl]+\b", "#", " ".join(piece.text for piece in row).casefold())


def _at(row: Sequence[Piece], page: int) -> _At:
    numbers = re.findall(r"\d+", " ".join(piece.text for piece in row))
    return row[0].box[1], page, tuple(int(number) for number in numbers)


def _is_running(row: Sequence[Piece], page: int, places: dict[str, list[_At]], needed: int) -> bool:
    at = _at(row, page)
    return _is_number(row) or sum(_are_one_head(at, other) for other in places[_pattern(row)]) >= needed


def _are_one_head(one: _At, two: _At) -> bool:
    """Return whether two rows are a running head on two pages: its numbers stay, or count the pages."""
    (height, page, numbers), (other_height, other_page, others) = one, two
    steps = {second - first for first, second in zip(numbers, others, strict=False)}
    return abs(height - other_height) <= _SAME_PLACE and steps <= {0, other_page - page}


def _is_number(row: Sequence[Piece]) -> bool:
    """Return whether a row is a page's number or an imprint."""
    imprints = sum(_IMPRINT.fullmatch(piece.text) is not None for piece in row)
    numbers = sum(_PAGE_NUMBER.fullmatch(piece.text) is not None for piece in row)
    return imprints + numbers == len(row) and (imprints > 0 or numbers == 1)


def _is_long_foot(row: Sequence[Piece], counts: Counter[str], needed: int) -> bool:
    """Return whether a row has words that stand in the margins of several pages, at whatever height."""
    return any(len(piece.text.split()) >= _LONG and counts[_pattern([piece])] >= needed for piece in row)


# Watermarks ----------------------------------------------------------------------------------------------------------


def _without_watermarks(page: Page) -> Page:
    """Return a page without words in huge letters that lie over its text; slanted ones aren't among its letters."""
    runs = [run for piece in page.pieces for run in piece.runs]
    if not runs:
        return page
    usual = median(run.size for run in runs)
    huge = {id(piece) for piece in page.pieces if _lies_over_text(piece, page.pieces, usual)}
    return replace(page, pieces=tuple(piece for piece in page.pieces if id(piece) not in huge))


def _lies_over_text(piece: Piece, others: Sequence[Piece], usual: float) -> bool:
    if piece.rows or piece.runs[0].size < _HUGE * usual:
        return False
    left, bottom, right, top = piece.box
    return any(
        other is not piece
        and other.runs[0].size < piece.runs[0].size / _HUGE
        and other.box[0] < right
        and other.box[2] > left
        and bottom < (other.box[1] + other.box[3]) / 2 < top
        for other in others
    )


# Numbers of lines ----------------------------------------------------------------------------------------------------


def _without_line_numbers(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without the numbers that count their lines, on the left or on the right."""
    for side in (0, -1):
        counted = [(page, _numbered(page, side)) for page in pages]
        found = [numbered for _, numbered in counted if numbered]
        if _count_lines(found):
            edges = [median(_edge(run) for _, run, _, _ in numbered) for numbered in found]
            pages = [_without(page, numbered, edges) for page, numbered in counted]
    return list(pages)


def _numbered(page: Page, side: int) -> _Numbered:
    """Return the rows that begin, or end, with a number."""
    rows = rows_of([piece for piece in page.pieces if not piece.rows])
    ends = [(place, row[side].runs[side], row) for place, row in enumerate(rows)]
    found: _Numbered = [
        (place, run, number, row)
        for place, run, row in ends
        if _LINE_NUMBER.fullmatch(number := _number_in(run, side)) and not _is_raised(run, row)
    ]
    # The numbers of notes are at the foot of a page alone.
    return found if found and found[-1][0] - found[0][0] >= len(rows) // 2 else []


def _number_in(run: Run, side: int) -> str:
    first = run.gaps[0][0] if run.gaps and side == 0 else len(run.text)
    return run.text[:first].strip()


def _edge(run: Run) -> float:
    """Return the right edge of the number that a run begins with."""
    return run.gaps[0][1] if run.gaps else run.right


def _is_raised(run: Run, row: Sequence[Piece]) -> bool:
    longest = _longest(row)
    return run.base > longest.base + _RAISED * longest.size


def _count_lines(pages: Sequence[_Numbered]) -> bool:
    """Return whether the numbers on pages count lines, and not items of a list or the rows of a table."""
    numbers = [each for numbered in pages for each in numbered]
    if len(numbers) < _LEAST_NUMBERED:
        return False
    steps = [
        (after[0] - before[0], int(after[2]) - int(before[2])) for page in pages for before, after in pairwise(page)
    ]
    in_step = sum(places == counts for places, counts in steps)
    words = median(sum(len(piece.text.split()) for piece in row) - 1 for _, _, _, row in numbers)
    pieces = median(sum(piece.runs != (run,) for piece in row) for _, run, _, row in numbers)
    return in_step >= _MOST_IN_STEP * max(len(steps), 1) and words >= _LEAST_WORDS and pieces <= 1


def _without(page: Page, numbered: _Numbered, edges: Sequence[float]) -> Page:
    gone = {id(run) for _, run, _, _ in numbered if any(abs(_edge(run) - edge) <= _NEAR_EDGE for edge in edges)}
    pieces = (
        replace(piece, runs=tuple(rest for run in piece.runs for rest in (_rest(run) if id(run) in gone else (run,))))
        for piece in page.pieces
    )
    return replace(page, pieces=tuple(piece for piece in pieces if piece.runs))


def _rest(run: Run) -> tuple[Run, ...]:
    """Return what is left of a run without the number that it begins with."""
    if not run.gaps:
        return ()
    (place, _, left), *gaps = run.gaps
    moved = tuple((other - place, before, after) for other, before, after in gaps)
    return (replace(run, text=run.text[place:], left=left, gaps=moved),)
