from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.documents.sources import allowed_hosts, linked_documents, passed_over
from assistant.errors import CorpusError
from tests.documents.test_corpus import LINKED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus folder with two files and nothing that describes them."""
    (tmp_path / "a brief.txt").write_text("First brief\n\nIt speaks of data.\n", encoding="utf-8")
    (tmp_path / "other.md").write_text("# Other brief\n\nIt speaks of borders.\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('id = "a"\nkind = "original"\nfile = "a brief.txt"', "lacks title"),
        ('id = "a"\ntitle = "A"\nkind = "copy"', "is none of"),
        ('id = "a"\ntitle = "A"\nkind = "original"\nfile = "../secret.txt"', "inside the corpus folder"),
        ('id = "a"\ntitle = "A"\nkind = "original"\nfile = "/etc/passwd"', "inside the corpus folder"),
        ("id = ", "not valid TOML"),
    ],
)
def test_a_wrong_manifest_is_refused(folder: Path, row: str, message: str) -> None:
    (folder / "sources.toml").write_text(f"[[source]]\n{row}\n", encoding="utf-8")

    with pytest.raises(CorpusError, match=message):
        linked_documents(folder)


def test_what_is_linked_is_told_with_where_it_is_to_be_had(folder: Path) -> None:
    (folder / "sources.toml").write_text(LINKED, encoding="utf-8")

    linked = linked_documents(folder)

    assert [each.original and (each.original.id, each.original.file) for each in linked] == [
        ("a", "originals/a.txt"),
        ("b", "originals/b.txt"),
        None,
    ]
    assert allowed_hosts(folder) == ("un.example",)


def test_the_shipped_originals_are_on_allowed_hosts(corpus_folder: Path) -> None:
    originals = [each.original for each in linked_documents(corpus_folder) if each.original]

    assert len(originals) == 4
    assert all(urlsplit(each.address).hostname in allowed_hosts(corpus_folder) for each in originals)
    assert all(each.address.startswith("https://") and each.file.startswith("originals/") for each in originals)


@pytest.mark.parametrize(
    ("original", "message"),
    [
        ('"https://un.example/a"', "its original must be"),
        ('{ address = "https://un.example/a" }', "its original must be"),
        ('{ address = "https://un.example/a", file = "../a.pdf" }', "in the corpus folder"),
        ('{ address = "https://un.example/a", file = "C:/a.pdf" }', "in the corpus folder"),
        ('{ address = "https://un.example/a", file = "..\\\\a.pdf" }', "in the corpus folder"),
        ('{ address = "https://un.example/a", file = "a.exe" }', "in the corpus folder"),
        ('{ address = "https://un.example/a", file = "a brief.txt" }', "in the corpus folder"),
    ],
)
def test_a_wrong_original_is_refused(folder: Path, original: str, message: str) -> None:
    row = f'[[source]]\nid = "a"\ntitle = "A"\nkind = "digest"\nfile = "a brief.txt"\noriginal = {original}\n'
    (folder / "sources.toml").write_text(row, encoding="utf-8")

    with pytest.raises(CorpusError, match=message):
        linked_documents(folder)


def test_an_original_of_an_original_and_wrong_hosts_are_refused(folder: Path) -> None:
    (folder / "sources.toml").write_text(LINKED.replace('"digest"', '"original"'), encoding="utf-8")
    with pytest.raises(CorpusError, match="an original names no other original"):
        linked_documents(folder)

    (folder / "sources.toml").write_text('hosts = "un.example"', encoding="utf-8")
    with pytest.raises(CorpusError, match="hosts must be a list"):
        allowed_hosts(folder)


def test_what_is_not_read_is_named_in_one_line(folder: Path) -> None:
    assert passed_over(folder) == ""

    for name in ("old.doc", "data.xlsx", "Thumbs.db", "sources.toml", ".hidden.doc", "~$brief.docx", "~WRL0003.tmp"):
        (folder / name).write_bytes(b"")
    (folder / "elsewhere").symlink_to(folder.parent, target_is_directory=True)

    assert passed_over(folder) == (
        f"{folder}: passed over data.xlsx, old.doc; save as .pdf or .docx what is to be read;"
        " elsewhere is a link, and no link is followed."
    )


@pytest.mark.usefixtures("link_out")
def test_a_link_out_of_the_folder_is_not_followed_but_named(folder: Path) -> None:
    (folder / "within.txt").symlink_to(folder / "other.md")

    files = [linked.source.file for linked in linked_documents(folder)]

    assert "link.txt" not in files
    assert "within.txt" in files
    assert passed_over(folder) == f"{folder}: link.txt is a link, and no link is followed."


def test_of_much_that_is_not_read_some_is_named(folder: Path) -> None:
    for number in range(30):
        (folder / f"{number:02}.png").write_bytes(b"")

    assert "06.png, 07.png and 22 more" in passed_over(folder)


def test_a_file_that_word_keeps_while_a_document_is_open_is_no_document(folder: Path) -> None:
    (folder / "~$brief.docx").write_bytes(b"somebody")

    assert [linked.source.file for linked in linked_documents(folder)] == ["a brief.txt", "other.md"]
