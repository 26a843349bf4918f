"""A question in one language, in its conversation -> what the searcher across languages finds for it and its parts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.answering.conversation import Understood, understand
from assistant.answering.crosslingual import CrossLingualSearcher
from assistant.encoding import Vectors
from assistant.records import Reason
from assistant.retrieval import Candidate, Found


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The searcher for questions in one language."""

    searcher: CrossLingualSearcher
    language: str

    def understood(self, question: str, history: Sequence[str]) -> Understood:
        """Read a question in its conversation."""
        return understand(question, history, self.language)

    def find(self, understood: Understood, *, top_k: int, objectives: Collection[int] = ()) -> Found:
        """Find the passages nearest to a question and to each of its parts."""
        whole = self._candidates(understood, top_k, objectives)
        if not understood.parts:
            return Found(whole)
        parts = tuple(
            (part, self._candidates(Understood(part, ((part, 1.0),)), top_k, objectives)) for part in understood.parts
        )
        return Found(self.searcher.merged([whole, *(found for _, found in parts)], top_k=top_k), parts)

    def _candidates(self, understood: Understood, top_k: int, objectives: Collection[int]) -> list[Candidate]:
        return self.searcher.candidates(understood, self.language, top_k=top_k, objectives=objectives)

    def is_answered(self, understood: Understood, found: Found) -> bool:
        """Whether what a question finds answers it or a part of it."""
        asked = found.parts or ((understood.text, found.candidates),)
        return any(
            self.searcher.is_answered(text, text if found.parts else understood.readings[-1][0], self.language, each)
            for text, each in asked
        )

    def chance(self, question: str, candidates: Sequence[Candidate]) -> float:
        """Return how likely these passages, best first, answer a question: 0 to 1."""
        return self.searcher.chance(question, self.language, candidates)

    @property
    def threshold(self) -> float:
        """The chance from which on a question counts as answered."""
        return self.searcher.threshold

    def objective_probabilities(self, text: str) -> Vectors:
        """Return how likely a question or topic concerns each objective: float32, (objectives,)."""
        return self.searcher.objective_probabilities(text, self.language)

    def explain(self, text: str, number: int) -> tuple[str, ...]:
        """Return the words of a text that decided for an objective."""
        return self.searcher.explain(text, number, self.language)

    def mended(self, text: str) -> str:
        """Return a text as it is searched for: as it stands."""
        return text

    def reason(self, question: str, candidate: Candidate) -> Reason:
        """Say why a passage was found."""
        return self.searcher.reason(question, self.language, candidate)
