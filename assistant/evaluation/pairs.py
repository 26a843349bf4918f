"""Ask the same question of documents with the passages that answer it, and as if these weren't there.

People who write questions that aren't answered ask "how many" and "which countries", so that the wording alone gives
many away, and figures on such questions measure the wording. The two questions of a pair are the same: only a judgement
of the text gets both right. Beside figures on near misses stands what a judge reaches that sees the question alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.documents import context_of
from assistant.evaluation.metrics import Array, Figure, auroc, figure
from assistant.evaluation.questions import Answering, Row, relevant_passages
from assistant.language import stems_of, words_of
from assistant.records import Answer, Passage

_SAME = 0.5  # share of common words from which on a passage may say what one says that answers


@dataclass(frozen=True, slots=True)
class Pair:
    """The outcome of a question with the passages that answer it, and without them.

    Attributes:
        is_right: Whether the first passage shown answers, where they are there.
        chances: The assistant's estimates that the documents answer, with them and without.
    """

    is_answered: bool
    is_refused: bool
    is_right: bool
    chances: tuple[float, float]


def ask_pairs(assistant: Answering, rows: Sequence[Row]) -> list[Pair]:
    """Ask each question that is answered twice; such that follow another one are left out."""
    stems = {passage.id: frozenset(stems_of(context_of(passage))) for passage in assistant.passages}
    pairs = []
    for row in rows:
        relevant = relevant_passages(assistant.passages, row) if "question" in row else frozenset()
        if relevant:
            taken = {id for id in stems if any(_are_alike(stems[id], stems[one]) for one in relevant)}
            with_them = assistant.ask(row["question"])
            without = assistant.ask_without(row["question"], taken)
            pairs.append(_pair(with_them, without, relevant))
    return pairs


def _pair(with_them: Answer, without: Answer, relevant: frozenset[str]) -> Pair:
    first: list[Passage] = [hit.passage for hit in with_them.hits[:1]]
    return Pair(
        with_them.status == "answered",
        without.status != "answered",
        bool(first) and first[0].id in relevant,
        (with_them.probability or 0.0, without.probability or 0.0),
    )


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two passages have most of their words in common (Jaccard index)."""
    return len(one & other) >= _SAME * len(one | other)


def pair_figures(pairs: Sequence[Pair], *, name: str) -> list[Figure]:
    """Measure how often both decisions are right, and how well the chance tells the two apart."""
    given = [pair.is_right for pair in pairs if pair.is_answered] + [False for pair in pairs if not pair.is_refused]
    chances = [(chance, float(not at)) for pair in pairs for at, chance in enumerate(pair.chances)]
    return [
        figure(f"{name}: answered with its evidence", [pair.is_answered for pair in pairs]),
        figure(f"{name}: refused without it", [pair.is_refused for pair in pairs]),
        figure(f"{name}: both right", [pair.is_answered and pair.is_refused for pair in pairs]),
        figure(f"{name}: of all answers, first passage right", given),
        figure(f"{name}: AUROC over pairs", np.array(chances).reshape(-1, 2), measure=auroc),
    ]


def wording_figure(asked: Mapping[str, Sequence[tuple[str, bool]]], *, name: str, among: Sequence[str]) -> Figure:
    """Measure how well the wording alone tells which questions are answered: naive Bayes over the words of a question.

    Args:
        asked: By the document that they ask about, the questions with whether it answers them.
        among: The documents whose questions are told apart, each by what the questions of the others taught.
    """
    told = [each for document in among for each in _by_wording(asked, document)]
    return figure(f"{name}: AUROC of the wording alone", np.array(told).reshape(-1, 2), measure=auroc)


def _by_wording(asked: Mapping[str, Sequence[tuple[str, bool]]], document: str) -> Array:
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for other, questions in asked.items():
        for question, is_answered in questions if other != document else ():
            counts[is_answered].update(set(words_of(question)))
    totals = {kind: counter.total() or 1 for kind, counter in counts.items()}

    def odds(word: str) -> float:
        answered, refused = ((counts[kind][word] + 1) / totals[kind] for kind in (True, False))
        return float(np.log(answered / refused))

    rows = [
        (float(np.mean([odds(word) for word in set(words_of(question))] or [0.0])), float(is_answered))
        for question, is_answered in asked[document]
    ]
    return np.array(rows).reshape(-1, 2)
