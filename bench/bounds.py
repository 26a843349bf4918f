"""Whether reading takes linear time and memory, whatever a file holds: `python -m bench.bounds [PART OF A NAME …]`.

For every format, files that are made to be slow (deep nesting, long runs of spaces, many tiny elements, one huge
paragraph, many cells with spans, contents that unpack to far more) are written in two sizes and read as the assistant
does, each in a process of its own. Prints for each the processor time of the larger one without what starting takes,
the greatest memory, both as multiples of the smaller one's, and what came of it: so many paragraphs, or the line that
says which limit was met.
Linear is a ratio of 2; those of 3 and more are marked. Linux, macOS.
"""

import csv
import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
from reportlab.pdfgen.canvas import Canvas

from assistant.documents import read_one
from assistant.errors import AssistantError
from assistant.objectives import open_sheet
from tests.documents.formats.samples import odt_file, odt_paragraph, paragraph, word_file, zipped

LEAST = 0.2  # seconds; what starting takes varies by half as much
MARKED = 3.0
AKN = '<akomaNtoso xmlns="urn:akn"><doc><mainBody>{}</mainBody></doc></akomaNtoso>'
WORDS = "all ships sail at night and nobody waits. "


def nested(opening: str, closing: str, depth: int, inner: str = "words of it") -> str:
    """Return an element inside of itself."""
    return opening * depth + inner + closing * depth


# Texts, by what they are made of. Each function takes a size of about thousands.
TEXTS: Mapping[str, Callable[[int], str]] = {
    "spaces": lambda n: f"Ships{' ' * n * 100}sail.",
    "blank lines": lambda n: f"Ships{chr(10) * n * 10}sail.",
    "one paragraph": lambda n: WORDS * n,
    "one sentence": lambda n: f"Ships {'and sails ' * n * 4}.",
    "one word": lambda n: "s" * n * 40,
    "numbers": lambda n: "\n".join(f"{i}. Ships sail." for i in range(n)),
    "ones": lambda n: "1. Ships sail.\n" * n,
    "items": lambda n: "1. Ships:\n" + "(a) Sail;\n(i) At night;\n" * n,
    "nested items": lambda n: "\n".join(f"{'  ' * (i % 500)}- Ships sail" for i in range(n)),
    "headings": lambda n: "\n".join(f"# Ships\n\n## {'I' * (i % 9)}. Sails\n" for i in range(n)),
    "organs": lambda n: "The General Assembly,\n\nNoting the ships,\n\n" * n,
    "clauses": lambda n: "The General Assembly,\n" + "Noting the ships and their many sails at night,\n" * n,
    "annexes": lambda n: "\n".join(f"Annex {i}\n1. Ships sail.\n" for i in range(n)),
    "articles": lambda n: "\n".join(f"Article {i}\nShips\n1. They sail.\n" for i in range(n)),
    "names": lambda n: "Draft resolution I\nThe General Assembly,\n1. Decides.\n" * n,
    "brackets": lambda n: "[" * n * 20 + "](" * n,
    "pipes": lambda n: "| a " * n * 4 + "|\n" + "|-" * n + "|",
    "short names": lambda n: "the Organization of Ships for Sails; the Organization " * n,
    "front matter": lambda n: "---\ntitle: >\n" + "  ships\n" * n,
    "capitals": lambda n: "Ships Of The Night " * n,
    "wrapped": lambda n: ("and the ships sail at night over the sea to us\n" * 9 + "\n") * (n // 9),
}
PAGES: Mapping[str, Callable[[int], str]] = {
    "divisions": lambda n: nested("<div>", "</div>", n),
    "menus": lambda n: nested("<div class=menu>w ", "</div>", n) + WORDS * n,
    "nested lists": lambda n: nested("<ul><li>w <a href=#>a</a>", "</ul>", n),
    "nested tables": lambda n: nested("<table><tr><td>w<td>v<tr><td>", "</table>", n // 10),
    "articles": lambda n: nested("<article>w ", "</article>", n),
    "raised": lambda n: nested("<sup>w<i>", "</i></sup>", n),
    "empty elements": lambda n: "<p></p><br><b></b>" * n,
    "comments": lambda n: "<p>w<!-- c -->" + "<!-- c -->" * n * 4,
    "powers": lambda n: "<msup>" + "<!-- c -->" * n + "<mi>w</mi>" * n + "</msup>",
    "spans": lambda n: "<table>" + "<tr><td colspan=1000 rowspan=1000>w<td>v</tr>" * (n // 10) + "</table>",
    "styles": lambda n: f"<style>{'.a{display:none;color:red}' * n}</style>" + "<p class=b>w</p>" * n,
    "long style": lambda n: f"<style>p{{{'display:block;' * n}}}</style>" + "<p>w</p>" * (n // 10),
    "spaces": lambda n: f"<p>w{' ' * n * 100}v</p>",
    "fields": lambda n: "<form>" + "<input value=w><select><option selected>v</select>" * n + "</form>",
    "forms": lambda n: "<form>w <input></form>" * n,
    "notes": lambda n: "<ol class=footnotes>" + "<li id=fn1>w <a href=#a>1</a>" * n + "</ol>",
    "one paragraph": lambda n: f"<p>{WORDS * n}</p>",
    "list": lambda n: "<ol reversed>" + "<li>w" * n + "</ol>",
    "bold": lambda n: "<p>" + "<b>w</b> v " * n,
}
_WIDE_WORD_ROW = (
    f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr>{paragraph("w")}</w:tc>'
    f"<w:tc>{paragraph('v')}</w:tc></w:tr>"
)
WORD_BODIES: Mapping[str, Callable[[int], str]] = {
    "paragraphs": lambda n: paragraph("w") * n,
    "runs": lambda n: "<w:p>" + "<w:r><w:t>w </w:t></w:r>" * n * 4 + "</w:p>",
    "deleted ends": lambda n: paragraph("ships sail", "<w:rPr><w:del/></w:rPr>") * n + paragraph("v"),
    "nested tables": lambda n: nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", n // 10, paragraph("w")),
    "nested controls": lambda n: nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", n // 10, paragraph("w")),
    "spans": lambda n: f"<w:tbl>{_WIDE_WORD_ROW * (n // 10)}</w:tbl>",
    "cells": lambda n: "<w:tbl>" + f"<w:tr>{f'<w:tc>{paragraph(chr(119))}</w:tc>' * n}</w:tr>" * 2 + "</w:tbl>",
    "spaces": lambda n: paragraph(f"w{' ' * n * 100}v"),
    "one paragraph": lambda n: paragraph(WORDS * n),
    "breaks": lambda n: "<w:p><w:r>" + "<w:br/>" * n * 4 + "<w:t>w</w:t></w:r></w:p>",
    "bomb": lambda n: paragraph("w" * n * 8000),
}
_WIDE_ODT_ROW = (
    '<table:table-row><table:table-cell table:number-columns-repeated="9999">'
    f"{odt_paragraph('w')}</table:table-cell></table:table-row>"
)
_ODT_LIST = "<text:list><text:list-item>", "</text:list-item></text:list>"
ODT_BODIES: Mapping[str, Callable[[int], str]] = {
    "paragraphs": lambda n: odt_paragraph("w") * n,
    "spans": lambda n: "<text:p>" + "<text:span>w </text:span>" * n * 4 + "</text:p>",
    "nested spans": lambda n: f"<text:p>{nested('<text:span>w', '</text:span>', n // 10)}</text:p>",
    "nested lists": lambda n: nested(*_ODT_LIST, n // 10, odt_paragraph("w")),
    "lists": lambda n: f"<text:list><text:list-item>{odt_paragraph('w')}</text:list-item></text:list>" * n,
    "repeated cells": lambda n: f"<table:table>{_WIDE_ODT_ROW * (n // 10)}</table:table>",
    "spaces": lambda n: odt_paragraph(f"w{' ' * n * 100}v"),
    "bomb": lambda n: odt_paragraph("w" * n * 8000),
}
_WIDE_AKN_ROW = '<tr><td colspan="9999" rowspan="9999"><p>w</p></td><td><p>v</p></td></tr>'
AKN_BODIES: Mapping[str, Callable[[int], str]] = {
    "sections": lambda n: nested("<section><num>1</num>", "</section>", n // 10, "<content><p>w</p></content>"),
    "paragraphs": lambda n: "<paragraph><num>1</num><content><p>w</p></content></paragraph>" * n,
    "numbers": lambda n: "<paragraph><num>1.</num></paragraph>" * n + "<p>w</p>",
    "notes": lambda n: "<p>w" + "<authorialNote><p>v</p></authorialNote>" * n + "</p>",
    "nested notes": lambda n: nested("<p>w<authorialNote>", "</authorialNote></p>", n // 20, "<p>w</p>"),
    "spans": lambda n: f"<table>{_WIDE_AKN_ROW * (n // 10)}</table>",
    "one paragraph": lambda n: f"<p>{WORDS * n}</p>",
    "spaces": lambda n: f"<p>w{' ' * n * 100}v</p>",
}
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHOWN = "http://schemas.openxmlformats.org/presentationml/2006/main"
_SHAPE = "<p:sp><p:txBody><a:p><a:r><a:t>w</a:t></a:r></a:p></p:txBody></p:sp>"
_TABLE = "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
_WIDE_ROW = (
    '<a:tr><a:tc gridSpan="9999" rowSpan="9999"><a:txBody><a:p><a:r><a:t>w</a:t></a:r></a:p></a:txBody></a:tc>'
    "<a:tc/></a:tr>"
)
SLIDES: Mapping[str, Callable[[int], str]] = {
    "shapes": lambda n: _SHAPE * n,
    "groups": lambda n: nested("<p:grpSp>", "</p:grpSp>", n // 10, _SHAPE),
    "paragraphs": lambda n: f"<p:sp><p:txBody>{'<a:p><a:r><a:t>w</a:t></a:r></a:p>' * n}</p:txBody></p:sp>",
    "runs": lambda n: f"<p:sp><p:txBody><a:p>{'<a:r><a:t>w </a:t></a:r>' * n * 4}</a:p></p:txBody></p:sp>",
    "spans": lambda n: _TABLE.format(_WIDE_ROW * (n // 10)),
    "bomb": lambda n: _SHAPE.replace("w", "w" * n * 8000),
}


def slides_of(shapes: str, slides: int = 1) -> bytes:
    """Return a presentation whose slides hold the same shapes."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(f'<p:sldId id="{i}" r:id="r{i}"/>' for i in range(slides))
    related = "".join(f'<Relationship Id="r{i}" Type="{kind}/slide" Target="slide{i}.xml"/>' for i in range(slides))
    slide = f'<p:sld xmlns:p="{_SHOWN}" xmlns:a="{_DRAWN}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>'
    return zipped(
        {
            "ppt/presentation.xml": (
                f'<p:presentation xmlns:p="{_SHOWN}" xmlns:r="{kind}">'
                f"<p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
            ),
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{relations}">{related}</Relationships>',
            **{f"ppt/slide{i}.xml": slide for i in range(slides)},
        }
    )


def chain_of_styles(n: int) -> bytes:
    """Return a Word file whose styles inherit from each other."""
    one = '<w:style w:styleId="s{}"><w:basedOn w:val="s{}"/><w:name w:val="n"/></w:style>'
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    styles = f"<w:styles {main}>{''.join(one.format(i, i + 1) for i in range(n))}</w:styles>"
    return word_file(paragraph("w", '<w:pStyle w:val="s0"/>'), styles=styles)


def chain_of_odt_styles(n: int) -> bytes:
    """Return an OpenDocument text whose styles inherit from each other."""
    one = '<style:style style:name="s{}" style:family="paragraph" style:parent-style-name="s{}"/>'
    return odt_file(odt_paragraph("w", "s0"), automatic="".join(one.format(i, i + 1) for i in range(n)))


def mail(n: int) -> bytes:
    """Return a saved page with many parts."""
    parts = "--b\r\nContent-Type: image/png\r\n\r\nAAAA\r\n" * n
    page = "--b\r\nContent-Type: text/html\r\n\r\n<p>words</p>\r\n--b--"
    return f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{parts}{page}".encode()


def workbook(rows: int, columns: int, text: str) -> bytes:
    """Return a workbook with the same text in each cell."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["topic"])
    for _ in range(rows):
        sheet.append([text] * columns)
    book.save(held := io.BytesIO())
    return held.getvalue()


def bomb(n: int) -> bytes:
    """Return a workbook whose sheet unpacks to a thousand times its size."""
    held = io.BytesIO(workbook(1, 1, "w"))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * n * 20_000)
    return held.getvalue()


def table(rows: int, columns: int, cell: str) -> bytes:
    """Return a CSV."""
    csv.writer(held := io.StringIO()).writerows([["topic"], *([cell] * columns for _ in range(rows))])
    return held.getvalue().encode()


def drawn(draw: Callable[[Canvas], object]) -> bytes:
    """Return a PDF of what is drawn."""
    canvas = Canvas(held := io.BytesIO(), pageCompression=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return held.getvalue()


def each(n: int, draw: Callable[[Canvas, int], object]) -> bytes:
    """Return a PDF of so many drawings on one page."""
    return drawn(lambda canvas: [draw(canvas, i) for i in range(n)])


def apart(i: int) -> tuple[int, int]:
    """Return one place after another on a page, far from the last one."""
    return i * 37 % 500, i * 13 % 800


def crossed(canvas: Canvas, share: float) -> None:
    """Draw a horizontal and a vertical line, and some words."""
    canvas.line(0, share * 800, 600, share * 800)
    canvas.line(share * 600, 0, share * 600, 800)
    canvas.drawString(99, 99 + share, WORDS)


PDFS: Mapping[str, Callable[[int], bytes]] = {
    "letters in one place": lambda n: each(n, lambda c, _: c.drawString(99, 99, "words")),
    "letters apart": lambda n: each(n, lambda c, i: c.drawString(*apart(i), "w")),
    "lines": lambda n: each(n, lambda c, i: c.drawString(60, 800 - i * 700 / n, WORDS)),
    "rules": lambda n: each(n, lambda c, i: crossed(c, i / n)),
    "white": lambda n: each(n, lambda c, i: (c.setFillGray(1), c.drawString(*apart(i), "words"))),
    "covered": lambda n: each(n, lambda c, i: (c.drawString(*apart(i), "words"), c.rect(0, i % 800, 99, 9))),
    "pages": lambda n: each(n // 10, lambda c, _: (c.drawString(99, 700, WORDS * 2), c.showPage())),
    "fields": lambda n: each(n // 10, lambda c, i: c.acroForm.textfield(name=f"f{i}", value="w", x=i % 500, y=i % 800)),
    "one line": lambda n: each(1, lambda c, _: c.drawString(9, 99, WORDS * n)),
}


def files() -> Mapping[str, Callable[[int], bytes]]:
    """Return what writes each file: its name tells its format and what it is made of."""
    made: dict[str, Callable[[int], bytes]] = {}
    for suffix, texts in (("txt", TEXTS), ("md", TEXTS), ("html", PAGES), ("xhtml", PAGES)):
        for name, write in texts.items():
            made[f"{name}.{suffix}"] = lambda n, write=write: write(n).encode()  # type: ignore[misc]
    wraps: Mapping[str, tuple[Mapping[str, Callable[[int], str]], Callable[[str], bytes]]] = {
        "docx": (WORD_BODIES, word_file),
        "odt": (ODT_BODIES, odt_file),
        "xml": (AKN_BODIES, lambda body: AKN.format(body).encode()),
        "pptx": (SLIDES, slides_of),
    }
    for suffix, (bodies, wrap) in wraps.items():
        for name, write in bodies.items():
            made[f"{name}.{suffix}"] = lambda n, write=write, wrap=wrap: wrap(write(n))  # type: ignore[misc]
    made |= {f"{name}.pdf": write for name, write in PDFS.items()}
    made |= {
        "inherited styles.docx": chain_of_styles,
        "inherited styles.odt": chain_of_odt_styles,
        "slides.pptx": lambda n: slides_of(_SHAPE, n // 10),
        "parts.mhtml": mail,
        "rows.xlsx": lambda n: workbook(n, 1, "w"),
        "columns.xlsx": lambda n: workbook(1, n, "w"),
        "long cells.xlsx": lambda n: workbook(n, 1, "w" * 9000),
        "bomb.xlsx": bomb,
        "rows.csv": lambda n: table(n, 3, "w"),
        "columns.csv": lambda n: table(2, n, "w"),
        "quotation marks.csv": lambda n: b"topic\n" + b'"a\n' * n,
        "long cell.csv": lambda n: table(1, 1, "w" * n * 100),
    }
    return made


def read(path: Path) -> str:
    """Read a file, and say what came of it."""
    try:
        if path.suffix in (".csv", ".xlsx"):
            return f"{sum(1 for _ in open_sheet(path).rows())} rows"
        return f"{len(read_one(path).paragraphs)} paragraphs"
    except AssistantError as error:
        return str(error).removeprefix(f"{path}: ")


def measured(path: Path) -> tuple[float, float, str]:
    """Return the processor time of reading a file, in seconds, the greatest memory, in MB, and what came of it."""
    ours, theirs = os.pipe()
    if not (child := os.fork()):
        os.write(theirs, read(path).encode()[:4000])
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    os.close(theirs)
    with os.fdopen(ours) as said:
        outcome = said.read() or f"status {status}"
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, outcome


def main(wanted: list[str]) -> None:
    """Print a line for each file."""
    size = int(os.environ.get("BOUNDS_SIZE", "4000"))
    with tempfile.TemporaryDirectory() as folder:
        starts: dict[str, float] = {}
        for name, write in files().items():
            if wanted and not any(part in name for part in wanted):
                continue
            suffix = name.rpartition(".")[2]
            if suffix not in starts:
                path = Path(folder) / f"small.{suffix}"
                path.write_bytes(write(70_000 if write(9).isascii() and suffix in ("txt", "md") else 20))
                starts[suffix] = measured(path)[0]
            results = []
            for times in (1, 2):
                path = Path(folder) / name
                path.write_bytes(write(size * times))
                results.append(measured(path))
            (seconds, memory, _), (longer, more, outcome) = results
            longer -= starts[suffix]
            ratio = max(longer, LEAST) / max(seconds - starts[suffix], LEAST)
            mark = "  <-- " if ratio >= MARKED or more / memory >= MARKED else ""
            print(
                f"{name}: {longer:.2f} s ({ratio:.1f}), {more:.0f} MB ({more / memory:.1f}): {outcome}{mark}",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
