"""Ask each question of a document with the paragraphs that answer it, and of the same document without them.

    python -m bench.pairs                              the made-up documents of tests/data/unseen
    python -m bench.pairs --texts DIR --questions FILE  public ones: questions with "doc" and "evidence"

A document is parted into two halves, paragraph by paragraph; headings stand in both. Where all of a question's evidence
lies in one half, that half should answer and the other should refuse: only a judgement of the text gets both right,
since the question is the same. Beside it stands what a judge reaches that sees the question alone.
"""

import argparse
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant
from assistant.encoding import NO_ENCODER
from assistant.language import words_of
from assistant.settings import Settings
from bench.gold import GOLD, TEXTS

UNSEEN_TEXTS, UNSEEN_QUESTIONS = TEXTS / "unseen", GOLD / "unseen"
HEADING_WORDS = 12  # of a line that ends no sentence
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the words of its document that answer it; none where nothing does."""

    document: str
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of a question asked of the half that answers it, and of the other one.

    Attributes:
        is_right: Whether the first passage of the half that answers holds evidence.
        chances: That the half with the evidence answers, and the half without it.
    """

    is_answered: bool
    is_refused: bool
    is_right: bool
    chances: tuple[float, float]


def main() -> None:
    """Ask, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=UNSEEN_TEXTS, help="folder of the documents")
    parser.add_argument("--questions", type=Path, help="a file of questions; else those of tests/gold/unseen")
    arguments = parser.parse_args()
    questions = read_public(arguments.questions) if arguments.questions else list(read_unseen())
    pairs: list[Pair] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, of_document in by_document(questions).items():
            found = list(pairs_of(arguments.texts / name, of_document, Path(scratch)))
            print(f"{name:24} {len(found):4} pairs, both right {np.mean([both_right(each) for each in found]):.2f}")
            pairs += found
    report(pairs, question_only(questions))


def read_unseen() -> Iterator[Question]:
    """Read the questions of the made-up documents."""
    for path in sorted(UNSEEN_QUESTIONS.glob("*.jsonl")):
        name = path.stem.rpartition("-")[0]
        (document,) = (each.name for each in UNSEEN_TEXTS.iterdir() if each.stem == name)
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Question(document, row["question"], tuple(row.get("evidence", ())))


def read_public(path: Path) -> list[Question]:
    """Read questions on documents that don't ship."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Question(row["doc"], row["question"], evidence_of(row)) for row in rows]


def evidence_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words that answer a question; none for a near miss."""
    found = row.get("evidence") if row.get("kind") == "answerable" else ()
    return (found,) if isinstance(found, str) else tuple(found or ())


def by_document(questions: Sequence[Question]) -> Mapping[str, list[Question]]:
    """Return the answerable questions of each document."""
    grouped: defaultdict[str, list[Question]] = defaultdict(list)
    for question in questions:
        if question.evidence:
            grouped[question.document].append(question)
    return grouped


def pairs_of(path: Path, questions: Sequence[Question], scratch: Path) -> Iterator[Pair]:
    """Ask the questions of both halves of a document."""
    halves = parted(path.read_text(encoding="utf-8"))
    opened = [open_text(half, scratch / f"{path.stem}-{number}", path.name) for number, half in enumerate(halves)]
    folded = [fold(half) for half in halves]
    for question in questions:
        evidence = [fold(each) for each in question.evidence]
        inside = [sum(each in half for each in evidence) for half in folded]
        if sorted(inside) != [0, len(evidence)]:
            continue  # restated in both halves, or cut by the parting
        with_it, without = (opened[at] for at in np.argsort([-count for count in inside]))
        answer = with_it.ask(question.text)
        first = fold(answer.hits[0].passage.text) if answer.hits else ""
        yield Pair(
            answer.status == "answered",
            without.ask(question.text).status != "answered",
            any(each in first or first in each for each in evidence) if first else False,
            (with_it.chance(question.text), without.chance(question.text)),
        )


def parted(text: str) -> tuple[str, str]:
    """Return the two halves of a text: every other paragraph, each under all headings."""
    parted_at = r"\n\s*\n" if len(re.findall(r"\n\s*\n", text)) > len(text) / 2000 else r"\n"
    halves: tuple[list[str], list[str]] = ([], [])
    count = 0
    for block in (each for each in re.split(parted_at, text) if each.strip()):
        if is_heading(block):
            halves[0].append(block)
            halves[1].append(block)
        else:
            halves[count % 2].append(block)
            count += 1
    return "\n\n".join(halves[0]) + "\n", "\n\n".join(halves[1]) + "\n"


def is_heading(block: str) -> bool:
    """Return whether a paragraph is a heading: one short line that ends no sentence and begins no item."""
    line = block.strip()
    is_short = "\n" not in line and len(line.split()) <= HEADING_WORDS
    return is_short and not re.search(r"[.;:,!?|]$", line) and not re.match(r"\W*(?:\d+[.)]|\([a-z]+\)|[-*•])", line)


def fold(text: str) -> str:
    """Return a text with one kind of white space and of quotation marks."""
    return " ".join(text.translate(str.maketrans("“”„«»’‘", '"""""' + "''")).split())


def open_text(text: str, folder: Path, name: str) -> Assistant:
    """Open one text as a corpus of its own, for questions in English."""
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / name).write_text(text, encoding="utf-8")
    return Assistant.from_settings(Settings(corpus=folder / "corpus", index=folder / "index", multilingual=NO_ENCODER))


def both_right(pair: Pair) -> bool:
    """Return whether a question was answered where the answer stands, and refused where it doesn't."""
    return pair.is_answered and pair.is_refused


def report(pairs: Sequence[Pair], wording: float) -> None:
    """Print the figures, with intervals by resampling pairs."""
    given = [pair for pair in pairs if pair.is_answered] + [None for pair in pairs if not pair.is_refused]
    rows = {
        "answered where it stands": [pair.is_answered for pair in pairs],
        "refused where it doesn't": [pair.is_refused for pair in pairs],
        "both right": [both_right(pair) for pair in pairs],
        "of all answers given, first passage right": [bool(pair and pair.is_right) for pair in given],
    }
    print(f"\n{len(pairs)} pairs")
    chance = np.random.default_rng(0)
    for name, values in rows.items():
        means = [np.mean(chance.choice(values, len(values))) for _ in range(RESAMPLES)]
        low, high = np.quantile(means, [0.025, 0.975])
        print(f"{name:44} {np.mean(values):.3f}  ({low:.3f} to {high:.3f})")
    answered, unanswered = np.array([pair.chances for pair in pairs]).T
    print(f"{'AUROC of the chance over pairs':44} {auroc(answered, unanswered):.3f}")
    print(f"{'AUROC of the question alone (near misses)':44} {wording:.3f}")


def auroc(positive: Any, negative: Any) -> float:
    """Return how often a positive's score lies above a negative's; a draw counts half."""
    differences = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float((differences > 0).mean() + (differences == 0).mean() / 2)


def question_only(questions: Sequence[Question]) -> float:
    """Return the AUROC of a bag of words of the question alone, fitted on the other documents (naive Bayes)."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for document in {question.document for question in questions}:
        counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for question in questions:
            if question.document != document:
                counts[bool(question.evidence)].update(set(words_of(question.text)))
        total = {kind: sum(counter.values()) for kind, counter in counts.items()}
        for question in questions:
            if question.document == document:
                odds = [
                    np.log((counts[True][word] + 1) / total[True]) - np.log((counts[False][word] + 1) / total[False])
                    for word in set(words_of(question.text))
                ]
                scores[bool(question.evidence)].append(float(np.mean(odds)) if odds else 0.0)
    return auroc(scores[True], scores[False]) if scores[False] else float("nan")


if __name__ == "__main__":
    main()
