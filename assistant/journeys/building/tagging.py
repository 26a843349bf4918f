"""Tag the passages of a corpus with objectives: those that they state, and those that a classifier infers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from assistant.documents import Corpus, split_document
from assistant.encoding import Vectors
from assistant.index import PassageIndex
from assistant.journeys.building.texts import Texts
from assistant.language import ENGLISH
from assistant.objectives import LIKELY, SUREST, ObjectiveClassifier, with_stated_tags
from assistant.records import Objective, Passage, Tag

_BLOCK = 2048  # passages whose words are counted at once; bounds the memory that it takes

# The inferred tags of a text with these probabilities. Finding the words that decided takes its time.
Inferred = Mapping[tuple[str, bytes], tuple[Tag, ...]]


def split_corpus(corpus: Corpus, objectives: Sequence[Objective]) -> list[Passage]:
    """Split the documents of a corpus into passages, with the tags that they state."""
    return [
        passage
        for document in corpus.documents
        for passage in with_stated_tags(document, split_document(document), objectives)
    ]


def probabilities_of(texts: Texts, vectors: Vectors, classifier: ObjectiveClassifier) -> Vectors:
    """Return the probability of each objective for each passage: float32, (passages, objectives)."""
    probabilities = np.concatenate(
        [
            classifier.objective_probabilities(texts.whole[first : first + _BLOCK], vectors[first : first + _BLOCK])
            for first in range(0, len(texts.whole), _BLOCK)
        ]
    )
    # What was learned from English examples says nothing of another language.
    probabilities[[passage.source.language != ENGLISH for passage in texts.passages]] = 0
    return probabilities


def inferred_before(index: PassageIndex) -> Inferred:
    """Return the inferred tags of an older build."""
    return {
        (passage.text, probabilities.tobytes()): tuple(tag for tag in passage.tags if tag.basis == "inferred")
        for passage, probabilities in zip(index.passages, index.objective_probabilities, strict=True)
    }


def with_inferred_tags(
    passages: Sequence[Passage], probabilities: Vectors, classifier: ObjectiveClassifier, *, known: Inferred
) -> tuple[Passage, ...]:
    """Return passages with the tags that the classifier infers beside those that they state.

    Args:
        known: What was inferred before by the same classifier.
    """
    tagged = []
    for passage, row in zip(passages, probabilities, strict=True):
        stated = {tag.number for tag in passage.tags}
        inferred = known.get((passage.text, row.tobytes()))
        if inferred is None:
            inferred = _infer(passage, row, classifier)
        tagged.append(replace(passage, tags=(*passage.tags, *(tag for tag in inferred if tag.number not in stated))))
    return tuple(tagged)


def _infer(passage: Passage, probabilities: Vectors, classifier: ObjectiveClassifier) -> tuple[Tag, ...]:
    confidence = classifier.by_number(probabilities)
    likely = sorted((number for number in confidence if confidence[number] >= LIKELY), key=confidence.__getitem__)
    return tuple(
        Tag(
            number,
            "inferred",
            round(min(confidence[number], SUREST), 3),
            ", ".join(classifier.explain(passage.text, number)),
        )
        for number in reversed(likely)
    )
