import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from docx import Document

from assistant.documents.formats.blocks import FormatError
from assistant.documents.formats.word.parts import is_on, list_place, open_package


def test_styles_tell_headings_by_what_they_are_based_on(tmp_path: Path) -> None:
    document = Document()
    style = document.styles.add_style("Of our own", 1)
    style.base_style = document.styles["Heading 2"]
    document.save(str(tmp_path / "file.docx"))

    package = open_package(tmp_path / "file.docx")

    assert package.styles[style.style_id].is_heading
    assert not package.styles[package.default_style].is_heading


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("xl/workbook.xml", "a spreadsheet"),
        ("ppt/presentation.xml", "a presentation"),
        ("other.xml", "a ZIP without a Word document"),
    ],
)
def test_what_is_no_word_document_is_named(tmp_path: Path, name: str, message: str) -> None:
    relation = f'<Relationship Type="http://x/officeDocument" Target="/{name}"/>'
    with zipfile.ZipFile(tmp_path / "file.docx", "w") as archive:
        archive.writestr("_rels/.rels", f"<Relationships>{relation if '/' in name else ''}</Relationships>")

    with pytest.raises(FormatError, match=message):
        open_package(tmp_path / "file.docx")


def test_a_property_is_on_without_a_value() -> None:
    assert is_on(fromstring("<b/>"))
    assert not is_on(fromstring('<b val="false"/>'))
    assert not is_on(None)


def test_properties_name_a_list_and_its_level() -> None:
    properties = fromstring('<pPr><numPr><ilvl val="2"/><numId val="5"/></numPr></pPr>')

    assert list_place(properties) == ("5", 2)
    assert list_place(fromstring("<pPr/>")) == ("", None)
