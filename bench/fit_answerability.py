"""Fit the weights that tell whether a question is answered: `python -m bench.fit_answerability`.

The questions are those of tests/gold whose names end in "fit" and "dev", never those in "test". The operating point
is the chance from which on nine in ten of the answerable ones of "dev" are answered, judged on parts that a fit hasn't
seen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import Assistant
from assistant.answering import LOOKED_AT, Judge, probed, understand
from bench.gold import ROOT, SPLITS, indexes_folder, open_made_up, open_shipped, read_questions

WEIGHTS = ROOT / "assistant" / "answering" / "answerability.json"
ANSWERED = 0.93  # of the answerable questions of the development split
STRENGTH = (
    0.05  # scikit-learn's C; weaker or stronger regularization does no better on documents that weren't fitted on
)
FAR_COUNTS = 2.0  # a question from far away that is answered is worse than a near miss


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the signs of what was found for it."""

    kind: str
    split: str
    signs: Mapping[str, float]


def main() -> None:
    """Fit, print what was reached, and write assistant/answering/answerability.json."""
    shipped = open_shipped()
    with indexes_folder(__doc__) as folder:
        made_up = dict(open_made_up(folder))
    asked_of = dict.fromkeys(("ask", "refuse", "note"), shipped) | made_up
    asked = [
        Asked("answerable" if row.get("expected") or row.get("locators") else row["kind"], split, signs)
        for name, assistant in asked_of.items()
        for split in SPLITS
        for row in read_questions(name, split)
        if not (signs := signs_of(english_judge(assistant), row["question"]))["named"]
    ]
    write(fitted(asked))
    # A build moves the operating point by how its documents' own probes lie beside those of these documents.
    probes = {
        name: probed(each.build.passages, english_judge(each))
        for name, each in {"documents": shipped, **made_up}.items()
    }
    median = float(np.median([each for found in probes.values() for each in found]))
    write(json.loads(WEIGHTS.read_text(encoding="utf-8")) | {"probed": round(median, 3)})
    print(f"probes of the documents themselves, in log odds: {median:.2f}")
    for name, found in probes.items():
        print(f"{name:12} {np.median(found) - median:+.2f} beside that, of {len(found)}")


def english_judge(assistant: Assistant) -> Judge:
    """Return what judges questions in English."""
    return assistant.judges.of(assistant.finders.english)


def signs_of(judge: Judge, question: str) -> Mapping[str, float]:
    """Search for a question and return what is weighed."""
    return judge.features(question, judge.finder.search(understand(question, ()), top_k=LOOKED_AT))


def fitted(asked: list[Asked]) -> dict[str, Any]:
    """Fit the weights and the operating point."""
    names = [name for name in asked[0].signs if name != "named"]
    kinds = np.array([each.kind for each in asked])
    table = np.array([[each.signs[name] for name in names] for each in asked])
    right = kinds == "answerable"
    weights = np.where(np.isin(kinds, ["far", "off_topic", "hostile"]), FAR_COUNTS, 1.0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced"))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    weighted = {"logisticregression__sample_weight": weights}
    chances = cross_val_predict(model, table, right, cv=folds, method="predict_proba", params=weighted)[:, 1]
    in_dev = np.array([each.split == "dev" for each in asked])
    threshold = float(np.quantile(chances[right & in_dev], 1 - ANSWERED))
    for split, inside in (("fit", ~in_dev), ("dev", in_dev)):
        for kind in dict.fromkeys(kinds):
            of_kind = chances[inside & (kinds == kind)]
            print(f"{split} {kind:12} answered {(of_kind >= threshold).mean():.3f} of {len(of_kind)}")
    print(f"threshold {threshold:.3f}")
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


def write(content: dict[str, Any]) -> None:
    """Write the weights."""
    WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
