from pathlib import Path

import pytest

from assistant.documents.corpus import fingerprint, read_corpus
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


def test_a_file_that_is_not_described_has_the_date_that_it_gives(folder: Path) -> None:
    (folder / "dated.md").write_text("+++\ntitle = 'Rooms'\ndate = 2020-05-01\n+++\nWords.\n", encoding="utf-8")

    read = read_corpus(folder)
    again = read_corpus(folder, known=read.documents)

    for corpus in (read, again):
        (dated,) = (document.source for document in corpus.documents if document.id == "dated")
        assert (dated.title, dated.date) == ("Rooms", "1 May 2020")


def test_a_folder_without_documents_says_what_it_passed_over(tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(b"")

    with pytest.raises(CorpusError, match=r"there is no document in it.*passed over old\.doc"):
        read_corpus(tmp_path)


def test_a_file_beside_the_manifest_is_a_document_too(folder: Path) -> None:
    (folder / "sources.toml").write_text(
        '[[source]]\nid = "a"\ntitle = "A"\nkind = "original"\nfile = "a brief.txt"\n', encoding="utf-8"
    )
    (folder / "README.md").write_text("About this folder", encoding="utf-8")

    corpus = read_corpus(folder)

    assert [document.id for document in corpus.documents] == ["a", "deep-other"]


def test_a_file_that_cannot_be_read_harms_no_other(folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"?!")

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


LINKED = """
hosts = ["un.example"]
[[source]]
id = "a"
title = "A"
kind = "digest"
file = "a brief.txt"
original = { address = "https://un.example/a", file = "originals/a.txt" }
[[source]]
id = "b"
title = "B"
kind = "link"
original = { address = "https://un.example/b", file = "originals/b.txt" }
"""


def with_originals(folder: Path, **originals: bytes) -> None:
    (folder / "sources.toml").write_text(LINKED, encoding="utf-8")
    (folder / "originals").mkdir()
    for name, content in originals.items():
        (folder / "originals" / f"{name}.txt").write_bytes(content)


def test_an_original_supersedes_its_digest_and_gives_a_link_its_text(folder: Path) -> None:
    with_originals(folder, a=b"The words of A.", b=b"The words of B.")

    corpus = read_corpus(folder)

    assert [(each.id, each.source.kind, each.source.file, each.text) for each in corpus.documents[:2]] == [
        ("a", "original", "originals/a.txt", "The words of A."),
        ("b", "original", "originals/b.txt", "The words of B."),
    ]
    assert [each.id for each in corpus.sources] == ["a", "b", "deep-other"]
    assert corpus.problems == ()


def test_where_no_original_is_here_digest_and_link_stay(folder: Path) -> None:
    with_originals(folder)

    corpus = read_corpus(folder)

    assert [(each.id, each.kind) for each in corpus.sources] == [
        ("a", "digest"),
        ("b", "link"),
        ("deep-other", "digest"),
    ]
    assert [each.id for each in corpus.documents] == ["a", "deep-other"]


def test_an_original_that_cannot_be_read_leaves_its_digest_in_place(folder: Path) -> None:
    with_originals(folder, a=b"?!", b=b"?!")
    told: list[tuple[int, int]] = []

    corpus = read_corpus(folder, report=lambda done, total: told.append((done, total)))

    assert [(each.id, each.kind) for each in corpus.sources] == [
        ("a", "digest"),
        ("b", "link"),
        ("deep-other", "digest"),
    ]
    assert corpus.documents[0].text.startswith("First brief")
    assert "a.txt: there are no words in it" in corpus.problems[0]
    assert corpus.problems[0].endswith("Until then its digest stands in for it.")
    assert corpus.problems[1].endswith("Until then no text stands in for it.")
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_fingerprint_follows_the_originals(folder: Path) -> None:
    with_originals(folder)
    before = fingerprint(folder)

    (folder / "originals" / "a.txt").write_bytes(b"The words of A.")

    assert fingerprint(folder) != before


MASTHEAD = """\
United Nations A/92/142
General Assembly Distr.: General
11 June 2031
Original: English
Ninety-second session
Ferries in winter
Report of the Secretary-General
The ferries have crossed the sound in every winter since the port was built, and nobody has counted them.
"""


def test_a_masthead_fills_what_no_description_says(folder: Path) -> None:
    (folder / "report.txt").write_text(MASTHEAD, encoding="utf-8")
    (folder / "sources.toml").write_text(
        '[[source]]\nid = "a"\ntitle = "Ours"\nkind = "original"\ndate = "June 2031"\nfile = "report.txt"\n'
        '[[source]]\nid = "b"\ntitle = "Sum"\nkind = "digest"\nfile = "digest.txt"\n',
        encoding="utf-8",
    )
    (folder / "digest.txt").write_text(MASTHEAD, encoding="utf-8")

    described = {document.id: document.source for document in read_corpus(folder).documents}
    (folder / "sources.toml").unlink()
    found = {document.id: document.source for document in read_corpus(folder).documents}

    assert (described["a"].title, described["a"].symbol, described["a"].date) == ("Ours", "A/92/142", "June 2031")
    assert (described["b"].symbol, described["b"].date) == ("", "")
    assert (found["report"].title, found["report"].date) == ("Ferries in winter", "11 June 2031")


@pytest.mark.usefixtures("link_out")
def test_a_described_file_that_is_a_link_out_of_the_folder_is_a_problem(folder: Path) -> None:
    row = '[[source]]\nid = "link"\ntitle = "A link"\nkind = "original"\nfile = "link.txt"\n'
    (folder / "sources.toml").write_text(row, encoding="utf-8")

    corpus = read_corpus(folder)

    assert "link" not in {document.id for document in corpus.documents}
    assert "is a link that leads out of the folder" in corpus.problems[0]
