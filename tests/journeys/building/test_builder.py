from pathlib import Path

from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder
from tests.journeys.opened import opened


def test_only_what_changed_is_encoded_again(folder: Path) -> None:
    opened(folder)
    (folder / "corpus" / "health.txt").write_text("On health\n\nClinics are open to everyone.\n", encoding="utf-8")
    again = BagOfWordsEncoder()

    assistant = opened(folder, again)

    assert all("linics are open" in text for text in again.encoded)
    assert any("Clinics" in passage.text for passage in assistant.passages)


def test_a_removed_document_is_no_longer_answered_from(folder: Path) -> None:
    opened(folder)
    (folder / "corpus" / "health.txt").unlink()

    assistant = opened(folder)

    assert set(assistant.documents) == {"data", "borders"}


def test_the_examples_are_learned_from_once(folder: Path) -> None:
    opened(folder)
    (folder / "corpus" / "health.txt").write_text("On health\n\nClinics are open to everyone.\n", encoding="utf-8")
    again = BagOfWordsEncoder()

    opened(folder, again)

    assert not [text for text in again.encoded if "in case" in text]


def test_an_example_that_is_added_is_learned_from(folder: Path) -> None:
    table = folder / "corpus" / "objectives.toml"
    before = opened(folder).classify("zebras on stilts").objectives[0].objective.number
    added = 'topics = ["zebras on stilts", "zebras by night", "zebras on stilts again", '
    table.write_text(small_table().replace('topics = ["word9', added + '"word9'), encoding="utf-8")

    after = opened(folder).classify("zebras on stilts").objectives[0].objective.number

    assert before != 9
    assert after == 9


def test_a_document_of_headings_alone_is_quoted_whole(folder: Path) -> None:
    text = "".join(f"# Heading number {n} on children and their rights\n\n" for n in range(40))
    (folder / "corpus" / "headings.md").write_text(text + "Body at last.\n", encoding="utf-8")

    answer = opened(folder).ask("Heading number 3 on children and their rights")

    assert answer.status in ("answered", "not_in_documents")
