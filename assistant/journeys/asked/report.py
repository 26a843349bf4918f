"""Report what was asked: how many questions by day, language and objective, and those that the documents don't answer.

Questions alike are put together, each group with the passage that comes nearest: there the next background note has
something to add. Each question is compared with the first one of each group, and so with few others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from assistant.encoding import Vectors
from assistant.journeys.asked.keeping import NO_OBJECTIVE, Kept
from assistant.language import spoken
from assistant.records import Hit

KINDS = ("day", "status", "language", "objective")
# Cosine from which on two questions are on the same thing. Of pairs that are (tests/gold/likes-*, and questions beside
# their translations) 68 % reach it in English, 73 to 95 % across languages; of pairs that aren't, 1 or 2 in a thousand.
_ALIKE = 0.55
_COMPARED = 1000  # questions that are compared, the most frequent ones; each costs a few milliseconds
_SHOWN = 20  # groups, and questions of a group


class Asker(Protocol):
    """An assistant, as far as a report needs it."""

    def question_vectors(self, questions: Sequence[str]) -> Vectors:
        """Return vectors by which questions can be compared, in any language: unit rows, (questions, dimensions)."""

    def ranked_hits(self, question: str, *, top_k: int) -> tuple[Hit, ...]:
        """Return the passages nearest to a question, best first."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions alike that were refused, or whose answer didn't help.

    Attributes:
        questions: The most frequent first, some of them.
        count: How often these, and others like them, were asked.
        nearest: The passage that comes nearest to the first; None where it can't be searched for.
    """

    questions: tuple[str, ...]
    count: int
    nearest: Hit | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A report of what was asked.

    Attributes:
        counts: Numbers of questions by name for each of `KINDS`, days in order, others the most frequent first.
        gaps: What the documents don't answer, the most frequent first, as far as questions are kept.
        has_questions: Whether questions are kept.
    """

    counts: Mapping[str, Mapping[str, int]]
    gaps: tuple[Gap, ...]
    has_questions: bool

    @property
    def total(self) -> int:
        """The number of questions."""
        return sum(self.counts["status"].values())


def report(kept: Kept, assistant: Asker | None) -> Asked:
    """Report what an operator kept; the numbers are those of the counts where there are any, else those of the log.

    Args:
        assistant: Tells what is alike and near; without it, numbers alone are told.

    Raises:
        InputError: It can't be read.
    """
    lines = kept.log.lines() if kept.log else []
    rows = kept.counts.rows() if kept.counts else list(_counted(lines))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for day, kind, name, n in rows:
        counts[kind][name] += n
        if kind == "status":
            counts["day"][day] += n
    told = {kind: dict(sorted(counts[kind].items()) if kind == "day" else counts[kind].most_common()) for kind in KINDS}
    return Asked(told, tuple(_gaps(_unanswered(lines), assistant)) if assistant else (), kept.log is not None)


def _counted(lines: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, str, int]]:
    for line in lines:
        if line["kind"] == "question":
            day = str(line["time"])[:10]
            yield day, "status", str(line.get("status")), 1
            yield day, "language", str(line.get("language") or spoken(line["question"]).language), 1
            yield day, "objective", str(line.get("objective") or NO_OBJECTIVE), 1


def _unanswered(lines: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count the questions that were refused or thumbed down; spelling and marks make no difference."""
    counted: Counter[str] = Counter()
    first: dict[str, str] = {}
    for line in lines:
        if line.get("status") == "not_in_documents" or line.get("helpful") is False:
            words = " ".join(re.findall(r"\w+", line["question"].casefold()))
            counted[first.setdefault(words, line["question"])] += 1
    return counted


def _gaps(counted: Counter[str], assistant: Asker) -> list[Gap]:
    questions = [question for question, _ in counted.most_common(_COMPARED)]
    groups = [[questions[row] for row in rows] for rows in _grouped(assistant.question_vectors(questions))]
    groups.sort(key=lambda group: -sum(map(counted.__getitem__, group)))
    return [
        Gap(
            tuple(group[:_SHOWN]),
            sum(map(counted.__getitem__, group)),
            next(iter(assistant.ranked_hits(group[0], top_k=1)), None),
        )
        for group in groups[:_SHOWN]
    ]


def _grouped(vectors: Vectors) -> list[list[int]]:
    """Group rows: each joins the group whose first row is nearest and near, or begins one (leader clustering)."""
    groups: list[list[int]] = []
    for row, vector in enumerate(vectors):
        likeness = vectors[[group[0] for group in groups]] @ vector
        best = int(np.argmax(likeness)) if groups else 0
        if groups and likeness[best] >= _ALIKE:
            groups[best].append(row)
        else:
            groups.append([row])
    return groups
