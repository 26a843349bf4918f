"""Fit the weights that tell whether a question in another language is answered: `python -m bench.fit_crosslingual`.

The questions are those of tests/gold in other languages whose names end in "dev", never those in "test". A fit is
judged on questions that it hasn't seen in any language. The operating point is the chance from which on so many of the
answerable questions are answered.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answering import ACROSS_LANGUAGES, LOOKED_AT, Judge, understand
from assistant.language import UNITED_NATIONS
from bench.fit_answerability import as_weights
from bench.gold import open_shipped, read_questions

ANSWERED = 0.90  # of the answerable questions
STRENGTH = 0.05  # scikit-learn's C; five times less or four times more does about as well
FAR_COUNTS = 4.0  # a question from far away that is answered is worse than a near miss


def main() -> None:
    """Fit, print what was reached, and write assistant/answering/crosslingual.json."""
    judges = open_shipped().judges
    if judges.finders.across is None:
        raise SystemExit("Nothing reads other languages here; run: pip install -r requirements-languages.txt")
    kinds, languages, meant, signs = [], [], [], []
    for language in UNITED_NATIONS:
        for name in ("ask", "refuse"):
            for row in read_questions(f"{name}-{language}", "dev"):
                kinds.append("answerable" if row.get("expected") else row["kind"])
                languages.append(language)
                meant.append(row["english"])
                signs.append(signs_of(judges.of(judges.finders.in_language(language)), row["question"]))
    ACROSS_LANGUAGES.write_text(
        json.dumps(fitted(np.array(kinds), np.array(languages), np.array(meant), signs), indent=1) + "\n",
        encoding="utf-8",
    )


def signs_of(judge: Judge, question: str) -> Mapping[str, float]:
    """Search for a question and return what is weighed."""
    understood = understand(question, (), judge.finder.language)
    return judge.features(question, judge.finder.search(understood, top_k=LOOKED_AT))


def fitted(kinds: Any, languages: Any, meant: Any, signs: list[Mapping[str, float]]) -> dict[str, Any]:
    """Fit the weights and the operating point."""
    names = list(signs[0])
    table = np.array([[each[name] for name in names] for each in signs])
    right = kinds == "answerable"
    weights = np.where(kinds == "off_topic", FAR_COUNTS, 1.0)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced"))
    weighted = {"logisticregression__sample_weight": weights}
    chances = cross_val_predict(
        model, table, right, groups=meant, cv=GroupKFold(12), method="predict_proba", params=weighted
    )[:, 1]
    threshold = float(np.quantile(chances[right], 1 - ANSWERED))
    for kind in dict.fromkeys(kinds):
        shares = {each: (chances[(kinds == kind) & (languages == each)] >= threshold).mean() for each in UNITED_NATIONS}
        print(f"{kind:12} answered", *(f"{each} {share:.2f}" for each, share in shares.items()))
    print(f"threshold {threshold:.3f}")
    return as_weights(model.fit(table, right, **weighted), names, threshold)


if __name__ == "__main__":
    main()
