"""Search for a question in each language that it may be in, judge what was found, and keep the best attempt.

A question that names documents ("what does the note say …") is searched for in these alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.answerability import log_odds
from assistant.answering.blanks import is_blank
from assistant.answering.composing import quoted_first
from assistant.answering.conversation import understand
from assistant.answering.judge import Judge
from assistant.index import EVERYTHING, Filter
from assistant.language import named_documents
from assistant.records import Source
from assistant.retrieval import Candidate, Found, Understood


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question searched for in one language, and the judge of what was found."""

    judge: Judge
    understood: Understood
    found: Found
    probability: float  # that what was found answers the question
    narrowed: Filter  # what was searched
    is_curated: bool = False  # whether the operator named the place that comes first
    left_out: str = ""  # what a follow-up leans on, where no passage is on both, and so it was searched for by itself

    @classmethod
    def of(
        cls, judge: Judge, question: str, history: Sequence[str], *, top_k: int, narrowed: Filter = EVERYTHING
    ) -> "Attempt":
        """Search for a question in its conversation; with a `top_k` of 0 for nothing.

        Where no passage is on what a follow-up leans on and on what it adds, it is searched for by itself.
        """
        understood = understand(question, history, judge.finder.language)
        narrowed = _to_named(understood, judge.finder.store.sources.values(), narrowed)
        found = _filled_first(judge, understood, top_k, narrowed) if top_k else Found([])
        attempt = cls(judge, understood, found, judge.probability(understood, found), narrowed)
        if not (understood.added and top_k) or found.candidates:
            return attempt
        alone = Understood(question, ((question, 1.0),), added=understood.added)
        if (found := _filled_first(judge, alone, top_k, narrowed)).candidates:
            return cls(judge, alone, found, judge.probability(alone, found), narrowed, left_out=understood.leant_on)
        nearest = judge.finder.find(replace(understood, added=""), top_k=top_k, narrowed=narrowed)
        return replace(attempt, found=nearest)

    def of_those(self, candidates: list[Candidate]) -> "Attempt":
        """Return the attempt with some of its candidates alone."""
        if candidates and candidates[0].odds is None:  # only the first few were read
            candidates = self.judge.finder.read(self.understood, candidates)
        found = Found(candidates)
        return replace(self, found=found, probability=self.judge.probability(self.understood, found))

    def with_sentences_read(self) -> "Attempt":
        """Return the attempt with the sentences of what is quoted read one by one: which of them answers?"""
        quoted, *others = quoted_first(self.candidates)
        if quoted.features.is_named:
            return self
        read = self.judge.finder.read_sentences(self.understood, quoted)
        return replace(self, found=replace(self.found, candidates=[read, *others]))

    @property
    def candidates(self) -> Sequence[Candidate]:
        """The passages, best first."""
        return self.found.candidates

    @property
    def is_answered(self) -> bool:
        """Return whether what was found answers the question."""
        return self.probability >= self.judge.threshold

    @property
    def support(self) -> float:
        """The distance of the probability above the threshold, in log odds; more than any for a place that is named."""
        if self.candidates and self.candidates[0].features.is_named:
            return math.inf
        return log_odds(self.probability) - log_odds(self.judge.threshold)


def best_attempt(
    judges: Sequence[Judge],
    question: str,
    history: Sequence[str],
    *,
    top_k: int,
    narrowed: Filter = EVERYTHING,
) -> Attempt:
    """Search with each judge's finder, at least one, and return the attempt with the most support."""
    attempts = [Attempt.of(judge, question, history, top_k=top_k, narrowed=narrowed) for judge in judges]
    return max(attempts, key=lambda each: (each.support, each.is_answered))


def _filled_first(judge: Judge, understood: Understood, top_k: int, narrowed: Filter) -> Found:
    """Search, and put the passages last that leave open what is asked for, unless they are asked for by name."""
    found = judge.finder.find(understood, top_k=top_k, narrowed=narrowed)
    ordered = sorted(
        found.candidates, key=lambda each: not each.features.is_named and is_blank(understood.text, each.passage)
    )
    return replace(found, candidates=ordered)


def _to_named(understood: Understood, sources: Iterable[Source], narrowed: Filter) -> Filter:
    """Return a filter narrowed further to the documents that a question names, or else those that it leans on name."""
    named = named_documents(understood.typed, sources) or named_documents(understood.text, sources)
    chosen = named & set(narrowed.documents) if narrowed.documents else named
    return replace(narrowed, documents=chosen) if chosen else narrowed
