from dataclasses import replace

import numpy as np
import pytest

from assistant.documents.corpus import Corpus
from assistant.journeys.building.tagging import inferred_before, probabilities_of, split_corpus, with_inferred_tags
from assistant.journeys.building.texts import Texts
from assistant.objectives.classifier import ObjectiveClassifier
from assistant.objectives.table import read_objectives
from assistant.records import Tag
from tests.conftest import ROOT, make_document
from tests.fakes import BagOfWordsEncoder
from tests.index.test_passage_index import build_index

TABLE = read_objectives(ROOT / "corpus" / "objectives.toml")
DOCUMENT = make_document("Title\n\nGCM objective 7 is named here.\n\nNothing is named there.\n")


@pytest.fixture(scope="module")
def classifier() -> ObjectiveClassifier:
    """A classifier that is learned in no time."""
    some = [example for example in TABLE.examples if example.number in (0, 5, 7)]
    return ObjectiveClassifier.fit(
        some, BagOfWordsEncoder().encode_passages([example.text for example in some]).vectors
    )


def test_passages_carry_the_tags_that_they_state() -> None:
    passages = split_corpus(Corpus((DOCUMENT,), (DOCUMENT.source,)), TABLE.objectives)

    assert [[tag.number for tag in passage.tags] for passage in passages] == [[7], []]


def test_a_passage_in_another_language_has_no_probabilities(classifier: ObjectiveClassifier) -> None:
    foreign = replace(DOCUMENT, source=replace(DOCUMENT.source, language="fr"))
    texts = Texts.of(split_corpus(Corpus((foreign,), (foreign.source,)), TABLE.objectives))
    vectors = BagOfWordsEncoder().encode_passages(texts.whole).vectors

    assert not probabilities_of(texts, vectors, classifier).any()


def test_likely_objectives_are_inferred_and_stated_ones_are_not_repeated(classifier: ObjectiveClassifier) -> None:
    passages = split_corpus(Corpus((DOCUMENT,), (DOCUMENT.source,)), TABLE.objectives)
    likely = np.array([0.1, 0.8] if classifier.objectives == (5, 7) else [], dtype=np.float32)

    stated, inferred = with_inferred_tags(passages, np.array([likely, likely]), classifier, known={})

    assert [(tag.number, tag.basis) for tag in stated.tags] == [(7, "stated")]
    assert [(tag.number, tag.basis, tag.confidence) for tag in inferred.tags] == [(7, "inferred", 0.8)]


def test_what_was_inferred_before_is_taken_over(classifier: ObjectiveClassifier) -> None:
    index = build_index()
    tagged = tuple(replace(each, tags=(Tag(5, "inferred", 0.6, "before"),)) for each in index.passages)
    before = inferred_before(replace(index, passages=tagged))

    again = with_inferred_tags(index.passages, index.objective_probabilities, classifier, known=before)

    assert [passage.tags[-1].evidence for passage in again] == ["before", "before"]
