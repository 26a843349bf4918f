from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.journeys.building.corpus_state import corpus_state, objectives_file, translated_file
from tests.conftest import ROOT


def test_a_corpus_without_tables_is_served_by_those_that_ship(tmp_path: Path) -> None:
    assert objectives_file(tmp_path) == ROOT / "corpus" / "objectives.toml"
    assert translated_file(tmp_path).is_file()


def test_a_corpus_is_served_by_its_own_tables(folder: Path) -> None:
    own = folder / "corpus" / "objectives.toml"

    assert objectives_file(folder / "corpus") == own


def test_the_state_changes_with_the_documents_and_with_the_table(folder: Path) -> None:
    corpus = folder / "corpus"
    before, table = corpus_state(corpus)

    (corpus / "data.txt").write_text("On data\n\nOther words.\n", encoding="utf-8")
    after, same = corpus_state(corpus)
    (corpus / "objectives.toml").unlink()
    last, other = corpus_state(corpus)

    assert len({before, after, last}) == 3
    assert table == same != other


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="none"):
        corpus_state(tmp_path / "none")
