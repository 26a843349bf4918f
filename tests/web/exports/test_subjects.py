import io
from dataclasses import dataclass

import docx

from assistant.web.exports import subject_docx, subject_markdown
from assistant.web.rendering import read_strings

ENGLISH = read_strings("en")


@dataclass(frozen=True)
class Said:
    words: str
    citation: str


def test_a_table_in_markdown_keeps_the_signs_of_words() -> None:
    written = subject_markdown("A *b*?", [Said("one | two", "Note, para. 1")], "The other", ENGLISH)

    assert r"## A \*b\*?" in written
    assert r"| Note, para. 1 | one \| two |" in written
    assert written.endswith("Nothing on it in: The other\n")


def test_a_table_in_word_is_a_table() -> None:
    document = docx.Document(io.BytesIO(subject_docx("A?", [Said("one", "Note, para. 1")], "", ENGLISH)))

    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Document", "Word for word"],
        ["Note, para. 1", "one"],
    ]
