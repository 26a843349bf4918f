"""Rows: what a spreadsheet holds, from CSV or Excel, in order, blank ones too.

Read is what spreadsheet programs write: commas, semicolons or tabs, "sep=;" above, UTF-8, UTF-16 or Windows-1252,
quoted cells over several lines; .xlsx in a process of its own. The rows of a CSV are streamed, so that memory doesn't
grow with their number.
"""

import csv
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from assistant.documents import encoding_of, extract
from assistant.errors import InputError, ReadError

_COLUMN = "topic"
_ABOVE = 20  # rows at the most above the header
_MAX_CELL = 1_000_000  # characters; a longer one comes from a quotation mark that was never closed
_MAX_LINES = 1000  # of a cell, likewise
_SAMPLE = 65536  # bytes
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)
_OLD = b"\xd0\xcf\x11\xe0"  # how old Office files begin, and those with a password


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet."""

    line: int  # on which it begins, counted from 1
    cells: list[str]
    is_stray: bool = False  # it holds a quotation mark without its partner, and is given as it stands


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet: how it is written, what stands above its rows, and which column holds the topics."""

    path: Path
    encoding: str = "utf-8-sig"  # of a CSV; else of what is made of it, so that Excel knows it
    delimiter: str = ","
    cells: tuple[Row, ...] = ()  # of a workbook
    above: tuple[list[str], ...] = ()  # rows above the header, such as "sep=;"
    header: tuple[str, ...] = ()
    topic: int = 0

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header.

        Raises:
            UnicodeError: The file isn't in one encoding throughout.
            OSError: It can't be read.
        """
        return islice(self._all(), len(self.above) + 1, None)

    def with_header(self) -> "Sheet | None":
        """Return the sheet with its header; None if none of its first rows names the column of the topics."""
        above: list[list[str]] = []
        for row in islice(self._all(), _ABOVE):
            names = [" ".join(cell.split()).casefold() for cell in row.cells]
            if _COLUMN in names:
                return replace(self, above=tuple(above), header=tuple(row.cells), topic=names.index(_COLUMN))
            above.append(row.cells)
        return None

    def _all(self) -> Iterator[Row]:
        if self.cells:
            yield from self.cells
            return
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield from _csv_rows(file, self.delimiter)


def open_sheet(path: Path) -> Sheet:
    """Find out how a spreadsheet is written, and where its topics stand.

    Raises:
        InputError: It can't be read, or no column is named "topic".
    """
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
        if start.startswith(_OLD):
            raise InputError(
                f"{path}: an old Excel file, or one with a password; save it as .xlsx or .csv without one."
            )
        sheets = _worksheets(path) if start.startswith(b"PK\x03\x04") else _as_csv(path, start)
        found = next((sheet for each in sheets if (sheet := each.with_header())), None)
    except ReadError as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror or error}).") from error
    except UnicodeError as error:
        raise InputError(f"{path}: not text that can be read ({error}); save it as UTF-8.") from error
    if not found:
        raise InputError(f'{path}: line 1 names no column "{_COLUMN}"; give the column of the topics that header.')
    return found


def _worksheets(path: Path) -> Iterator[Sheet]:
    sheets: dict[str, list[Row]] = {}
    for block in extract(path, "workbook.read_xlsx").blocks:
        number, *cells = json.loads(block.text)
        rows = sheets.setdefault(block.label, [])
        rows += [Row(line, []) for line in range(len(rows) + 1, number)]
        rows.append(Row(number, cells))
    return (Sheet(path, cells=tuple(rows)) for rows in sheets.values())


def _as_csv(path: Path, start: bytes) -> Iterator[Sheet]:
    encoding = encoding_of(path, start)
    with path.open(encoding=encoding, newline="") as file:
        named = _SEPARATOR.match(file.readline(_SAMPLE))
    return (Sheet(path, encoding, delimiter) for delimiter in (named[1] if named else ",;\t"))


def _csv_rows(file: Iterator[str], delimiter: str) -> Iterator[Row]:
    """Parse lines; where a quotation mark has no partner, its line is a row and the next one is read anew."""
    csv.field_size_limit(_MAX_CELL)
    waiting: deque[str] = deque()  # lines that were taken for a row's and are none of it
    taken: list[str] = []  # lines of the row

    def lines() -> Iterator[str]:
        while len(taken) < _MAX_LINES and (line := waiting.popleft() if waiting else next(file, "")):
            taken.append(line)
            yield line

    number = 1
    while True:
        taken.clear()
        try:
            row = Row(number, next(csv.reader(lines(), delimiter=delimiter, strict=True), []))
        except csv.Error:
            waiting.extendleft(reversed(taken[1:]))
            del taken[1:]
            row = Row(number, _as_it_stands(taken[0], delimiter), is_stray=True)
        if not taken:
            return
        yield row
        number += len(taken)


def _as_it_stands(line: str, delimiter: str) -> list[str]:
    """Part a line whose quotation marks don't pair: those around whole cells count, others are text."""
    cells: list[str] = []
    held = ""
    for piece in line.rstrip("\r\n").split(delimiter):
        held = f"{held}{delimiter}{piece}" if held else piece
        is_whole = len(held) > 1 and held.endswith('"')
        if not held.startswith('"') or is_whole:
            cells.append(held[1:-1].replace('""', '"') if is_whole and held.startswith('"') else held)
            held = ""
    return cells + (held.split(delimiter) if held else [])
