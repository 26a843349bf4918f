"""Fit what questions in other languages are ranked and judged by: `python -m bench.fit_crosslingual [--index DIR]`.

The questions are those of tests/gold/parallel/fit.jsonl, each put in five languages to a made-up document that the
reader didn't learn from; the gold questions in other languages whose names end in "dev" come on top, never those in
"test". As for English (`bench.fit_answerability`), a question is asked with the passages that answer it and without
them. How well they are ranked is printed; the weights of the judgement are
written to assistant/answering/crosslingual.json, after a fit was judged on questions that it hasn't seen in any
language. The operating point is the chance from which on a given share of the questions is answered whose passage is
there.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import Assistant
from assistant.answering import ACROSS_LANGUAGES, LOOKED_AT, Judge, understand
from assistant.evaluation import Row, read_gold, relevant_passages
from assistant.index import EVERYTHING, Filter
from assistant.language import UNITED_NATIONS
from assistant.retrieval import Candidate
from bench.fit_answerability import as_weights
from bench.gold import GOLD, ROOT, open_shipped, read_questions
from bench.reading import MADE

ANSWERED = 0.84  # of the questions whose passage is there: as in English, so that the decision is the same
STRENGTH = 0.03  # scikit-learn's C
CONSIDERED = 20  # passages that are ranked
WEIGHTS = {"with": 1.0, "without": 1.0, "near_miss": 0.7, "off_topic": 1.0}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in one language, and what was found for it.

    Attributes:
        kind: "with" what answers, "without" it, "near_miss" or "off_topic".
        meant: The same question in English.
        signs: What is weighed.
        right: The ids of the passages that answer.
    """

    kind: str
    language: str
    meant: str
    signs: Mapping[str, float]
    found: Sequence[Candidate]
    right: frozenset[str]


def main() -> None:
    """Fit, print what was reached, and write assistant/answering/crosslingual.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="keep the index of all these documents here")
    chosen = parser.parse_args().index
    parallel = read_gold(GOLD / "parallel" / "fit.jsonl")
    with tempfile.TemporaryDirectory() as temporary:
        corpus = shutil.copytree(ROOT / "corpus", Path(temporary) / "corpus")
        for name in {row["document"] for row in parallel}:
            shutil.copy(MADE / f"{name}.txt", corpus)
        assistant = Assistant.open(corpus, chosen or Path(temporary) / "index")
        if assistant.judges.finders.across is None:
            raise SystemExit("Nothing reads other languages here; run: pip install -r requirements-languages.txt")
        asked = list(in_parallel(assistant, parallel))
    asked += of_shipped(open_shipped())
    compare_rankings(asked)
    ACROSS_LANGUAGES.write_text(json.dumps(fitted(asked), indent=1) + "\n", encoding="utf-8")


def in_parallel(assistant: Assistant, rows: Sequence[Row]) -> Iterator[Asked]:
    """Ask each question of its document in each language but English, with what answers it and without."""
    documents = {Path(source.file).stem: source.id for source in assistant.sources}
    for row in rows:
        narrowed = Filter(documents={documents[row["document"]]})
        passages = [each for each in assistant.passages if each.source.id in narrowed.documents]
        right = relevant_passages(passages, row) if row.get("evidence") else frozenset()
        for language in UNITED_NATIONS:
            asked = Asked("with" if right else "near_miss", language, row["questions"]["en"], {}, (), right)
            yield from found_for(assistant, row["questions"][language], asked, narrowed)


def of_shipped(assistant: Assistant) -> Iterator[Asked]:
    """Ask the gold questions of the shipped documents."""
    for language in UNITED_NATIONS:
        for row in chain(*(read_questions(f"{name}-{language}", "dev") for name in ("ask", "refuse"))):
            right = relevant_passages(assistant.passages, row) if row.get("expected") else frozenset()
            asked = Asked("with" if right else row["kind"], language, row["english"], {}, (), right)
            yield from found_for(assistant, row["question"], asked, EVERYTHING)


def found_for(assistant: Assistant, question: str, asked: Asked, narrowed: Filter) -> Iterator[Asked]:
    """Yield a question with what is found for it, and with what is found without the passages that answer it."""
    judge = assistant.judges.of(assistant.judges.finders.in_language(asked.language))
    yield searched(judge, question, asked, narrowed)
    if asked.right:
        yield searched(judge, question, replace(asked, kind="without"), replace(narrowed, without=asked.right))


def searched(judge: Judge, question: str, asked: Asked, narrowed: Filter) -> Asked:
    """Return a question with what is found for it, and what is weighed."""
    found = judge.finder.search(understand(question, (), asked.language), top_k=CONSIDERED, narrowed=narrowed)
    return replace(asked, found=found, signs=judge.features(question, found[:LOOKED_AT]) if found else {})


def compare_rankings(asked: Sequence[Asked]) -> None:
    """Print how often the right passage comes first, by language, and with weights that a listwise fit finds."""
    answerable = [each for each in asked if each.kind == "with"]
    for language in UNITED_NATIONS:
        own = [each for each in answerable if each.language == language]
        ranked = [[candidate.passage.id in each.right for candidate in each.found] for each in own]
        first, among = np.mean([each[:1] == [True] for each in ranked]), np.mean([any(each[:5]) for each in ranked])
        print(f"{language}: right first {first:.3f}, among five {among:.3f}, of {len(own)}")


def fitted(asked: Sequence[Asked]) -> dict[str, Any]:
    """Fit the weights and the operating point."""
    asked = [each for each in asked if each.signs and not each.found[0].features.is_named]
    names = list(asked[0].signs)
    table = np.array([[each.signs[name] for name in names] for each in asked])
    kinds, languages = np.array([each.kind for each in asked]), np.array([each.language for each in asked])
    right = kinds == "with"
    weights = np.array([WEIGHTS[each] for each in kinds])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=5000))
    weighted = {"logisticregression__sample_weight": weights}
    chances = cross_val_predict(
        model,
        table,
        right,
        groups=[each.meant for each in asked],
        cv=GroupKFold(8),
        method="predict_proba",
        params=weighted,
    )[:, 1]
    threshold = float(np.quantile(chances[right], 1 - ANSWERED))
    for kind in WEIGHTS:
        of_kind = [(chances[(kinds == kind) & (languages == each)] >= threshold).mean() for each in UNITED_NATIONS]
        shares = zip(UNITED_NATIONS, of_kind, strict=True)
        print(f"{kind:10} answered", *(f"{language} {share:.2f}" for language, share in shares))
    pairs = right | (kinds == "without")
    print(f"threshold {threshold:.3f}; AUROC over pairs {roc_auc_score(right[pairs], chances[pairs]):.3f}")
    return as_weights(model.fit(table, right, **weighted), names, threshold)


if __name__ == "__main__":
    main()
