"""Fit the weights that tell whether a question is answered: `python -m bench.fit_answerability`.

    --texts DIR --questions FILE   public documents with questions, beside made-up ones
    --indexes DIR                  keep the indexes of the documents here

Each question of a document that the reader didn't learn from is asked twice: with the passages that answer it among
those that are found, and without them (and without what says the same). Only reading tells the two apart, since the
question is the same. Near misses and questions from far away come on top. What is printed was judged on documents that
a fit hasn't seen. The operating point is the chance from which on a given share of the questions is answered whose
passage is there. How much reading counts when passages are put in order is compared too, and not changed.
"""

import argparse
import copy
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import Assistant
from assistant.answering import (
    LOOKED_AT,
    READ,
    UNREAD,
    Answerability,
    EnglishJudge,
    probe_scores,
    probed,
    understand,
)
from assistant.documents import context_of
from assistant.encoding import CrossEncoder
from assistant.evaluation import evidence_of, folded, holds_evidence, open_alone, read_gold, relevant_passages
from assistant.language import stems_of
from assistant.retrieval import Candidate, Reader, candidates
from assistant.retrieval import reader as reading
from assistant.settings import Settings
from bench.gold import TEXTS, open_shipped, read_questions
from bench.reading import LEFT_OUT, MADE, SAME, share

ANSWERED = 0.8  # of the questions whose passage is there: fewer wrong answers than with more, for few right ones less
STRENGTH = 0.1  # scikit-learn's C; weaker or stronger regularization does no better on documents that weren't fitted on
NEAR_COUNTS = 0.5  # of a near miss, beside a question of a pair
CONSIDERED = 24  # passages of which those that answer are taken away
FAR = ("far", "off_topic", "hostile")
SENTENCES = (0.0, 0.05, 0.1, 0.2, 0.4)
ORDERS = [(read, temperature) for read in (0.1, 0.2, 0.3, 0.5) for temperature in (1.0, 2.0)]


@dataclass(frozen=True, slots=True)
class Listed:
    """A question, and the passages that were found for it, best first, before any is read.

    Attributes:
        kind: "with" what answers, "without" it, or as in the gold questions.
        right: The rows of the passages that answer.
        evidence: The words that do.
    """

    document: str
    kind: str
    question: str
    found: Sequence[Candidate]
    right: frozenset[int]
    judge: EnglishJudge
    reader: Reader
    evidence: Sequence[str] = ()

    def signs(self) -> Mapping[str, float]:
        """What is weighed where passages are read."""
        return self.judge.features(self.question, self.reader.read(self.question, self.found)[:LOOKED_AT])

    def unread(self) -> Mapping[str, float]:
        """What is weighed where they aren't."""
        return self.judge.features(self.question, self.found[:LOOKED_AT])


class Remembering:
    """A cross-encoder that reads no passage twice for a question."""

    def __init__(self, model: CrossEncoder) -> None:
        """Take the model that reads."""
        self.identity = model.identity
        self._model = model
        self._known: dict[tuple[str, str], float] = {}

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score for each passage."""
        unknown = [each for each in passages if (question, each) not in self._known]
        for passage, score in zip(unknown, self._model.scores(question, unknown), strict=True):
            self._known[question, passage] = score
        return [self._known[question, each] for each in passages]


def main() -> None:
    """Fit, print what was reached, and write the two files of weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="folder of public documents")
    parser.add_argument("--questions", type=Path, help="their questions")
    parser.add_argument("--indexes", type=Path, help="folder for the indexes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        opened = {
            path.stem: (open_alone(path, arguments.indexes or Path(temporary), Settings(), report=lambda _: None), rows)
            for path, rows in left_out(arguments.texts, arguments.questions)
        }
        listed = [each for name, (assistant, rows) in opened.items() for each in asked(name, assistant, rows)]
        listed += asked_far(open_shipped())
        compare_orders(listed)
        compare_sentences(listed)
        for path, signs in ((UNREAD, Listed.unread), (READ, Listed.signs)):
            print(f"\n{path.name}")
            write(path, fitted(listed, [signs(each) for each in listed]))
        assistants = [assistant for assistant, _ in opened.values()]
        write_probes(assistants)


def left_out(texts: Path | None, questions: Path | None) -> Iterator[tuple[Path, list[Mapping[str, Any]]]]:
    """Yield the documents that the reader didn't learn from, with their questions."""
    formal = TEXTS / "formal-document.txt"
    yield formal, [row for row in read_questions("formal") if row["kind"] not in FAR]
    for path in sorted(MADE.glob("*.txt")):
        if path.stem in LEFT_OUT:
            yield path, list(read_gold(path.with_suffix(".jsonl")))
    public = read_gold(questions) if questions else []
    for path in sorted(texts.iterdir()) if texts else ():
        if path.stem.lower().replace(".", "-") in LEFT_OUT:
            yield path, [row for row in public if row["doc"] == path.stem]


def asked(name: str, assistant: Assistant, rows: Sequence[Mapping[str, Any]]) -> Iterator[Listed]:
    """Search for each question, and yield what was found: with what answers, and without it."""
    finder = assistant.finders.english
    if finder.reader is None:
        raise SystemExit("Nothing reads passages here; unset ASSISTANT_READER.")
    judge, reader = EnglishJudge(finder, assistant.judges.english.model, 0.0), Reader(Remembering(finder.reader.model))
    stems = [frozenset(stems_of(context_of(passage))) for passage in assistant.passages]
    for row in rows:
        understood = understand(row["question"], ())
        found = finder.search(understood, top_k=CONSIDERED)
        ids = relevant_passages(assistant.passages, row)
        right = frozenset(at for at, passage in enumerate(assistant.passages) if passage.id in ids)
        if not found or found[0].features.is_named or (evidence_of(row) and not right and row["kind"] == "answerable"):
            continue
        if not right:
            yield Listed(name, "near_miss", understood.text, found, right, judge, reader)
            continue
        alike = {at for at in range(len(stems)) for one in right if share(stems[at], stems[one]) >= SAME}
        yield Listed(name, "with", understood.text, found, right, judge, reader, evidence_of(row))
        if without := [each for each in found if each.row not in alike]:
            yield Listed(name, "without", understood.text, without, right, judge, reader)
    print(f"{name}: {len(rows)} questions", flush=True)


def asked_far(shipped: Assistant) -> list[Listed]:
    """Search the shipped documents for questions from far away."""
    rows = [row for name in ("refuse", "note") for row in read_questions(name) if row["kind"] in FAR]
    return list(asked("far", shipped, [{**row, "kind": "near_miss"} for row in rows]))


def compare_orders(listed: Sequence[Listed]) -> None:
    """Print how often the right passage comes first, by how much reading counts; in use is what `candidates` holds."""
    answered = [each for each in listed if each.kind == "with"]
    print("\nreading counts, at a temperature: the right passage first; before reading ", end="")
    print(f"{np.mean([each.found[0].row in each.right for each in answered]):.3f}")
    for read, temperature in (*ORDERS, (candidates._READ, candidates._TEMPERATURE)):
        with patch.object(candidates, "_READ", read), patch.object(candidates, "_TEMPERATURE", temperature):
            first = [each.reader.read(each.question, each.found)[0].row in each.right for each in answered]
        print(f"{read:5} {temperature:5} {np.mean(first):.3f}")


def compare_sentences(listed: Sequence[Listed]) -> None:
    """Print how often the right sentence of a right passage is quoted, by how much reading each counts."""
    firsts = [(each, each.reader.read(each.question, each.found)[0]) for each in listed if each.kind == "with"]
    firsts = [(each, first) for each, first in firsts if first.row in each.right and len(first.sentences) > 1]
    print("\nreading a sentence counts: the right sentence of a right passage with several")
    for counts in SENTENCES:
        with patch.object(reading, "_SENTENCE_READ", counts):
            read = [(each, each.reader.read_sentences(each.question, first)) for each, first in firsts]
        quoted = [holds_evidence(folded(_best_sentence(first)), each.evidence) for each, first in read]
        print(f"{counts:5} {np.mean(quoted):.3f} of {len(quoted)}")


def _best_sentence(candidate: Candidate) -> str:
    return candidate.passage.text[slice(*candidate.sentences[candidate.best_sentence])]


def fitted(listed: Sequence[Listed], signs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Fit the weights and the operating point."""
    names = [name for name in dict.fromkeys(name for each in signs for name in each) if name != "named"]
    kinds, documents = np.array([each.kind for each in listed]), np.array([each.document for each in listed])
    table = np.array([[each[name] for name in names] for each in signs])
    right = kinds == "with"
    weights = np.where((kinds == "near_miss") & (documents != "far"), NEAR_COUNTS, 1.0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=5000))
    weighted = {"logisticregression__sample_weight": weights}
    chances = cross_val_predict(
        model, table, right, groups=documents, cv=LeaveOneGroupOut(), method="predict_proba", params=weighted
    )[:, 1]
    threshold = float(np.quantile(chances[right], 1 - ANSWERED))
    pairs = right | (kinds == "without")
    print(f"threshold {threshold:.3f}, AUROC over pairs {roc_auc_score(right[pairs], chances[pairs]):.3f}")
    for kind, of_kind in (
        ("with", right),
        ("without", kinds == "without"),
        ("near miss", (kinds == "near_miss") & (documents != "far")),
        ("far away", documents == "far"),
    ):
        print(f"{kind:12} answered {(chances[of_kind] >= threshold).mean():.3f} of {of_kind.sum()}")
    return as_weights(model.fit(table, right, **weighted), names, threshold)


def as_weights(model: Any, names: list[str], threshold: float) -> dict[str, Any]:
    """Take from a fitted pipeline, a scaler and a regression, what `Answerability` reads."""
    scaler, last = model.steps[0][1], model.steps[1][1]
    return {
        "means": dict(zip(names, scaler.mean_.round(5).tolist(), strict=True)),
        "scales": dict(zip(names, scaler.scale_.round(5).tolist(), strict=True)),
        "weights": dict(zip(names, last.coef_[0].round(5).tolist(), strict=True)),
        "intercept": round(float(last.intercept_[0]), 5),
        "threshold": round(threshold, 4),
        "probed": 0.0,
    }


def write_probes(assistants: Sequence[Assistant]) -> None:
    """Write what the probes of the documents themselves get: another encoder's or reader's are compared with that."""
    read = [scores for each in assistants for scores in probe_scores(each.build.passages, each.finders.english)]
    probe_read, others_read = np.median(read, axis=0).round(3).tolist()
    for path in (UNREAD, READ):
        found = {}
        for each in assistants:
            finder = copy.copy(each.finders.english)
            finder.reader = finder.reader if path == READ else None
            found[each.sources[0].id] = probed(each.build.passages, EnglishJudge(finder, Answerability.read(path), 0.0))
        median = float(np.median([odds for each in found.values() for odds in each]))
        print(f"\n{path.name}: probes of the documents themselves, in log odds: {median:.2f}")
        for name, odds in found.items():
            print(f"{name:24} {np.median(odds) - median:+.2f} beside that, of {len(odds)}")
        further = {"probed": round(median, 3), "probe_read": probe_read, "others_read": others_read}
        write(path, json.loads(path.read_text(encoding="utf-8")) | further)


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write weights."""
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
