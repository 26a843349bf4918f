from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.encoding.encoder import Identity
from assistant.index import Filter
from assistant.retrieval.candidates import Candidate, Understood
from assistant.retrieval.finder import EnglishFinder
from assistant.retrieval.reader import Reader
from tests.conftest import small_finders
from tests.fakes import SharedWordsReader

TEXT = """\
Guiding questions

1. How are data shared between states?

2. Who protects children on the way?

GCM objective 7 speaks of borders and of children of the World Trade Board (WTB).
"""


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> EnglishFinder:
    return small_finders(tmp_path_factory.mktemp("small"), TEXT).english


def understood(text: str, *parts: str) -> Understood:
    return Understood(text, ((text, 1.0),), parts)


def test_each_part_of_a_question_is_found_by_itself_and_together(finder: EnglishFinder) -> None:
    found = finder.find(understood("data? and children?", "data shared", "protects children"), top_k=3)

    assert [candidates[0].passage.locator for _, candidates in found.parts] == [
        "Guiding question 1",
        "Guiding question 2",
    ]
    assert {"Guiding question 1", "Guiding question 2"} <= {each.passage.locator for each in found.candidates[:2]}


def test_a_passage_matches_a_text_by_the_words_that_it_holds(finder: EnglishFinder) -> None:
    (candidate, *_) = finder.search(understood("Who protects children?"), top_k=1)

    assert finder.matched("who protects children", candidate) == pytest.approx(1)
    assert 0 < finder.matched("children and zebras", candidate) < 0.5
    assert finder.matched("zebras", candidate) == 0
    assert finder.matched("and what of that?", candidate) == 1


def test_what_a_follow_up_adds_stands_in_a_passage_beside_what_it_leans_on(finder: EnglishFinder) -> None:
    leant_on, added = "Who protects children?", "borders?"
    readings = ((f"{leant_on} {added}", 0.6), (added, 0.4))

    both = finder.find(Understood(f"{leant_on} {added}", readings, leant_on="children", added=added), top_k=3)
    neither = finder.find(Understood(f"{leant_on} {added}", readings, leant_on="data", added=added), top_k=3)

    assert [candidate.passage.text[:13] for candidate in both.candidates] == ["GCM objective"]
    assert neither.candidates == []


def test_the_whole_and_each_part_are_read(finder: EnglishFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    model = SharedWordsReader()
    monkeypatch.setattr(finder, "reader", Reader(model))

    found = finder.find(understood("data? and children?", "data shared", "protects children"), top_k=3)

    assert {question for question, _ in model.read} == {"data? and children?", "data shared", "protects children"}
    assert all(candidates[0].odds is not None for _, candidates in found.parts)


def test_what_is_searched_for_alone_is_not_read(finder: EnglishFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    model = SharedWordsReader()
    monkeypatch.setattr(finder, "reader", Reader(model))

    found = finder.search(understood("Who protects children?"), top_k=3)

    assert model.read == []
    assert all(each.odds is None for each in found)


def test_passages_that_are_left_out_are_not_found(finder: EnglishFinder) -> None:
    (first, *_) = finder.search(understood("Who protects children?"), top_k=3)

    found = finder.find(understood("Who protects children?"), top_k=3, narrowed=Filter(without={first.passage.id}))

    assert found.candidates
    assert first.passage.id not in {each.passage.id for each in found.candidates}


class _Sure:
    """Finds that whatever it reads answers."""

    identity = Identity("sure", "0" * 64)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        return [9.0] * len(passages)


def test_after_a_digest_that_surely_answers_originals_are_read_too(finder: EnglishFinder) -> None:
    found = finder.search(understood("data and children"), top_k=3)
    digest = replace(found[0].passage, source=replace(found[0].passage.source, kind="digest"))

    def odds(candidates: list[Candidate]) -> list[float | None]:
        return [each.odds for each in Reader(_Sure()).read("data and children", candidates)]

    assert odds(found) == [9.0, None, None]
    assert odds([replace(found[0], passage=digest), *found[1:]]) == [9.0, 9.0, None]


def test_a_question_is_normalised_before_it_is_searched_for(finder: EnglishFinder) -> None:
    assert finder.normalised("<b>WTB</b>").strip() == "WTB (World Trade Board)"


def test_keys_struck_at_random_are_gibberish(finder: EnglishFinder) -> None:
    assert not finder.is_gibberish("children")


def test_why_a_passage_was_found_names_the_shared_words(finder: EnglishFinder) -> None:
    question = "Who protects children?"
    (candidate, *_) = finder.search(understood(question), top_k=3)

    reason = finder.reason(question, candidate)

    assert set(reason.words) == {"protects", "children"}
    assert reason.likeness["words"] > 0
    assert not reason.is_named
