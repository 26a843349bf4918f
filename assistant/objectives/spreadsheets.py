"""Spreadsheets: the topics of a file, each with its three best objectives beside it, or fewer that are possible.

Every row comes out, in order, blank ones too. A CSV is written as the file was, in the same encoding and with the same
delimiter (from a workbook, as Excel opens it), or an Excel workbook where the target is named so. A result can be read
again, and written with objectives that a person chose. No cell is run as a formula: a sheet often comes from somebody
else.
"""

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from assistant.errors import InputError
from assistant.objectives.classifier import POSSIBLE
from assistant.objectives.sheet_rows import Row, Sheet, open_sheet
from assistant.records import Objective, ObjectiveMatch

_BEST = 3  # objectives of a topic
_ADDED = 3 * _BEST  # columns: the number, title and confidence of each
_BY_HAND = "by hand"  # in the place of the confidence of an objective that a person chose
_ROWS_AT_ONCE = 256
_WORKBOOK = ".xlsx"

_FORMULA = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")  # full-width signs begin one as well
_NUMBER = re.compile(r"\s*[+-]?[\d\s.,]+%?\s*")
_WHOLE, _SHARE = re.compile(r"0|-?[1-9]\d{0,14}"), re.compile(r"[01]\.\d{3}")  # what a workbook holds as a number

Rank = Callable[[Sequence[str]], Iterator[tuple[ObjectiveMatch, ...]]]
Unread = Callable[[str], str]
_Write: TypeAlias = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """The outcome of classifying a sheet."""

    ranked: int  # topics that have objectives now
    remarks: tuple[str, ...]  # a sentence for each row with something amiss, with its line


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A row of a result that has a topic."""

    number: int  # as spreadsheet programs count rows, from 1
    topic: str
    objectives: tuple[tuple[int, float], ...]  # best first, each with its confidence


def classify_sheet(
    source: Path,
    target: Path,
    rank: Rank,
    *,
    unread: Unread = lambda _: "",
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> SheetOutcome:
    """Write the rows of `source` to `target`, in order, each with its topic's objectives.

    Args:
        source: A CSV file or an Excel workbook with a header that names a column "topic".
        target: A CSV or, where its name ends in .xlsx, a workbook, written whole or not at all; it may be `source`.
        rank: Ranks all objectives for each of many topics.
        unread: Returns a sentence for a topic in a language that can't be read; nothing for another.
        report: Called with the number of rows done, and of all.

    Raises:
        InputError: The file can't be read or isn't such a sheet, or the target can't be written.
    """
    sheet = open_sheet(source)
    if sheet.cells and target == source and target.suffix.lower() != _WORKBOOK:
        raise InputError(f"{target}: holds an Excel workbook; give the result another name.")
    with _writing(sheet, target) as write:
        return _written(sheet, write, rank, unread, report)


def ranked_rows(source: Path) -> Iterator[RankedRow]:
    """Yield the rows of a result that have a topic.

    Raises:
        InputError: It can't be read, or is no result.
    """
    sheet, first = _open_result(source)
    for number, row in enumerate(sheet.rows(), len(sheet.above) + 2):
        if sheet.topic < len(row.cells) and row.cells[sheet.topic].strip():
            yield RankedRow(number, row.cells[sheet.topic], tuple(_objectives_of(row.cells[first:])))


def correct_sheet(
    source: Path, target: Path, chosen: Mapping[int, Sequence[int]], table: Mapping[int, Objective]
) -> None:
    """Write a result anew, as CSV or workbook, with the objectives that a person chose for some of its rows.

    Args:
        source: What `classify_sheet` has written.
        target: Like that of `classify_sheet`.
        chosen: Numbers of objectives, best first and three at the most, by the numbers of rows.
        table: The objectives by their numbers.

    Raises:
        InputError: It can't be read, or is no result, or the target can't be written.
    """
    sheet, first = _open_result(source)
    with _writing(sheet, target) as write:
        for cells in (*sheet.above, sheet.header):
            write(cells)
        for number, row in enumerate(sheet.rows(), len(sheet.above) + 2):
            write(_corrected(row.cells, first, chosen[number], table) if number in chosen else row.cells)


def _open_result(source: Path) -> tuple[Sheet, int]:
    """Open what `classify_sheet` has written, and find the first of the columns that it added."""
    sheet = open_sheet(source)
    first = len(sheet.header) - _ADDED
    if first < 0 or not sheet.header[first].startswith("objective_1"):
        raise InputError(f"{source}: holds no objectives yet.")
    return sheet, first


def _objectives_of(added: Sequence[str]) -> Iterator[tuple[int, float]]:
    for number, confidence in zip(added[::3], added[2::3], strict=False):
        if number.isdecimal() and number.isascii():
            yield int(number), float(confidence) if _SHARE.fullmatch(confidence) else 1.0


def _corrected(
    cells: Sequence[str], first: int, numbers: Sequence[int], table: Mapping[int, Objective]
) -> Sequence[str]:
    known = dict(zip(cells[first::3], cells[first + 2 :: 3], strict=False))
    added = [each for n in numbers if n in table for each in (str(n), table[n].title, known.get(str(n), _BY_HAND))]
    return _padded([*_padded(cells, first), *added], first + _ADDED)


@contextmanager
def _writing(sheet: Sheet, target: Path) -> Iterator[_Write]:
    """Yield what writes a row of the result of a sheet; the target is there, whole, when all are written.

    Raises:
        InputError: The sheet can't be read to its end, or the target can't be written.
    """
    temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
    write_rows = _writing_workbook(temporary) if target.suffix.lower() == _WORKBOOK else _writing_csv(temporary, sheet)
    try:
        with write_rows as write:
            yield write
        temporary.replace(target)
    except UnicodeError as error:
        raise InputError(f"{sheet.path}: not in one encoding throughout ({error}); save it as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{target}: can't be written ({error.strerror or error}); choose another place.") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _writing_csv(path: Path, sheet: Sheet) -> Iterator[_Write]:
    with path.open("w", encoding=sheet.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=sheet.delimiter, lineterminator="\r\n")
        yield lambda cells: writer.writerow(_as_text(cells))


@contextmanager
def _writing_workbook(path: Path) -> Iterator[_Write]:
    import openpyxl  # few ask for it
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Topics")

    def cell_of(text: str) -> object:
        if _WHOLE.fullmatch(text) or _SHARE.fullmatch(text):
            return float(text) if "." in text else int(text)
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", _without_apostrophe(text)))
        cell.data_type = "s"  # never a formula
        return cell

    try:
        yield lambda cells: sheet.append([cell_of(each) if each else None for each in cells])
    finally:
        book.save(path)  # which clears what openpyxl keeps in a folder of its own meanwhile, also after a failure


def _written(
    sheet: Sheet, write: _Write, rank: Rank, unread: Unread, report: Callable[[int, int], None]
) -> SheetOutcome:
    total, width = 0, len(sheet.header)
    for row in sheet.rows():
        total, width = total + 1, max(width, _width(row))
    for cells in sheet.above:
        write(cells)
    write(_padded(sheet.header, width) + _added_header(sheet.header))
    remarks: list[str] = []
    ranked = done = 0
    rows = sheet.rows()
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        reasons = [_reason(row, sheet, unread) for row in batch]
        topics = [row.cells[sheet.topic] for row, reason in zip(batch, reasons, strict=True) if reason is None]
        matches = rank(topics) if topics else iter(())
        for row, reason in zip(batch, reasons, strict=True):
            added = _added(next(matches)) if reason is None else []
            write(_padded(row.cells, width) + added if any(row.cells) else row.cells)
            remarks += [f"{sheet.path}: line {row.line}: {remark}." for remark in _remarks(row, reason, sheet)]
        ranked += len(topics)
        done += len(batch)
        report(done, total)
    return SheetOutcome(ranked, tuple(remarks))


def _width(row: Row) -> int:
    """Return how many cells a row has, without empty ones at its end."""
    return max((i for i, cell in enumerate(row.cells, 1) if cell), default=0)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]


def _reason(row: Row, sheet: Sheet, unread: Unread) -> str | None:
    """Return why a row gets no objectives, in words; nothing for a blank row, None if it gets some."""
    topic = row.cells[sheet.topic] if sheet.topic < len(row.cells) else ""
    if not any(cell.strip() for cell in row.cells):
        return ""
    return (unread(topic) or None) if re.search(r"\w", topic) else "no words in the topic"


def _remarks(row: Row, reason: str | None, sheet: Sheet) -> Iterator[str]:
    if row.is_stray:
        yield "a quotation mark without its partner; read as it stands"
    if _width(row) > len(sheet.header):
        yield f"{_width(row)} cells instead of {len(sheet.header)}"
    if reason:
        yield f"{reason.rstrip('.。')}; no objectives"


def _as_text(row: Sequence[str]) -> list[str]:
    """Return cells that no program runs as formulas (OWASP, "CSV Injection"); numbers stay numbers."""
    return [f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell for cell in row]


def _without_apostrophe(text: str) -> str:
    """Return a cell without the apostrophe that kept it from being run; a workbook knows text from formulas."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _added_header(header: Sequence[str]) -> list[str]:
    """Return the names of the added columns, distinct from those that the file has already."""
    names = [f"{kind}_{place}" for place in range(1, _BEST + 1) for kind in ("objective", "title", "confidence")]
    return [name if name not in header else f"{name}_new" for name in names]


def _added(matches: Sequence[ObjectiveMatch]) -> list[str]:
    cells = []
    for match in matches[:_BEST]:
        is_possible = match.confidence >= POSSIBLE
        named = [str(match.objective.number), match.objective.title, f"{match.confidence:.3f}"]
        cells += named if is_possible else [""] * len(named)
    return cells
