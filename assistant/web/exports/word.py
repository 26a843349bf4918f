"""Write a conversation as a Word file: real headings, a style for quotations, every run in its language."""

import datetime
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

from assistant.web.exports.outline import Block, Form, Run, outline
from assistant.web.rendering import Context, Strings, Turn, direction_of

_PLACES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}  # as Word has them
_EAST_ASIAN = frozenset({"zh", "ja", "ko"})
_MAX_PROPERTY = 255  # characters of a property, by the format's rule
_LEFTOVERS = ("/thumbnail", "/extended-properties", "/stylesWithEffects", "/customXml")  # of the library's template
_HYPERLINK = "Hyperlink"
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
    document = docx.Document()
    strings = context.strings
    _drop_leftovers(document)
    _describe(document, strings, asked_on)
    _set_language(document, strings.language)
    _set_page(document)
    _set_styles(document)
    for block in outline(turns, context, asked_on=asked_on, page=page):
        _add(block, document, strings.language)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


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
    written = paragraph.add_run(run.text, style=_HYPERLINK if run.address else None)
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


def _describe(document: Document, strings: Strings, asked_on: datetime.date) -> None:
    properties = document.core_properties
    properties.title = f"{strings.text('export.title')} – {strings.text('meeting')}"[:_MAX_PROPERTY]
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


# Styles --------------------------------------------------------------------------------------------------------------

_INK, _QUIET, _LINK = RGBColor(0x1A, 0x1F, 0x24), RGBColor(0x55, 0x5D, 0x64), RGBColor(0x0B, 0x57, 0x8F)
# Of the interface and of the documents, as on the page.
_SANS = {"ascii": "Calibri", "hAnsi": "Calibri", "cs": "Arial", "eastAsia": "Microsoft YaHei"}
_SERIF = {"ascii": "Cambria", "hAnsi": "Cambria", "cs": "Times New Roman", "eastAsia": "SimSun"}


@dataclass(frozen=True, slots=True)
class _Look:
    """The look of a style.

    Attributes:
        after: Points below a paragraph; `before` above it.
        indent: Millimetres at its start, of which `hanging` belong to the bullet.
        edge: The side and the kind of a line along it.
    """

    name: str
    size: float = 11
    before: float = 0
    after: float = 6
    indent: float = 0
    hanging: float = 0
    fonts: Mapping[str, str] | None = None
    ink: RGBColor = _INK
    edge: tuple[str, str] | None = None
    base: str = "Normal"
    keeps_with_next: bool = False


_LOOKS = (
    _Look("Normal", fonts=_SANS),
    _Look("Heading 1", size=20, fonts=_SANS, keeps_with_next=True),
    _Look("Heading 2", size=15, before=24, fonts=_SANS, keeps_with_next=True),
    _Look("Heading 3", size=12, before=12, fonts=_SANS, keeps_with_next=True),
    _Look("List Bullet", indent=6, hanging=6, after=2),
    _Look("Passage label", before=10, after=4, keeps_with_next=True),
    _Look("Quote", indent=8, fonts=_SERIF, keeps_with_next=True),
    _Look("Quote item", indent=14, hanging=6, fonts=_SERIF, base="List Bullet", keeps_with_next=True),
    _Look("Digest", indent=8, edge=("left", "dashed"), keeps_with_next=True),
    _Look("Digest item", indent=14, hanging=6, edge=("left", "dashed"), base="List Bullet", keeps_with_next=True),
    _Look("Citation", size=10, indent=8),
    _Look("Closing note", size=10, before=24, ink=_QUIET, edge=("top", "single")),
)


def _set_styles(document: Document) -> None:
    for look in _LOOKS:
        _set_style(document, look)
    link = cast(CharacterStyle, document.styles.add_style(_HYPERLINK, WD_STYLE_TYPE.CHARACTER))
    link.font.underline, link.font.color.rgb = True, _LINK


def _set_style(document: Document, look: _Look) -> None:
    styles = document.styles
    is_new = look.name not in styles
    found = styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH) if is_new else styles[look.name]
    style = cast(ParagraphStyle, found)
    if is_new:
        style.base_style = styles[look.base]
        style.quick_style = True
    style.font.size, style.font.color.rgb = Pt(look.size), look.ink
    _set_size_of_arabic(style, look.size)
    style.font.italic = style.font.cs_italic = False
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after = Pt(look.before), Pt(look.after)
    paragraph.left_indent, paragraph.first_line_indent = Mm(look.indent), Mm(-look.hanging)
    paragraph.keep_with_next = look.keeps_with_next
    if look.fonts:
        _set_fonts(style, look.fonts)
    if look.edge:
        _draw(style, *look.edge)


def _set_size_of_arabic(style: ParagraphStyle, points: float) -> None:
    """Set the size for Arabic and other complex scripts too, which the library leaves out."""
    properties = style.element.get_or_add_rPr()
    for element in properties.findall(qn("w:szCs")):
        properties.remove(element)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(round(2 * points)))
    properties.find(qn("w:sz")).addnext(size)


def _set_fonts(style: ParagraphStyle, fonts: Mapping[str, str]) -> None:
    element = style.element.get_or_add_rPr().get_or_add_rFonts()
    element.attrib.clear()  # the template's, which would win
    for script, font in fonts.items():
        element.set(qn(f"w:{script}"), font)


def _draw(style: ParagraphStyle, side: str, kind: str) -> None:
    edges, edge = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in {"val": kind, "sz": "6", "space": "6", "color": "8A9299"}.items():
        edge.set(qn(f"w:{name}"), value)
    edges.append(edge)
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(edges, "w:spacing", "w:ind")
