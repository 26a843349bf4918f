"""Real files of each format, made on the spot."""

import io
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from docx import Document
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from assistant.documents.formats.blocks import Block, Reading, Title

WIDTH, HEIGHT = A4
# A made-up decision: what reading must give back, whatever the format.
DECISION = (
    "1. Decides that the shelters along the northern route stay open for another winter, and that the towns which keep"
    " them are paid for what they spend;",
    "2. Asks the secretariat to see to the following, together with the towns and with those who stay there:",
    "(a) A list of all shelters, with the number of beds in each and the languages that are spoken;",
    "(b) A telephone line that answers at night too, in the languages that newcomers speak;",
    "3. Decides to look again at the matter in two years, in the light of a report that counts beds and nights.",
)
BRIEF = (
    "People who move for work send home more than money. They send home what they have learned, and in many places it"
    " is the schools and the clinics that gain from it first, long before anybody counts the returns.",
    "Towns that keep a register of rooms can place a family within a day. Towns without one need a week, and the family"
    " spends that week in a hall, which costs the town more than the register would have cost.",
    "Nobody should have to choose between a doctor and a permit. Where clinics don't ask for papers, people come early,"
    " and what is found early is cheaper to treat for everyone who lives there, newcomers or not.",
)


def pieces_of(read: Reading) -> tuple[list[Block], str]:
    """What a reader gives: its blocks and its title."""
    blocks, title = [], ""
    for piece in read:
        if isinstance(piece, Block):
            blocks.append(piece)
        elif isinstance(piece, Title):
            title = piece.text
    return blocks, title


def write_columns(
    path: Path, paragraphs: Sequence[str], *, columns: int = 2, title: str = "", head: str = "", **style: float
) -> None:
    """Set paragraphs in columns, under a title over all of them, with a running head and page numbers."""
    body = ParagraphStyle("body", **{"fontSize": 10, "leading": 12, "spaceAfter": 6, "alignment": 4, **style})
    gap, margin, high = 24, 60, HEIGHT - 230
    width = (WIDTH - 2 * margin - (columns - 1) * gap) / columns

    def decorate(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(margin, HEIGHT - 40, head)
        canvas.drawRightString(WIDTH - margin, 40, f"{document.page}/9")
        if title and document.page == 1:
            canvas.setFont("Times-Bold", 18)
            canvas.drawString(margin, HEIGHT - 110, title)

    frames = [Frame(margin + i * (width + gap), 90, width, high, 0, 0, 0, 0, id=f"column {i}") for i in range(columns)]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates(PageTemplate("page", frames, onPage=decorate))
    document.build([Paragraph(text, body) for text in paragraphs])


Placed: TypeAlias = tuple[float, float, str, str, float]  # x, y from the top, the text, its font and size


def write_lines(path: Path, pages: Sequence[Sequence[Placed]], **options: Any) -> None:
    """Put lines where they are told: x, y from the top, the text, its font and size."""
    canvas = Canvas(str(path), pagesize=A4, **options)
    for lines in pages:
        for x, y, text, font, size in lines:
            canvas.setFont(font, size)
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()


def set_lines(text: str, *, x: float = 70, y: float = 150, size: float = 11, width: float = 380) -> list[Placed]:
    """Break a text into lines for `write_lines`."""
    lines = simpleSplit(text, "Times-Roman", size, width)
    return [(x, y + i * size * 1.2, line, "Times-Roman", size) for i, line in enumerate(lines)]


def write_picture(path: Path, *, pages: int = 2, stamp: str = "") -> None:
    """A scan: pages without text, but for a stamp."""
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(pages):
        canvas.rect(100, 100, 300, 500, fill=1)
        canvas.drawString(60, 30, stamp)
        canvas.showPage()
    canvas.save()


def write_word(path: Path, paragraphs: Sequence[tuple[str, str]]) -> None:
    """Paragraphs, each with the name of its style."""
    document = Document()
    for text, style in paragraphs:
        document.add_paragraph(text, style)
    document.save(str(path))


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of files by their names, in order; the kind of an OpenDocument file is stored as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()


MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="{main}"/></Relationships>'
)


def word_file(body: str, *, main: str = "word/document.xml", **parts: str) -> bytes:
    """A Word file of its XML: the body, and further parts by their names."""
    return zipped(
        {
            "_rels/.rels": _RELATIONS.format(main=main),
            main: f"<w:document {MAIN}><w:body>{body}</w:body></w:document>",
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def in_list(list_id: int, level: int) -> str:
    """The properties of a paragraph in a list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


# A list of three levels (1), and one that begins anew (2).
_LEVELS = (("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)"))
NUMBERING = (
    f'<w:numbering {MAIN}><w:abstractNum w:abstractNumId="7">'
    + "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (style, text) in enumerate(_LEVELS)
    )
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num></w:numbering>"
)


_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("meta", "meta"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
OPENDOCUMENT = "application/vnd.oasis.opendocument.text"


def odt_file(
    body: str, *, automatic: str = "", styles: str = "", title: str = "", kind: str = OPENDOCUMENT, manifest: str = ""
) -> bytes:
    """An OpenDocument text of its XML: the body, its automatic and common styles, its title, and its manifest."""
    content = (
        f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:text>{body}</office:text>"
        "</office:body>"
    )
    return zipped(
        {
            "mimetype": kind,
            "content.xml": _odf_root("content", content),
            "styles.xml": _odf_root("styles", f"<office:styles>{styles}</office:styles>"),
            "meta.xml": _odf_root("meta", f"<office:meta><dc:title>{title}</dc:title></office:meta>"),
            "META-INF/manifest.xml": manifest,
        }
    )


def _odf_root(name: str, content: str) -> str:
    return f'<office:document-{name} {_ODF} office:version="1.3">{content}</office:document-{name}>'


def odt_paragraph(text: str, style: str = "Standard") -> str:
    """A paragraph of an OpenDocument text."""
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def odt_list(*items: str, style: str = "L1", attributes: str = "") -> str:
    """A list of an OpenDocument text; each item is what stands in it."""
    inside = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    named = f'text:style-name="{style}"' if style else ""
    return f"<text:list {named} {attributes}>{inside}</text:list>"


def odt_list_style(
    name: str = "L1", formats: Sequence[tuple[str, str, str]] = (("", "1", "."), ("(", "a", ")"))
) -> str:
    """A style of lists: the prefix, number format and suffix of each level."""
    levels = "".join(
        f'<text:list-level-style-number text:level="{level}" style:num-prefix="{prefix}" style:num-format="{shown}"'
        f' style:num-suffix="{suffix}"/>'
        for level, (prefix, shown, suffix) in enumerate(formats, start=1)
    )
    return f'<text:list-style style:name="{name}">{levels}</text:list-style>'


def pptx_file(*slides: str, order: Sequence[int] = (), parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A presentation of its slides' shapes, in an order of their own if one is given; further parts by their names."""
    listed = "".join(f'<p:sldId id="{256 + i}" r:id="r{i}"/>' for i in (order or range(len(slides))))
    related = "".join(
        f'<Relationship Id="r{i}" Type="x/slide" Target="slides/slide{i}.xml"/>' for i in range(len(slides))
    )
    return zipped(
        {
            "_rels/.rels": _RELATIONS.format(main="ppt/presentation.xml"),
            "ppt/presentation.xml": f"<p:presentation {_PPTX}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": f"<Relationships>{related}</Relationships>",
            **{
                f"ppt/slides/slide{i}.xml": f"<p:sld {_PPTX}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
                for i, shapes in enumerate(slides)
            },
            **(parts or {}),
        }
    )


_PPTX = 'xmlns:p="p" xmlns:a="a" xmlns:r="r"'


def shape(*paragraphs: str, placeholder: str = "body") -> str:
    """A shape of a slide; each paragraph is its text, or what stands in its element."""
    inside = "".join(
        f"<a:p>{text if text.startswith('<') else f'<a:r><a:t>{text}</a:t></a:r>'}</a:p>" for text in paragraphs
    )
    properties = f'<p:nvSpPr><p:nvPr><p:ph type="{placeholder}"/></p:nvPr></p:nvSpPr>'
    return f"<p:sp>{properties}<p:txBody>{inside}</p:txBody></p:sp>"


def akoma_ntoso(body: str, *, kind: str = "act") -> str:
    """A document in Akoma Ntoso of what stands in its body."""
    return (
        '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">'
        f"<{kind}><meta><identification/></meta><body>{body}</body></{kind}></akomaNtoso>"
    )


def write_scan(path: Path, *, pictures: int, texts: Sequence[str] = ()) -> None:
    """Write a PDF of pictures of pages, and then a page for each text."""
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(pictures):
        canvas.drawInlineImage(Image.new("L", (60, 80), 230), 20, 20, 550, 800)
        canvas.showPage()
    for text in texts:
        canvas.drawString(70, 700, text)
        canvas.showPage()
    canvas.save()


def fake_tesseract(folder: Path, *, lines: Sequence[str]) -> Path:
    """Make a folder with a program called tesseract, which finds the same lines in each picture that it is given."""
    write_lines(
        folder / "recognised.pdf", [[(70, 150 + 30 * i, line, "Times-Roman", 11) for i, line in enumerate(lines)]]
    )
    program = folder / "tesseract"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "if '--list-langs' in sys.argv:\n"
        "    sys.exit(print('List of available languages (3):\\neng\\nfra\\nosd'))\n"
        "assert sys.argv[1:5] == ['stdin', 'stdout', '-l', 'eng+fra'], sys.argv\n"
        "assert sys.stdin.buffer.read(3) == b'P5 '\n"
        f"sys.stdout.buffer.write(open({str(folder / 'recognised.pdf')!r}, 'rb').read())\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return folder
