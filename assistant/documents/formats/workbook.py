"""An Excel workbook becomes rows: each a block whose text is a JSON array, the row's number first, then its cells."""

import datetime
import io
import json
import zipfile
import zlib
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from .blocks import Block, FormatError, Reading

_MOST_BYTES = 100_000_000  # of its parts, unpacked
_MOST_ROWS = 1_048_576  # as many as Excel has; a file may claim more
_ROWS_A_TICK = 500
_DAMAGED = (zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, AttributeError, TypeError, EOFError)


def read_xlsx(path: Path) -> Reading:
    """Read the rows of a workbook's sheets, each labelled with its sheet's name; blank ones are only counted.

    Raises:
        FormatError: It is no workbook, or a damaged or huge one.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > _MOST_BYTES:
                raise FormatError(f"holds more than {_MOST_BYTES // 1_000_000} MB; save it as CSV.")
        # As a stream, since by its path a file would have to be named .xlsx.
        workbook = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # what a file says of its size needn't be so
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > _MOST_ROWS:
                    raise FormatError(f"has more than {_MOST_ROWS:,} rows; save it as CSV.")
                cells = [_text_of(value) for value in values]
                if any(cells):
                    yield Block(json.dumps([number, *cells]), "row", label=sheet.title)
                if number % _ROWS_A_TICK == 0:
                    yield None
    except _DAMAGED as error:
        raise FormatError("no Excel workbook, or a damaged one; save it as .xlsx or .csv and try again.") from error


def _text_of(value: object) -> str:
    """Return what a cell holds, as a CSV would have it."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
