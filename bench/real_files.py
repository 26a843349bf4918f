"""How files that real programs made are read: `python -m bench.real_files [--folder FOLDER]`, and `--speed FILE …`.

Made-up documents (reports with draft resolutions, annexes, sections, decisions, a table, notes) are written as HTML and
converted by the programs that are installed: Chromium, LibreOffice, pandoc, LaTeX; by python-docx in two ways. Each
file is read, and counts as **good** if every paragraph is cited as it ought to be, as **usable** if all words can be
quoted and some place is another, as **wrong** if words are missing or torn. Prints a table in Markdown, and what isn't
good. Some minutes, most of them the programs' own.
`--speed` prints the processor time and the greatest memory of reading each of the given files. Linux, macOS.
"""

import argparse
import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from docx import Document

from assistant.documents import format_of, read_corpus
from assistant.errors import AssistantError

FORMATS = Path(__file__).resolve().parent.parent / "assistant" / "documents" / "formats"
SECONDS = 180  # for one conversion
BY = "in the light of what was said on housing, health and schools by those who came, and of the means of the towns"


class Piece(NamedTuple):
    """A piece of a document: a heading, a paragraph, a row of a table (cells parted by "|"); its locator."""

    kind: Literal["h", "p", "r"]
    text: str
    locator: str = ""  # empty where there is none, or it depends on the format


def p(text: str, locator: str = "") -> Piece:
    """Return a paragraph, which goes on for two lines if it ends with a mark of a clause."""
    return Piece("p", f"{text[:-1]} {BY}{text[-1]}" if text[-1] in ",;.:" and locator else text, locator)


def h(text: str) -> Piece:
    """Return a heading."""
    return Piece("h", text)


SOURCES: Mapping[str, Sequence[Piece]] = {
    "resolution": (
        h("72/9. Ferries and piers"),
        p("The General Assembly,"),
        p("Recalling the winter,", "preambular para. 1"),
        p("Noting the costs of the piers,", "preambular para. 2"),
        p("1. Decides to sail;", "para. 1"),
        p("2. Requests a report:", "para. 2"),
        p("(a) On fares;", "para. 2 (a)"),
        p("(i) In winter;", "para. 2 (a) (i)"),
        p("(b) On crews;", "para. 2 (b)"),
        p("3. Decides to remain seized of the matter.", "para. 3"),
    ),
    "drafts": (
        h("Report of the Committee on Ferries"),
        h("I. Organization of the session"),
        p("1. The Committee met from 3 to 7 March.", "para. 1"),
        p("2. It elected a chair and two vice-chairs.", "para. 2"),
        h("II. Matters calling for action"),
        p("3. The Committee recommends the adoption of the following drafts:", "para. 3"),
        h("Draft resolution I"),
        h("Ferries at night"),
        p("The Economic and Social Council,"),
        p("Recalling its resolution 2019/4 of 6 June 2019,", "draft resolution I, preambular para. 1"),
        p("1. Decides to keep the night ferries;", "draft resolution I, para. 1"),
        p("2. Requests a report.", "draft resolution I, para. 2"),
        h("Draft resolution II"),
        h("Piers"),
        p("The Economic and Social Council,"),
        p("Reaffirming the need for piers,", "draft resolution II, preambular para. 1"),
        p("1. Invites the towns to mend their piers.", "draft resolution II, para. 1"),
        h("III. Adoption of the report"),
        p("4. At its last meeting the Committee adopted its report.", "para. 4"),
        p("5. The Chair closed the session.", "para. 5"),
    ),
    "annex": (
        h("77/301. Ferry compact"),
        p("The General Assembly,"),
        p("Recalling its resolution 76/12 of 3 May 2022,", "preambular para. 1"),
        p("1. Adopts the Ferry compact;", "para. 1"),
        p("2. Decides to review it.", "para. 2"),
        h("Annex"),
        h("Ferry compact"),
        p("1. We, the towns of the sound, have met.", "annex, para. 1"),
        p("2. We commit to the following:", "annex, para. 2"),
        p("(a) Keep the ferries running;", "annex, para. 2 (a)"),
        p("(b) Pay the crews.", "annex, para. 2 (b)"),
        p("3. We will meet again.", "annex, para. 3"),
    ),
    "sections": (
        h("72/10. Ferries and piers"),
        p("The General Assembly,"),
        p("Recalling the winter,", "preambular para. 1"),
        h("I. Ferries"),
        p("1. Decides to sail;", "section I, para. 1"),
        p("2. Requests a report;", "section I, para. 2"),
        h("II. Piers"),
        p("1. Decides to build;", "section II, para. 1"),
        p("2. Calls for bids.", "section II, para. 2"),
    ),
    "convention": (
        h("Convention on Ferries"),
        p("The States Parties to the present Convention,"),
        p("Considering the winter,", "preambular para. 1"),
        p("Bearing in mind the state of the piers,", "preambular para. 2"),
        p("Have agreed as follows:"),
        h("Article 1"),
        p("1. The present Convention applies to all ferries.", "Article 1 (1)"),
        p("2. It applies by night.", "Article 1 (2)"),
        h("Article 2"),
        p("1. Each Party counts its ferries.", "Article 2 (1)"),
    ),
    "table": (
        h("Ferries by town"),
        p("The table below shows how many ferries each of the towns had in the years that were looked at."),
        Piece("r", "Town|2018|2019|2020"),
        Piece("r", "Odrin|12|14|"),
        Piece("r", "Quessin||7|9"),
        Piece("r", "Tollmarch|3|4|5"),
        p("Odrin closed its pier in 2020, and its ferries were sold to the towns on the other side of the sound."),
    ),
}


# Programs ------------------------------------------------------------------------------------------------------------


def written(name: str, pieces: Sequence[Piece], folder: Path) -> Iterator[tuple[str, Path]]:
    """Write a document in every way that this machine has; yield the names of the ways and the files.

    A file that is there already isn't written again.
    """
    page = folder / f"{name}.html"
    page.write_text(page_of(pieces), encoding="utf-8")
    yield "HTML", page
    for way, numbered in (("python-docx", False), ("python-docx, headings in bold alone", True)):
        path = folder / f"{name}-{'bold' if numbered else 'styled'}.docx"
        word_of(pieces, path, is_bold=numbered)
        yield way, path
    if chromium := shutil.which("chromium") or shutil.which("google-chrome"):
        path = folder / f"{name}-chromium.pdf"
        run(path, chromium, "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={path}", str(page))
        yield "Chromium, PDF", path
    if pandoc := shutil.which("pandoc"):
        for suffix in ("docx", "odt", "md"):
            path = folder / f"{name}-pandoc.{suffix}"
            run(path, pandoc, str(page), "-o", str(path), *(("-t", "gfm") if suffix == "md" else ()))
            yield f"pandoc, .{suffix}", path
    if latex := shutil.which("pdflatex"):
        path = folder / f"{name}-latex.tex"
        path.write_text(latex_of(pieces), encoding="utf-8")
        run(path.with_suffix(".pdf"), latex, "-interaction=batchmode", f"-output-directory={folder}", str(path))
        yield "LaTeX, PDF", path.with_suffix(".pdf")
    if office := shutil.which("soffice"):
        inner = folder / f"{name}-office"
        inner.mkdir(exist_ok=True)
        source = inner / f"{name}.docx"
        shutil.copy(folder / f"{name}-styled.docx", source)
        for suffix in ("odt", "pdf"):
            target = inner / f"{name}.{suffix}"
            run(target, office, f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", suffix,
                "--outdir", str(inner), str(source))  # fmt: skip
            yield f"LibreOffice, .{suffix}", target


def page_of(pieces: Sequence[Piece]) -> str:
    """Return a document as an HTML page."""
    body, is_table = [], False
    for piece in pieces:
        if (piece.kind == "r") != is_table:
            is_table = not is_table
            body.append("<table border=1>" if is_table else "</table>")
        words = html.escape(piece.text)
        cells = "".join(f"<td>{cell}</td>" for cell in words.split("|"))
        body.append(
            f"<tr>{cells}</tr>" if is_table else f"<h2>{words}</h2>" if piece.kind == "h" else f"<p>{words}</p>"
        )
    return f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Ferries</title><body>{''.join(body)}</body></html>"


def latex_of(pieces: Sequence[Piece]) -> str:
    """Return a document as LaTeX's article."""
    body, is_table = [], False
    for piece in pieces:
        if (piece.kind == "r") != is_table:
            is_table = not is_table
            cells = "|l" * (piece.text.count("|") + 1)
            body.append(rf"\begin{{tabular}}{{{cells}|}}\hline" if is_table else "\\end{tabular}\n\n")
        shape = r"{} \\ \hline" if is_table else r"\section*{{{}}}" if piece.kind == "h" else "{}\n\n"
        body.append(shape.format(piece.text.replace("|", " & ")))
    return "\n".join((r"\documentclass{article}\begin{document}", *body, r"\end{document}"))


def word_of(pieces: Sequence[Piece], path: Path, *, is_bold: bool) -> None:
    """Write a document as a Word file, its headings in styles or in bold letters alone."""
    document = Document()
    table = None
    for piece in pieces:
        if piece.kind == "r":
            cells = piece.text.split("|")
            table = table or document.add_table(0, len(cells))
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
        elif piece.kind == "h" and not is_bold:
            document.add_heading(piece.text, 2)
        else:
            document.add_paragraph().add_run(piece.text).bold = piece.kind == "h"
    document.save(str(path))


def run(target: Path, *command: str) -> None:
    """Run a converter unless its file is there; what it doesn't write is found missing later."""
    if target.is_file():
        return
    subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)


# Judging -------------------------------------------------------------------------------------------------------------


def judged(pieces: Sequence[Piece], path: Path) -> tuple[str, list[str]]:
    """Return the class of a file, and what isn't as it ought to be."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        try:
            (document,) = read_corpus(Path(folder)).documents
        except AssistantError as error:
            return "wrong", [str(error)]
    found = [(one_line(document.text[each.start : each.end]), each.locator) for each in document.paragraphs]
    whole = one_line(document.text)
    wrong, moved = [], []
    for piece in pieces:
        text = one_line(piece.text.replace("|", " | "))
        if text not in whole:
            wrong.append(f"not in one piece: {text[:50]}")
        elif piece.locator:
            locators = [locator for words, locator in found if words.startswith(text)]
            if locators != [piece.locator]:
                moved.append(f"{piece.locator} is cited as {', '.join(locators) or 'part of another'}")
    return "wrong" if wrong else "usable" if moved else "good", wrong + moved


def one_line(text: str) -> str:
    """Return a text with single spaces, without what Markdown adds."""
    return " ".join(text.replace("\\", "").split()).strip("| ")


def main(folder: Path) -> None:
    """Print the table."""
    classes: dict[str, Counter[str]] = defaultdict(Counter)
    problems = []
    for name, pieces in SOURCES.items():
        for way, path in written(name, pieces, folder):
            if not path.is_file():
                problems.append(f"- {way}, {name}: not written by the program")
                continue
            class_, found = judged(pieces, path)
            classes[way][class_] += 1
            print(f"{way}, {name}: {class_}", file=sys.stderr, flush=True)
            problems += [f"- {way}, {name}: {each}" for each in found]
    print("| made by | good | usable | wrong |\n|---|---|---|---|")
    for way, counts in classes.items():
        print(f"| {way} | {counts['good']} | {counts['usable']} | {counts['wrong']} |")
    total = sum(classes.values(), Counter())
    print(f"| all {total.total()} | {total['good']} | {total['usable']} | {total['wrong']} |", *problems, sep="\n")


def print_speed(paths: Sequence[Path]) -> None:
    """Print the processor time and memory of reading files, each in a process of its own as the assistant does."""
    for path in paths:
        named = format_of(path.name)
        if not named or not named.reader:
            continue
        command = [sys.executable, "-m", FORMATS.name, named.reader, "60", "600", str(path.absolute())]
        process = subprocess.Popen(command, cwd=FORMATS.parent, stdout=subprocess.DEVNULL)
        _, _, used = os.wait4(process.pid, 0)
        seconds = used.ru_utime + used.ru_stime
        print(f"{path.name}: {seconds:.2f} s, {used.ru_maxrss / 1024:.0f} MB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep the files here")
    parser.add_argument("--speed", nargs="+", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    if chosen.speed:
        print_speed(chosen.speed)
    elif chosen.folder:
        main(chosen.folder)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
