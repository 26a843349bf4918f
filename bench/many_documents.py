"""What it costs to index many documents, and to index them again when one has changed.

    python -m bench.many_documents [--documents 300] [--lines 0] [--texts FOLDER] [--folder FOLDER]

Makes documents from the texts of a folder, each with words of its own so that no two passages are alike, as plain text,
HTML, Word and PDF in turn; builds their index, changes one document and builds it again, each in a process of its own,
whose time and greatest memory are printed. On Linux and macOS.
"""

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path

from docx import Document as WordDocument
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate

ROOT = Path(__file__).resolve().parent.parent
_PLACES = "Aldmoor Brenholt Casterly Dunmere Elsworth Farholm Greywick Harlow Ivering Jorvik Kelmark Lorne".split()
_THINGS = "register panel schedule roster archive ledger survey workshop hotline depot clinic timetable".split()
_CHILD = (
    "import sys; from pathlib import Path; from assistant.__main__ import main; "
    "sys.exit(main(['index', '--corpus', sys.argv[1], '--index', sys.argv[2]]))"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--lines", type=int, default=0, help="of a text that a document takes; 0 for all")
    parser.add_argument("--texts", type=Path, default=ROOT / "tests" / "data")
    parser.add_argument("--folder", type=Path, help="keep the documents and the index here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        corpus = folder / "corpus"
        if not corpus.is_dir():
            texts = [each.read_text("utf-8").splitlines() for each in sorted(chosen.texts.glob("*.txt"))]
            write_documents(corpus, chosen.documents, texts, lines=chosen.lines)
        full = build(corpus, folder / "index")
        changed = corpus / "document-000.txt"
        changed.write_text(changed.read_text("utf-8") + "\nA closing word on the night ferries of Aldmoor.\n", "utf-8")
        again = build(corpus, folder / "index")
        size = sum(each.stat().st_size for each in (folder / "index").iterdir())
    print(f"{chosen.documents} documents, index of {size / 1e6:.0f} MB")
    print(f"all:              {full:8.1f} s")
    print(f"one of them again: {again:7.1f} s, {again / full:.1%}")
    print(f"greatest memory:  {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.0f} MB")


def build(corpus: Path, index: Path) -> float:
    """Build the index in a process of its own, and return the seconds that it took."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _CHILD, str(corpus), str(index)], cwd=ROOT, check=True)
    return time.perf_counter() - started


def write_documents(corpus: Path, count: int, texts: list[list[str]], *, lines: int = 0) -> None:
    """Write documents in four formats, no two passages of which are alike."""
    corpus.mkdir(parents=True)
    for number in range(count):
        text = texts[number // 4 % len(texts)]
        chance = random.Random(number)
        first = chance.randrange(max(len(text) - lines, 1)) if lines else 0
        paragraphs = [_varied(line, number, chance) for line in text[first : first + (lines or len(text))]]
        path = corpus / f"document-{number:03}"
        (_as_text, _as_html, _as_word, _as_pdf)[number % 4](path, paragraphs)


def _varied(line: str, number: int, chance: random.Random) -> str:
    """Put a place and a thing of the document's own into each sentence."""

    def added(match: re.Match[str]) -> str:
        return f" {chance.choice(_THINGS)} {number} of {chance.choice(_PLACES)}{match[0]}"

    return re.sub(r"[.;](?=\s|$)", added, line)


def _as_text(path: Path, paragraphs: list[str]) -> None:
    path.with_suffix(".txt").write_text("\n".join(paragraphs), "utf-8")


def _as_html(path: Path, paragraphs: list[str]) -> None:
    body = "".join(f"<p>{escape(each)}</p>\n" for each in paragraphs if each.strip())
    path.with_suffix(".html").write_text(f"<!doctype html><title>{path.name}</title><main>{body}</main>", "utf-8")


def _as_word(path: Path, paragraphs: list[str]) -> None:
    document = WordDocument()
    for each in filter(str.strip, paragraphs):
        document.add_paragraph(each.strip())
    document.save(str(path.with_suffix(".docx")))


def _as_pdf(path: Path, paragraphs: list[str]) -> None:
    style = ParagraphStyle("body", spaceAfter=8)
    SimpleDocTemplate(str(path.with_suffix(".pdf")), pagesize=A4).build(
        [Paragraph(escape(each), style) for each in paragraphs if each.strip()]
    )


if __name__ == "__main__":
    main()
