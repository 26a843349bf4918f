"""Spreadsheets: the topics of a CSV file, each with its three best objectives beside it.

Read is what spreadsheet programs write: commas, semicolons or tabs, UTF-8, UTF-16 or Windows-1252; the result is
written in the same way. Rows are streamed, so that memory doesn't grow with their number. A cell that a spreadsheet
program would run as a formula is written as text, with an apostrophe before it: a sheet often comes from somebody else.
"""

import codecs
import csv
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant.errors import InputError
from assistant.records import ObjectiveMatch

_COLUMN = "topic"
_BEST = 3  # objectives of a topic
_ROWS_AT_ONCE = 256
_MAX_CELL = 1_000_000  # characters; a longer one comes from a quotation mark that was never closed

_FORMULA = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")  # full-width signs begin one as well
_NUMBER = re.compile(r"\s*[+-]?[\d\s.,]+%?\s*")

Rank = Callable[[Sequence[str]], Iterator[tuple[ObjectiveMatch, ...]]]
Unread = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A CSV file and how it is written."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    topic: int  # the column of the topics


def classify_sheet(
    source: Path,
    target: Path,
    rank: Rank,
    *,
    unread: Unread = lambda _: "",
    report: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Write the rows of `source` to `target`, in order, each with its topic's objectives.

    Args:
        source: A CSV file with a header that names a column "topic".
        target: Written whole or not at all; it may be `source`.
        rank: Ranks all objectives for each of many topics.
        unread: Returns a sentence for a topic in a language that can't be read; nothing for another.
        report: Called with the number of rows done, and of all.

    Returns:
        One sentence for each row that was left out, with its line.

    Raises:
        InputError: The file can't be read or isn't such a CSV, or the target can't be written.
    """
    sheet = _opened(source)
    try:
        total = sum(1 for _ in _rows(sheet))
        problems: list[str] = []
        temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            with temporary.open("w", encoding=sheet.encoding, newline="") as file:
                writer = csv.writer(file, delimiter=sheet.delimiter, lineterminator="\r\n")
                writer.writerow(_as_text(sheet.header) + _added_header(sheet.header))
                done = 0
                for rows, taken in _batches(sheet, unread, problems):
                    ranked = rank([row[sheet.topic] for row in rows if not _is_blank(row)])
                    writer.writerows(row if _is_blank(row) else _as_text(row) + _added(next(ranked)) for row in rows)
                    done += taken
                    if report:
                        report(done, total)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    except csv.Error as error:
        raise InputError(
            f"{source}: not a CSV that can be read ({error}); look for a quotation mark that isn't closed."
        ) from error
    except UnicodeError as error:
        raise InputError(f"{source}: not in one encoding throughout ({error}); save it as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{target}: can't be written ({error.strerror or error}); choose another place.") from error
    return problems


def _opened(path: Path) -> _Sheet:
    try:
        with path.open("rb") as file:
            start = file.read(65536)
        encoding = _encoding_of(path, start)
        with path.open(encoding=encoding, newline="") as text:
            first = text.readline()
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror or error}).") from error
    except UnicodeError as error:
        raise InputError(f"{path}: not text that can be read ({error}); save it as UTF-8.") from error
    csv.field_size_limit(_MAX_CELL)
    for delimiter in (",", ";", "\t"):
        header = next(csv.reader([first], delimiter=delimiter), [])
        names = [name.strip().lower() for name in header]
        if _COLUMN in names:
            return _Sheet(path, encoding, delimiter, header, names.index(_COLUMN))
    raise InputError(f'{path}: line 1 names no column "{_COLUMN}"; give the column of the topics that header.')


def _encoding_of(path: Path, start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _rows(sheet: _Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield each row below the header with the line that it ends on; an empty line is a row without cells."""
    with sheet.path.open(encoding=sheet.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=sheet.delimiter, strict=True)
        next(reader, None)
        for row in reader:
            yield reader.line_num, row


def _batches(sheet: _Sheet, unread: Unread, problems: list[str]) -> Iterator[tuple[list[list[str]], int]]:
    """Yield batches of good rows, each with the number of rows, good and bad; add the bad ones to `problems`."""
    rows = _rows(sheet)
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        good = []
        for line, row in batch:
            problem = _problem_of(row, sheet, unread)
            if problem:
                problems.append(f"{sheet.path}: line {line}: {problem.rstrip('.。')}; left out.")
            else:
                good.append(row)
        yield good, len(batch)


def _problem_of(row: list[str], sheet: _Sheet, unread: Unread) -> str:
    if _is_blank(row):
        return ""  # it parts others, and stays
    if len(row) != len(sheet.header):
        return f"{len(row)} cells instead of {len(sheet.header)}"
    if not re.search(r"\w", row[sheet.topic]):
        return "no words in the topic"
    return unread(row[sheet.topic])


def _is_blank(row: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in row)


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
        cells += [str(match.objective.number), match.objective.title, f"{match.confidence:.3f}"]
    return cells
