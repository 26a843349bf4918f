from pathlib import Path

import pytest

from assistant.corpus import fingerprint, read_corpus
from assistant.errors import CorpusError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus folder with two files and nothing that describes them."""
    (tmp_path / "a brief.txt").write_text("First brief\n\nIt speaks of data.\n", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "other.md").write_text("# Digest: Other brief\n\nIt speaks of borders.\n", encoding="utf-8")
    return tmp_path


def test_the_shipped_corpus_holds_the_note_and_three_digests(corpus_folder: Path) -> None:
    corpus = read_corpus(corpus_folder)

    assert [(document.id, document.source.kind) for document in corpus.documents] == [
        ("background-note", "original"),
        ("people-on-the-move", "digest"),
        ("well-governed-migration", "digest"),
        ("does-not-discriminate", "digest"),
    ]
    assert {source.kind for source in corpus.sources} == {"original", "digest", "link"}
    assert corpus.problems == ()


def test_a_digest_opens_with_what_it_is(corpus_folder: Path) -> None:
    digests = [document for document in read_corpus(corpus_folder).documents if document.source.kind == "digest"]

    for digest in digests:
        opening = digest.text[digest.paragraphs[0].start : digest.paragraphs[0].end]
        assert digest.source.address in opening
        assert "summary" in opening


def test_files_need_no_manifest(folder: Path) -> None:
    corpus = read_corpus(folder)

    assert [(d.id, d.source.title, d.source.kind) for d in corpus.documents] == [
        ("a-brief", "First brief", "original"),
        ("deep-other", "Other brief", "digest"),
    ]


def test_a_file_beside_the_manifest_is_a_document_too(folder: Path) -> None:
    (folder / "sources.toml").write_text(
        '[[source]]\nid = "a"\ntitle = "A"\nkind = "original"\nfile = "a brief.txt"\n', encoding="utf-8"
    )
    (folder / "README.md").write_text("About this folder", encoding="utf-8")

    corpus = read_corpus(folder)

    assert [document.id for document in corpus.documents] == ["a", "deep-other"]


def test_a_file_that_cannot_be_read_harms_no_other(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"caf\xe9")

    corpus = read_corpus(folder)

    assert len(corpus.documents) == 2
    assert len(corpus.problems) == 1
    assert "bad.txt" in corpus.problems[0]


def test_progress_is_told_for_every_document(folder: Path) -> None:
    told: list[tuple[int, int]] = []

    read_corpus(folder, report=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such folder; give the folder of the documents with --corpus"):
        read_corpus(tmp_path / "none")


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="there is no document in it"):
        read_corpus(tmp_path)


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
        read_corpus(folder)


def test_the_fingerprint_follows_every_change(folder: Path) -> None:
    states = [fingerprint(folder)]

    (folder / "a brief.txt").write_text("Changed.", encoding="utf-8")
    states.append(fingerprint(folder))
    (folder / "a brief.txt").rename(folder / "b.txt")
    states.append(fingerprint(folder))
    (folder / "new.md").write_text("New.", encoding="utf-8")
    states.append(fingerprint(folder))
    (folder / "sources.toml").write_text("", encoding="utf-8")
    states.append(fingerprint(folder))

    assert len(set(states)) == len(states)
    assert fingerprint(folder) == states[-1]
