import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from assistant.documents.formats import office
from assistant.documents.formats.blocks import FormatError
from assistant.documents.formats.office import (
    attribute,
    child,
    children,
    integer,
    is_heading_style,
    open_parts,
)

NESTED = fromstring('<a xmlns="one"><b x="1"><c/></b><b x="2"/></a>')


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("whole.xml", "<root><part/></root>")
        written.writestr("doctype.xml", "<!DOCTYPE a><a/>")
        written.writestr("wide.xml", "<!DOCTYPE a><a/>".encode("utf-16"))
        written.writestr("broken.xml", "<root>")
    return path


def test_a_part_is_read_as_a_tree_and_one_that_is_missing_is_none(archive: Path) -> None:
    with open_parts(archive, program="Word") as parts:
        whole, missing = parts.tree_if_there("whole.xml"), parts.tree_if_there("missing.xml")

    assert child(whole, "part") is not None
    assert missing is None


@pytest.mark.parametrize("name", ["doctype.xml", "wide.xml"])
def test_a_part_that_could_declare_entities_is_refused(archive: Path, name: str) -> None:
    with (
        pytest.raises(FormatError, match="DOCTYPE, which Word never writes"),
        open_parts(archive, program="Word") as parts,
    ):
        parts.tree(name)


@pytest.mark.parametrize("name", ["broken.xml", "missing.xml"])
def test_a_damaged_file_says_with_which_program_to_save_it(archive: Path, name: str) -> None:
    with pytest.raises(FormatError, match="in Writer"), open_parts(archive, program="Writer") as parts:
        parts.tree(name)


def test_a_part_that_swells_is_refused(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_MAX_PART", 10)

    with pytest.raises(FormatError, match="split it into parts"), open_parts(archive, program="Word") as parts:
        parts.read("whole.xml")


def test_what_is_no_zip_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "text.docx").write_text("no zip", encoding="utf-8")

    with pytest.raises(FormatError, match="damaged"), open_parts(tmp_path / "text.docx", program="Word"):
        pass


def test_elements_are_found_whatever_their_namespace() -> None:
    assert [attribute(each, "x") for each in children(NESTED, "b")] == ["1", "2"]
    assert child(NESTED, "b", "c") is not None
    assert child(NESTED, "c", "b") is None
    assert attribute(child(NESTED, "none"), "x") == ""


def test_numbers_and_headings_are_read_from_what_is_written() -> None:
    assert [integer(written, 1) for written in ("12", "-3", "1234567", "")] == [12, 1, 1, 1]
    assert is_heading_style(["My style", "Heading 2"])
    assert not is_heading_style(["Body text"])
