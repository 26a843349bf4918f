"""An index, its words and its encoder put together: what a question finds, and what tells whether that answers it.

This module knows nothing of answers.
"""

from collections.abc import Collection, Sequence

import numpy as np

from assistant.answerability import Agreement, Answerability, signs_of
from assistant.classifier import NO_OBJECTIVE, ObjectiveClassifier
from assistant.conversation import Understood
from assistant.embeddings import Encoder, Query
from assistant.index import PassageIndex
from assistant.lexical import LexicalIndex
from assistant.passages import context_of
from assistant.queries import QueryMender, defined_acronyms
from assistant.search import Candidate, Reading, match_words, search

LOOKED_AT = 6  # passages by which it is judged whether a question is answered


class Searcher:
    """Searches one index; safe to share between threads."""

    def __init__(self, index: PassageIndex, encoder: Encoder) -> None:
        """Put an index and the encoder that it was made with together."""
        self.classifier = ObjectiveClassifier.from_arrays(index.classifier)
        self.index = index
        self.encoder = encoder
        self._answerability = Answerability.read()
        self._lexical = LexicalIndex([context_of(passage) for passage in index.passages])
        self._mender = QueryMender(
            holds=self._lexical.holds,
            knows=encoder.knows,
            corrected=self._lexical.corrected,
            acronyms=defined_acronyms(document.text for document in index.documents),
        )

    def is_noise(self, question: str) -> bool:
        """Whether no word of it is one."""
        return self._mender.is_noise(question)

    def mended(self, text: str) -> str:
        """Return a text as it is searched for: slips mended, acronyms spelt out."""
        return self._mender.mended(text)

    def encode_query(self, mended: str) -> Query:
        """Encode a question or topic, once."""
        return self.encoder.encode_query(mended)

    def candidates(self, understood: Understood, *, top_k: int, objectives: Collection[int] = ()) -> list[Candidate]:
        """Find the passages nearest to a question, best first.

        Args:
            understood: The question in its readings.
            top_k: Passages at the most.
            objectives: Only passages that carry one of these tags; empty for all.
        """
        readings = [Reading(self.mended(text), weight) for text, weight in understood.readings]
        return search(readings, self.index, self._lexical, self.encoder, top_k=top_k, objectives=objectives)

    def signs(self, question: str, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Gather what tells whether these passages, best first, answer a question; at least one."""
        mended = self.mended(question)
        words = match_words(mended, candidates[0], self.index, self._lexical, self.encoder)
        looked_at = candidates[:LOOKED_AT]
        return signs_of(question, looked_at, words, self._agreement(mended, looked_at))

    def chance(self, question: str, candidates: Sequence[Candidate]) -> float:
        """Return how likely these passages, best first, answer a question: 0 to 1."""
        return self._answerability.chance(self.signs(question, candidates)) if candidates else 0.0

    def is_answered(self, question: str, candidates: Sequence[Candidate]) -> bool:
        """Whether these passages, best first, answer a question, by the index's operating point."""
        if not candidates:
            return False
        return self._answerability.is_answered(self.signs(question, candidates), self.index.operating_point.threshold)

    def _agreement(self, question: str, candidates: Sequence[Candidate]) -> Agreement:
        texts = [context_of(candidate.passage) for candidate in candidates]
        vectors = np.stack([self.index.vector(candidate.row) for candidate in candidates])
        of_passages = self.classifier.probabilities(texts, vectors)
        (asked,) = self.classifier.probabilities([question], self.encode_query(question).vector[None])
        is_objective = self.classifier.numbers != NO_OBJECTIVE
        likely = int(np.argmax(np.where(is_objective, asked, 0)))
        return Agreement(
            shared=float((of_passages[:, is_objective] @ asked[is_objective]).max()),
            apart=float(asked[likely] * (1 - of_passages[0, likely])),
            outside=float(asked[~is_objective].sum()),
        )
