import datetime
import json
from pathlib import Path

import openpyxl
import pytest

from assistant.documents.formats import workbook
from assistant.documents.formats.blocks import Block, FormatError
from assistant.documents.formats.workbook import read_xlsx


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with a row of each kind of cell, and a blank row above the last one."""
    made = openpyxl.Workbook()
    made.active.title = "Topics"
    for row in ([1, 2.0, 2.5, True], [], ["=1+1", None, datetime.datetime(2026, 3, 9), "été"]):
        made.active.append(row)
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_cells_are_as_a_csv_would_have_them_and_rows_keep_their_numbers(book: Path) -> None:
    rows = [block for block in read_xlsx(book) if isinstance(block, Block)]

    assert [json.loads(row.text) for row in rows] == [
        [1, "1", "2", "2.5", "True"],
        [3, "", "", "2026-03-09", "été"],
    ]
    assert {row.label for row in rows} == {"Topics"}


@pytest.mark.parametrize(("name", "message"), [("_MOST_BYTES", "holds more than"), ("_MOST_ROWS", "has more than")])
def test_a_huge_workbook_is_refused(book: Path, name: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, name, 1)

    with pytest.raises(FormatError, match=message):
        list(read_xlsx(book))


@pytest.mark.parametrize("content", [b"", b"topic\n", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "no-parts"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)

    with pytest.raises((FormatError, LookupError)):  # the process that reads it reports either
        list(read_xlsx(tmp_path / "book.xlsx"))
