import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.documents.originals import Original, Record, keep
from assistant.index import storage
from assistant.index.storage import MANIFEST
from assistant.journeys.building.build import load_build, save_build
from assistant.journeys.verification import Finding, verify
from assistant.settings import Settings
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

TABLE = """
[[source]]
id = "brief"
title = "The brief"
kind = "digest"
file = "brief.md"
original = { address = "https://un.example/brief", file = "originals/brief.txt" }
"""
ORIGINAL = Original("brief", "https://un.example/brief", "originals/brief.txt")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small corpus, a fetched original and their index."""
    folder = tmp_path_factory.mktemp("built")
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "objectives.toml").write_text(small_table(), encoding="utf-8")
    (corpus / "sources.toml").write_text(TABLE, encoding="utf-8")
    (corpus / "note.txt").write_text("The note\n\nIt speaks of data. It speaks of visas.\n", encoding="utf-8")
    (corpus / "brief.md").write_text("# The brief\n\nA digest of it.\n", encoding="utf-8")
    content = b"The brief\n\nIts own words.\n"
    record = Record(ORIGINAL.address, "2026-11-24", "text/plain", 26, hashlib.sha256(content).hexdigest())
    keep(content, corpus / ORIGINAL.file, record)
    Assistant.open(corpus, folder / "index", encoder=BagOfWordsEncoder())
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy to harm."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


def wrong(folder: Path) -> list[str]:
    """What is wrong; the weights are those of another encoder than the small one, by design."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    findings = list(verify(Settings(folder / "corpus", folder / "index")))
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [each.text for each in findings if not each.is_right and not each.text.startswith("the model's weights")]


def test_what_is_right_is_said_line_by_line(folder: Path) -> None:
    findings = list(verify(Settings(folder / "corpus", folder / "index")))

    assert wrong(folder) == []
    lines = [str(each) for each in findings if each.is_right]
    files = len(list((folder / "index").glob("*-*")))
    assert f"right: {files} files of the index have the bytes that were written" in lines
    assert "right: 2 passages stand word for word at their offsets" in lines
    assert "right: 3 sentences lie in their passages, in order" in lines
    assert "right: 2 texts in the index are their files', character for character" in lines
    assert f"right: {folder / 'corpus' / ORIGINAL.file}: its bytes are those fetched on 24 November 2026" in lines


def test_another_models_weights_are_named(folder: Path) -> None:
    assert any(
        each.text.startswith("the model's weights: changed") and not each.is_right
        for each in verify(Settings(folder / "corpus", folder / "index"))
    )


def test_each_damaged_file_is_named(folder: Path) -> None:
    paths = sorted((folder / "index").glob("*-*"))
    paths[0].write_bytes(b"damaged")
    paths[1].unlink()

    found = wrong(folder)

    assert any(text.startswith(f"{paths[0]}: its bytes aren't those") for text in found)
    assert any(text.startswith(f"{paths[1]}: can't be read") for text in found)


@pytest.mark.parametrize("manifest", ["", "{}", '{"files": 3}', '{"files": {"vectors": {}}}'])
def test_a_manifest_that_is_nonsense_is_wrong(folder: Path, manifest: str) -> None:
    (folder / "index" / MANIFEST).write_text(manifest, encoding="utf-8")

    assert any(MANIFEST in text for text in wrong(folder))


def test_a_manifest_that_points_outside_is_wrong(folder: Path) -> None:
    path = folder / "index" / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["sha256"]
    manifest["files"]["passages"]["name"] = "../corpus/note.txt"
    path.write_bytes(storage._signed(manifest))

    assert any("note.txt: its bytes aren't" in text for text in wrong(folder))


def test_no_index_is_wrong_and_the_originals_are_looked_at(folder: Path) -> None:
    shutil.rmtree(folder / "index")
    (folder / "corpus" / ORIGINAL.file).write_text("Other words.", encoding="utf-8")

    found = wrong(folder)

    assert len(found) == 2
    assert "there is no index yet" in found[0]
    assert "aren't those fetched on 24 November 2026" in found[1]


def test_a_document_that_has_changed_is_named(folder: Path) -> None:
    (folder / "corpus" / "note.txt").write_text("The note\n\nIt speaks of more.\n", encoding="utf-8")

    found = wrong(folder)

    assert any(text.startswith("the documents are sha256:") for text in found)
    assert "note: its text in the index isn't its file's." in found


def test_documents_that_came_and_went_are_named(folder: Path) -> None:
    (folder / "corpus" / "note.txt").rename(folder / "corpus" / "renamed.txt")

    found = wrong(folder)

    assert "renamed: isn't in the index." in found
    assert any(text.startswith("note: is in the index, but can't be read from") for text in found)


def test_a_corpus_that_is_gone_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "corpus")

    assert any("no such folder" in text for text in wrong(folder))


def test_an_index_whose_offsets_are_off_is_wrong_though_its_hashes_are_right(folder: Path) -> None:
    build = load_build(folder / "index")
    index, documents = build.passages, build.corpus.documents
    passages = list(index.passages)
    passages[0] = dataclasses.replace(passages[0], end=passages[0].start)
    sentences = list(index.sentences)
    sentences[1] = tuple((start + 900, end + 900) for start, end in sentences[1])
    document = documents[0]
    moved = dataclasses.replace(
        document, paragraphs=tuple(dataclasses.replace(each, end=9999) for each in document.paragraphs)
    )
    harmed = dataclasses.replace(
        build,
        corpus=dataclasses.replace(build.corpus, documents=(moved, *documents[1:])),
        passages=dataclasses.replace(index, passages=tuple(passages), sentences=tuple(sentences)),
    )
    save_build(harmed, folder / "index")

    found = wrong(folder)

    assert any("passage that isn't at its offsets: brief#1" in text for text in found)
    assert any("sentence out of place: " in text and "note#1, sentence 1" in text for text in found)
    assert any("paragraph out of place: brief, para. 1" in text for text in found)


def test_a_finding_reads_as_a_line() -> None:
    assert str(Finding(False, "this")) == "wrong: this"


def test_an_original_put_by_hand_has_nothing_to_be_compared_with(folder: Path) -> None:
    (folder / "corpus" / "originals" / "brief.txt.json").unlink()

    findings = verify(Settings(folder / "corpus", folder / "index"))

    assert any("put there by hand" in each.text and each.is_right for each in findings)
