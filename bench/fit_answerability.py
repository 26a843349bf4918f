"""Fit the weights that tell whether a question is answered: `python -m bench.fit_answerability`.

The questions are those of tests/gold whose names end in "fit" and "dev", never those in "test". The operating point
is the chance from which on nine in ten of the answerable ones are answered, judged on parts that a fit hasn't seen.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import Assistant
from assistant.conversation import understand
from assistant.evaluation import read_gold

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
ANSWERED = 0.91  # of the answerable questions
LOWEST = 0.02  # share of the answerable ones below the lowest score that is ever answered
STRENGTH = 0.1  # scikit-learn's C
FAR_COUNTS = 2.0  # a question from far away that is answered is worse than a near miss


def main() -> None:
    """Fit, print what was reached, and write assistant/answerability.json."""
    rows: list[dict[str, float]] = []
    kinds: list[str] = []
    documents = Assistant.open(ROOT / "corpus", ROOT / "index")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "corpus"
        folder.mkdir()
        text = (ROOT / "tests" / "data" / "formal-document.txt").read_text(encoding="utf-8")
        (folder / "formal-document.txt").write_text(text, encoding="utf-8")
        formal = Assistant.open(folder, Path(scratch) / "index")
    for split in ("fit", "dev"):
        for name, assistant in (("ask", documents), ("refuse", documents), ("formal", formal)):
            for row in read_gold(GOLD / f"{name}-{split}.jsonl"):
                candidates = assistant._candidates(understand(row["question"], ()), (), 6)
                rows.append(assistant.signs(row["question"], candidates))
                kinds.append("answerable" if row.get("expected") or row.get("locators") else row["kind"])
    write(rows, np.array(kinds))


def write(rows: list[dict[str, float]], kinds: np.ndarray) -> None:
    """Fit on the signs of all questions, and write the weights and the operating point."""
    names = [name for name in rows[0] if name != "named"]
    table = np.array([[row[name] for name in names] for row in rows])
    right = kinds == "answerable"
    weights = np.where(np.isin(kinds, ["far", "off_topic", "hostile"]), FAR_COUNTS, 1.0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced"))
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    weighted = {"logisticregression__sample_weight": weights}
    chances = cross_val_predict(model, table, right, cv=folds, method="predict_proba", params=weighted)[:, 1]
    scores = table[:, names.index("score")]
    lowest = float(np.quantile(scores[right], LOWEST))
    threshold = float(np.quantile(chances[right], 1 - ANSWERED))
    answered = (chances >= threshold) & (scores >= lowest)
    for kind in dict.fromkeys(kinds):
        print(f"{kind:12} answered {answered[kinds == kind].mean():.3f} of {np.sum(kinds == kind)}")
    scaler, fitted = model.fit(table, right, **weighted).steps[0][1], model.steps[1][1]
    content = {
        "means": dict(zip(names, scaler.mean_.round(5).tolist(), strict=True)),
        "scales": dict(zip(names, scaler.scale_.round(5).tolist(), strict=True)),
        "weights": dict(zip(names, fitted.coef_[0].round(5).tolist(), strict=True)),
        "intercept": round(float(fitted.intercept_[0]), 5),
        "threshold": round(threshold, 4),
        "lowest_score": round(lowest, 4),
    }
    path = ROOT / "assistant" / "answerability.json"
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{path.name}: threshold {threshold:.3f}, lowest score {lowest:.3f}")


if __name__ == "__main__":
    main()
