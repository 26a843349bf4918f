from pathlib import Path

import pytest

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


def test_what_first_questions_wait_for_is_loaded_beforehand(folder: Path) -> None:
    encoder = Counting()
    assistant = opened(folder, encoder)

    assistant.warm_up()

    warmed = encoder.asked
    assert warmed
    assistant.ask("What is this about?")
    assert encoder.asked == warmed
