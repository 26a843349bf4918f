import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.encoding import Network
from assistant.errors import InputError
from tests.journeys.opened import Counting, opened


def test_the_corpus_hash_names_the_documents(folder: Path) -> None:
    before = opened(folder).corpus_hash
    (folder / "corpus" / "new.md").write_text("New words.", encoding="utf-8")

    after = opened(folder).corpus_hash

    assert before.startswith("sha256:")
    assert after != before


@pytest.mark.parametrize(("objectives", "top_k"), [({0}, 5), ({24}, 5), ({1, 99}, 5), (set(), 0), (set(), 21)])
def test_numbers_out_of_range_are_refused(folder: Path, objectives: set[int], top_k: int) -> None:
    with pytest.raises(InputError):
        opened(folder).ask("data", objectives=objectives, top_k=top_k)


def test_a_document_that_is_not_there_is_named_beside_those_that_are(folder: Path) -> None:
    with pytest.raises(InputError, match=r"documents: .* id 'taxes'; it may be borders, data, health\."):
        opened(folder).ask("data", documents=["data", "taxes"])


def test_a_question_can_be_asked_as_if_passages_were_not_there(folder: Path) -> None:
    assistant = opened(folder)
    (first, *others) = assistant.ranked_hits("Do states share data?")

    without = assistant.ask_without("Do states share data?", [first.passage.id])

    found = {hit.passage.id for hit in (*without.hits, *without.nearest)}
    assert found
    assert found <= {hit.passage.id for hit in others}
    assert assistant.ranked_hits("Do states share data?")[0] == first


def test_what_first_questions_wait_for_is_loaded_beforehand(folder: Path) -> None:
    encoder = Counting()
    assistant = opened(folder, encoder)

    assistant.warm_up()

    assert encoder.asked


def test_the_bytes_of_networks_are_let_go_of_once_what_runs_has_read_them(folder: Path) -> None:
    assistant = opened(folder)
    graph = np.zeros(9, dtype=np.uint8)
    assistant.models = replace(assistant.models, network=Network(graph, b"", "", (), 9))
    let_go = weakref.ref(graph)
    del graph

    assistant.warm_up()

    assert let_go() is None
