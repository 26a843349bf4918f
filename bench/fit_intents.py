"""Learn what a question wants, from its vector: `python -m bench.fit_intents`.

Learned from tests/gold/intent-fit.jsonl and, as what asks for the documents' words, from all gold questions for fitting
in every language, but for those that by the first alone ask for something else, such as when the meeting is. What is
printed is judged on intent-dev.jsonl, which then is learned from, too.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from assistant.answering.intents import CONTENT, INTENTS, OF_MEETING, IntentModel, save
from assistant.encoding import Encoder, Vectors
from assistant.language import ENGLISH, UNITED_NATIONS
from bench.gold import open_shipped, read_questions

STRENGTH = 30.0  # scikit-learn's C; three times less does a little worse
SPREAD = 5.0  # of the multilingual vectors, which lie closer together
FAR = ("far", "off_topic")
NAMES = ("ask", "refuse", "note", "formal", "plan", "briefing")
Labelled: TypeAlias = tuple[str, str, str]  # a question, its language, what it wants


def main() -> None:
    """Fit a model for the English encoder and one for the other, print what each reaches, and write both."""
    finders = open_shipped().judges.finders
    if finders.across is None:
        raise SystemExit("Nothing reads other languages here; run: pip install -r requirements-languages.txt")
    models = {
        encoder.identity.sha256: fitted(encoder, others=others)
        for encoder, others in ((finders.english.runtime.encoder, False), (finders.across.encoder, True))
    }
    save(models, (question for question, language, intent in FIT if language == ENGLISH and intent in OF_MEETING))


def labelled(split: str) -> list[Labelled]:
    """Return the questions that were written for this."""
    return [(row["question"], row.get("language", ENGLISH), row["intent"]) for row in read_questions("intent", split)]


def asked(*, is_far: bool) -> list[Labelled]:
    """Return the gold questions from far away, or those that documents answer or nearly do; no orders to a machine."""
    names = [(name, ENGLISH) for name in NAMES]
    names += [(f"{name}-{language}", language) for language in UNITED_NATIONS for name in ("ask", "refuse")]
    return [
        (row["question"], language, CONTENT)
        for name, language in names
        for row in read_questions(name)
        if row.get("kind") != "hostile" and (row.get("kind") in FAR) == is_far
    ]


def fitted(encoder: Encoder, *, others: bool) -> Vectors:
    """Print what is reached and return the weights of a model, of English questions or of those in all languages."""
    spread = SPREAD if others else 1.0
    sets = (FIT, asked(is_far=True), asked(is_far=False), DEV)
    written, far, near, judged = ([row for row in rows if others or row[1] == ENGLISH] for rows in sets)
    alone = wanted_by(learn(encoder, [*written, *far, *judged], spread), encoder, near)
    learned = [*written, *far, *(row for row, intent in zip(near, alone, strict=True) if intent not in OF_MEETING)]
    found = wanted_by(learn(encoder, learned, spread), encoder, judged)
    wanted = np.array([intent for *_, intent in judged])
    for intent in INTENTS:
        of_it, as_it = wanted == intent, found == intent
        right = (of_it & as_it).sum()
        print(f"{encoder.identity.name}: {intent} {right} of {of_it.sum()}, {as_it.sum() - right} others taken for it")
    return learn(encoder, [*learned, *judged], spread)


def wanted_by(weights: Vectors, encoder: Encoder, rows: Sequence[Labelled]) -> npt.NDArray[np.str_]:
    """Return what each question wants by a model."""
    model = IntentModel(weights)
    return np.array([model.intent(encoder.encode_query(question).vector) for question, *_ in rows])


def learn(encoder: Encoder, rows: Sequence[Labelled], spread: float) -> Vectors:
    """Return the weights, (intents, dimensions + 1)."""
    vectors = np.array([encoder.encode_query(question).vector for question, *_ in rows], dtype=np.float64)
    middle = vectors.mean(axis=0)
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit((vectors - middle) * spread, [row[2] for row in rows])
    at = [list(model.classes_).index(intent) for intent in INTENTS]
    weights = model.coef_[at] * spread
    return np.hstack([weights, (model.intercept_[at] - weights @ middle)[:, None]]).astype(np.float32)


FIT, DEV = labelled("fit"), labelled("dev")

if __name__ == "__main__":
    main()
