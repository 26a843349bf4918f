"""Spreadsheets: the topics of a file, each with its three best objectives beside it, or fewer that are possible.

Every row comes out, in order, blank ones too, and the result is written as the file was: the same encoding and
delimiter; of an Excel workbook, a CSV that Excel opens. A cell that a spreadsheet program would run as a formula is
written as text, with an apostrophe before it: a sheet often comes from somebody else.
"""

import csv
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from assistant.errors import InputError
from assistant.objectives.classifier import POSSIBLE
from assistant.objectives.sheet_rows import Row, Sheet, open_sheet
from assistant.records import ObjectiveMatch

_BEST = 3  # objectives of a topic
_ROWS_AT_ONCE = 256

_FORMULA = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")  # full-width signs begin one as well
_NUMBER = re.compile(r"\s*[+-]?[\d\s.,]+%?\s*")

Rank = Callable[[Sequence[str]], Iterator[tuple[ObjectiveMatch, ...]]]
Unread = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """The outcome of classifying a sheet."""

    ranked: int  # topics that have objectives now
    remarks: tuple[str, ...]  # a sentence for each row with something amiss, with its line


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
        target: A CSV, written whole or not at all; it may be `source`, if that is one.
        rank: Ranks all objectives for each of many topics.
        unread: Returns a sentence for a topic in a language that can't be read; nothing for another.
        report: Called with the number of rows done, and of all.

    Raises:
        InputError: The file can't be read or isn't such a sheet, or the target can't be written.
    """
    sheet = open_sheet(source)
    if sheet.cells and target.suffix.lower() == ".xlsx":
        raise InputError(f"{target}: the result is a CSV; give it a name that ends in .csv.")
    temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with temporary.open("w", encoding=sheet.encoding, newline="") as file:
            outcome = _written(sheet, file, rank, unread, report)
        temporary.replace(target)
    except UnicodeError as error:
        raise InputError(f"{source}: not in one encoding throughout ({error}); save it as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{target}: can't be written ({error.strerror or error}); choose another place.") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return outcome


def _written(
    sheet: Sheet, file: TextIO, rank: Rank, unread: Unread, report: Callable[[int, int], None]
) -> SheetOutcome:
    total, width = 0, len(sheet.header)
    for row in sheet.rows():
        total, width = total + 1, max(width, _width(row))
    writer = csv.writer(file, delimiter=sheet.delimiter, lineterminator="\r\n")
    writer.writerows(map(_as_text, sheet.above))
    writer.writerow(_as_text(_padded(sheet.header, width)) + _added_header(sheet.header))
    remarks: list[str] = []
    ranked = done = 0
    rows = sheet.rows()
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        reasons = [_reason(row, sheet, unread) for row in batch]
        topics = [row.cells[sheet.topic] for row, reason in zip(batch, reasons, strict=True) if reason is None]
        matches = rank(topics) if topics else iter(())
        for row, reason in zip(batch, reasons, strict=True):
            added = _added(next(matches)) if reason is None else []
            writer.writerow(_as_text(_padded(row.cells, width) + added if any(row.cells) else row.cells))
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
