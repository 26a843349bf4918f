"""Write a conversation as a Word file: real headings, a style for quotations, every run in its language."""

import datetime
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from assistant.web.exports.outline import Block, Form, Run, outline
from assistant.web.rendering import Context, Strings, Turn, direction_of

_PLACES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}  # as Word has them
_EAST_ASIAN = frozenset({"zh", "ja", "ko"})
_MAX_PROPERTY = 255  # characters of a property, by the format's rule
_LEFTOVERS = ("/thumbnail", "/extended-properties", "/stylesWithEffects", "/customXml")  # of the library's template
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STYLE_SHEET = Path(__file__).parent / "styles.xml"
_STYLES: dict[Form, str] = {
    "title": "Heading 1",
    "heading": "Heading 2",
    "question": "Heading 2",
    "subheading": "Heading 3",
    "plain": "Normal",
    "item": "List Bullet",
    "label": "Passage label",
    "quotation": "Quote",
    "digest": "Digest",
    "citation": "Citation",
    "note": "Closing note",
}


def render_docx(turns: Sequence[Turn], context: Context, *, asked_on: datetime.date, page: str = "") -> bytes:
    """Write a conversation as a Word file, on A4.

    Args:
        page: The absolute address of the page that shows whole documents; without it citations don't lead there.
    """
    strings = context.strings
    document = begin_docx(strings, title=f"{strings.text('export.title')} – {strings.text('meeting')}", day=asked_on)
    for block in outline(turns, context, asked_on=asked_on, page=page):
        _add(block, document, strings.language)
    return bytes_of(document)


def begin_docx(strings: Strings, *, title: str, day: datetime.date | None = None) -> Document:
    """Return an empty document on A4, in the project's styles and the interface's language."""
    document = docx.Document()
    _drop_leftovers(document)
    _describe(document, strings, title, day or datetime.datetime.now().astimezone().date())
    document.styles.element[:] = parse_xml(_STYLE_SHEET.read_bytes())[:]
    _set_language(document, strings.language)
    _set_page(document)
    return document


def bytes_of(document: Document) -> bytes:
    """Return a document as the bytes of its file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def writable(text: str) -> str:
    """Return a text in characters that XML can hold."""
    return _UNWRITABLE.sub("\ufffd", text)


# Paragraphs ----------------------------------------------------------------------------------------------------------


def _add(block: Block, document: Document, interface: str) -> None:
    language = block.language or interface
    style = _STYLES[block.form] + (" item" if block.line == "item" else "")
    paragraph = document.add_paragraph(style=style)
    if _is_right_to_left(block, language):
        paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in block.runs:
        _write(run, paragraph, run.language or language, is_strong=run.is_strong or block.line == "heading")


def _write(run: Run, paragraph: Paragraph, language: str, *, is_strong: bool) -> None:
    written = paragraph.add_run(run.text, style="Hyperlink" if run.address else None)
    font = written.font
    if is_strong:
        font.bold = font.cs_bold = True
    if _first_letter_is_right_to_left(run.text, otherwise=language):
        font.rtl = True
    words = OxmlElement("w:lang")
    _set_language_of(words, language)
    font.element.get_or_add_rPr().append(words)
    if run.address:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        paragraph.paragraph_format.element.append(link)
        link.append(font.element)


def _is_right_to_left(block: Block, language: str) -> bool:
    """Return whether a paragraph runs right to left, by its language; a question by its first letter."""
    if block.form == "question":
        return _first_letter_is_right_to_left("".join(run.text for run in block.runs), otherwise=language)
    return direction_of(language) == "rtl"


def _first_letter_is_right_to_left(text: str, *, otherwise: str) -> bool:
    """Return whether a text runs right to left, by its first letter; without letters by the language `otherwise`."""
    directions = (unicodedata.bidirectional(character) for character in text)
    first = next((direction for direction in directions if direction in ("L", "R", "AL")), "")
    return first != "L" if first else direction_of(otherwise) == "rtl"


def _set_language_of(element: BaseOxmlElement, language: str) -> None:
    """Set the language of words, for each kind of script that Word keeps apart."""
    tag = _PLACES.get(language, language)
    element.set(qn("w:val"), tag)
    if language in _EAST_ASIAN:
        element.set(qn("w:eastAsia"), tag)
    if direction_of(language) == "rtl":
        element.set(qn("w:bidi"), tag)


# The file as a whole -------------------------------------------------------------------------------------------------


def _drop_leftovers(document: Document) -> None:
    for relationships in (document.part.package.rels, document.part.rels):
        for id in [id for id, each in relationships.items() if each.reltype.endswith(_LEFTOVERS)]:
            del relationships[id]


def _describe(document: Document, strings: Strings, title: str, asked_on: datetime.date) -> None:
    properties = document.core_properties
    properties.title = title[:_MAX_PROPERTY]
    properties.author = properties.last_modified_by = strings.text("product")[:_MAX_PROPERTY]
    properties.language = strings.language
    properties.comments = ""
    properties.created = properties.modified = datetime.datetime.combine(asked_on, datetime.time())


def _set_language(document: Document, language: str) -> None:
    """Replace the template's language by the interface's."""
    for tag, element in (("w:lang", document.styles.element), ("w:themeFontLang", document.settings.element)):
        for each in element.iter(qn(tag)):
            each.attrib.clear()
            _set_language_of(each, language)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
