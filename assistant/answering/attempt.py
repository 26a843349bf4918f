"""Search for a question in each language that it may be in, judge what was found, and keep the best attempt."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.answering.answerability import log_odds
from assistant.answering.conversation import understand
from assistant.answering.judge import Judge
from assistant.retrieval import Candidate, Found, Understood


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question searched for in one language, and the judge of what was found."""

    judge: Judge
    understood: Understood
    found: Found

    @classmethod
    def of(
        cls, judge: Judge, question: str, history: Sequence[str], *, top_k: int, objectives: Collection[int] = ()
    ) -> "Attempt":
        """Search for a question in its conversation; with a `top_k` of 0 for nothing."""
        understood = understand(question, history, judge.finder.language)
        found = judge.finder.find(understood, top_k=top_k, objectives=objectives) if top_k else Found([])
        return cls(judge, understood, found)

    @property
    def candidates(self) -> Sequence[Candidate]:
        """The passages, best first."""
        return self.found.candidates

    @property
    def is_answered(self) -> bool:
        """Return whether what was found answers the question."""
        return self.judge.is_answered(self.understood, self.found)

    @property
    def chance(self) -> float:
        """The probability that what was found answers the question; rules on names and commands come on top."""
        return self.judge.chance(self.understood.text, self.candidates)

    @property
    def support(self) -> float:
        """The distance of the chance above the threshold, in log odds."""
        if not self.candidates:
            return -math.inf
        if self.candidates[0].features.is_named:
            return math.inf
        return log_odds(self.chance) - log_odds(self.judge.threshold)


def best_attempt(
    judges: Sequence[Judge],
    question: str,
    history: Sequence[str],
    *,
    top_k: int,
    objectives: Collection[int] = (),
) -> Attempt:
    """Search with each judge's finder, at least one, and return the attempt with the most support."""
    attempts = [Attempt.of(judge, question, history, top_k=top_k, objectives=objectives) for judge in judges]
    return max(attempts, key=lambda each: (each.support, each.is_answered)) if len(attempts) > 1 else attempts[0]
