from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers import read_file


def test_a_text_keeps_every_character(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes("\r\n A title\r\n\r\nWords “quoted”.\r\n".encode())

    content = read_file(path)

    assert content.text == "\r\n A title\r\n\r\nWords “quoted”.\r\n"
    assert content.title == "A title"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(b"\xef\xbb\xbfWords.")

    assert read_file(path).text == "Words."


def test_a_markdown_title_is_the_heading_that_it_begins_with(tmp_path: Path) -> None:
    path = tmp_path / "brief.md"
    path.write_text("\n# The title\n\nWords.\n\n# Introduction\n", encoding="utf-8")

    assert read_file(path).title == "The title"


def test_a_resolution_is_called_by_its_title(tmp_path: Path) -> None:
    path = tmp_path / "resolution.txt"
    path.write_text(
        "Seventh session\nAgenda item 3\n7/1. Mobility and shelter\nThe General Assembly,\n", encoding="utf-8"
    )

    assert read_file(path).title == "Mobility and shelter"


def test_a_first_line_that_is_running_text_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("This is a sentence.\n", encoding="utf-8")

    assert read_file(path).title == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"caf\xe9", r"not UTF-8 text \(byte 4\)"),
        (b"", "no words"),
        (b" \n--\n", "no words"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(content)

    with pytest.raises(ReadError, match=message) as caught:
        read_file(path)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="can't be read"):
        read_file(tmp_path / "none.txt")
