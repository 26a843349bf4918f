"""Write what each document says on one subject as a file: a table in Word or in Markdown."""

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.web.rendering import Strings

_SIGN = re.compile(r"[\\`*_\[\]{}|~^$#<>&]")


class Said(Protocol):
    """The words of a document, and their citation."""

    @property
    def words(self) -> str:
        """The document's."""

    @property
    def citation(self) -> str:
        """Their place."""


def subject_docx(question: str, rows: Sequence[Said], silent: str, strings: Strings) -> bytes:
    """Write the table as a Word file.

    Args:
        silent: Names the documents that say nothing, in a line; empty for none.
    """
    from assistant.web.exports.word import begin_docx, bytes_of, writable  # few ask for it

    document = begin_docx(strings, title=strings.text("subject.title"))
    document.add_paragraph(writable(strings.text("subject.title")), style="Heading 1")
    document.add_paragraph(writable(question), style="Heading 2")
    if rows:
        table = document.add_table(rows=1, cols=2)
        table.style = None
        for cell, key in zip(table.rows[0].cells, ("subject.document", "subject.words"), strict=True):
            cell.paragraphs[0].add_run(strings.text(key)).bold = True
        for row in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = writable(row.citation), writable(row.words)
    if silent:
        document.add_paragraph(writable(strings.label("subject.silent") + silent))
    return bytes_of(document)


def subject_markdown(question: str, rows: Sequence[Said], silent: str, strings: Strings) -> str:
    """Write the table as Markdown, in GitHub's form."""
    lines = [f"# {strings.text('subject.title')}", "", f"## {_plain(question)}", ""]
    if rows:
        lines += [f"| {strings.text('subject.document')} | {strings.text('subject.words')} |", "|---|---|"]
        lines += [f"| {_plain(row.citation)} | {_plain(row.words)} |" for row in rows]
        lines.append("")
    if silent:
        lines += [_plain(strings.label("subject.silent") + silent), ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _SIGN.sub(r"\\\g<0>", " ".join(text.split()))
