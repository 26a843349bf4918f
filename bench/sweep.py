"""Try other values of the numbers that were chosen by trying: `python -m bench.sweep`, with measures as arguments.

Each number is set to a few values in turn, and what it is for is measured on the gold questions whose names end in
"fit" and "dev", never on those in "test". The value in use is marked; nothing is changed. A number is well chosen where
it is among the best and its neighbours do about as well.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import chain
from unittest.mock import patch

import numpy as np

from assistant import Assistant
from assistant.encoding import NanoEncoder, Query, SentenceEncoder, Vectors
from assistant.evaluation import relevant_passages
from assistant.language import ENGLISH, UNITED_NATIONS
from assistant.objectives import (
    MultilingualClassifier,
    ObjectiveClassifier,
    multilingual_examples,
    read_objectives,
    read_translated,
)
from bench.gold import ROOT, open_shipped, read_answerable, read_questions

TABLE = ROOT / "corpus" / "objectives.toml"
TRANSLATED = ROOT / "corpus" / "objectives-translated.toml"
DEPTH = 5
Measures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Dial:
    """A number, values to try, and what measures them."""

    module: str
    name: str
    values: tuple[float, ...]
    measure: str  # the name of a function of this module


DIALS = (
    Dial("assistant.encoding.language_map", "CENTRED", (0.0, 0.5, 0.65, 0.8, 0.9, 1.0), "found_across_languages"),
    Dial("assistant.encoding.language_map", "_QUESTIONS_SHARE", (0.0, 0.25, 0.5, 0.75, 1.0), "found_across_languages"),
    Dial("assistant.index.centred_rows", "_FEW", (0, 3, 10, 30), "found_across_languages"),
    Dial("assistant.answering.conversation", "_FOCUS_SHARE", (0.0, 0.2, 0.4, 0.6, 0.8), "understood_turns"),
    Dial("assistant.answering.conversation", "_FOCUS_SHARE_WITHOUT_CONTENT", (0.0, 0.15, 0.3, 0.5), "understood_turns"),
    Dial("assistant.answering.composing", "_MARKED_SHARE", (0.8, 0.85, 0.9, 0.95, 1.0), "quoted"),
    Dial("assistant.language.detection", "_LETTERS_COUNT", (0.35, 0.5, 0.7, 1.0), "told_languages"),
    Dial("assistant.language.detection", "_TERMS_COUNT", (0.0, 0.25, 0.5, 1.0), "told_languages"),
    Dial("assistant.language.detection", "_SURE", (0.6, 0.9, 1.2, 1.5, 2.0), "told_languages"),
    Dial("assistant.language.detection", "_LEAST", (0.25, 0.5, 1.0), "told_languages"),
    Dial("assistant.objectives.classifier", "_STRENGTH", (4.0, 13.0, 40.0, 120.0), "classified"),
    Dial("assistant.objectives.classifier", "_MEANING_LENGTH", (0.35, 0.7, 1.5), "classified"),
    Dial("assistant.objectives.multilingual", "_REGULARISATION", (1.0, 3.0, 10.0, 30.0, 100.0), "classified_across"),
    Dial("assistant.encoding.language_map", "_RIDGE", (1.0, 3.0, 10.0, 30.0, 100.0), "classified_across"),
)


def main() -> None:
    """Measure and print."""
    names = sorted({dial.measure for dial in DIALS})
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"{', '.join(names)}; all of them by default")
    chosen = parser.parse_args().measures or names
    for dial in DIALS:
        if dial.measure in chosen:
            try_values(dial)


def try_values(dial: Dial) -> None:
    """Measure with each value of a number, and mark the one in use."""
    in_use = getattr(importlib.import_module(dial.module), dial.name)
    # A public number has that name in each module that imported it.
    private = dial.name.startswith("_")
    holders = [dial.module] if private else [each for each in sys.modules if each.startswith("assistant.")]
    print(f"{dial.module}.{dial.name}", flush=True)
    for value in sorted({*dial.values, in_use}):
        with ExitStack() as stack:
            for holder in holders:
                if hasattr(sys.modules[holder], dial.name):
                    stack.enter_context(patch.object(sys.modules[holder], dial.name, value))
            measures: Measures = globals()[dial.measure]()
        reached = "  ".join(f"{key} {share:.3f}" for key, share in measures.items())
        print(f"{value:8g} {'in use' if value == in_use else '':>7}  {reached}", flush=True)


# What is measured ----------------------------------------------------------------------------------------------------


def found_across_languages() -> Measures:
    """Return how often questions in other languages find a passage that answers first, and among five."""
    assistant = open_shipped()
    rows = chain.from_iterable(read_answerable(f"ask-{language}", "dev") for language in UNITED_NATIONS)
    return recalls(assistant, (([], row["question"], relevant_passages(assistant.passages, row)) for row in rows))


def understood_turns() -> Measures:
    """Return how often the last turn of a conversation finds a passage that answers first, and among five."""
    assistant = open_shipped()
    rows = read_answerable("talk", "dev")
    turns = ((row["turns"][:-1], row["turns"][-1], relevant_passages(assistant.passages, row)) for row in rows)
    return recalls(assistant, turns)


def recalls(assistant: Assistant, asked: Iterable[tuple[list[str], str, frozenset[str]]]) -> Measures:
    """Return how often a passage that answers comes first, and among five."""
    ranks = []
    for history, question, relevant in asked:
        hits = assistant.ranked_hits(question, history=history, top_k=DEPTH)
        ranks.append(next((at for at, hit in enumerate(hits) if hit.passage.id in relevant), DEPTH))
    return {"recall@1": float(np.mean(np.array(ranks) < 1)), "recall@5": float(np.mean(np.array(ranks) < DEPTH))}


def quoted() -> Measures:
    """Return how often a quotation overlaps with the words that answer, and how many words it has."""
    assistant = open_shipped()
    right, words = [], []
    for row in read_answerable("ask"):
        text = " ".join((assistant.ask(row["question"]).answer or "").split())
        if text:
            right.append(any(" ".join(each.split()) in text for each in row["evidence"]))
            words.append(len(text.split()))
    return {"holds all the evidence": float(np.mean(right)), "words": float(np.mean(words))}


def told_languages() -> Measures:
    """Return how often the language of a question is told, and how often surely."""
    finders = open_shipped().finders
    asked = [
        (language, row["question"])
        for language in (ENGLISH, *UNITED_NATIONS)
        for kind in ("ask", "refuse")
        for row in read_questions(kind if language == ENGLISH else f"{kind}-{language}")
    ]
    told = [(language, finders.spoken(question)) for language, question in asked]
    right = np.array([spoken.language == language for language, spoken in told])
    sure = np.array([spoken.is_sure for _, spoken in told])
    return {"right": float(right.mean()), "sure": float(sure.mean()), "sure and wrong": float((sure & ~right).mean())}


def classified() -> Measures:
    """Return how often the right objective of an English text comes first."""
    table, encoded = read_objectives(TABLE), english_encoder()
    model = ObjectiveClassifier.fit(table.examples, encoded([each.text for each in table.examples]))
    rows = read_questions("objectives", "dev")
    texts = [row["text"] for row in rows]
    found = model.confidences(texts, encoded(texts))
    firsts = [max(each, key=each.__getitem__) for each in found]
    chances = [each[row["objective"]] for each, row in zip(found, rows, strict=True)]
    return {
        "right first": float(np.mean([first == row["objective"] for first, row in zip(firsts, rows, strict=True)])),
        "log loss": float(-np.log(np.maximum(chances, 1e-6)).mean()),
    }


def classified_across() -> Measures:
    """Return how often the right objective of a text in another language comes first, and how near the bridge leads."""
    encoded, english = multilingual_encoder(), english_encoder()
    examples = multilingual_examples(read_objectives(TABLE).examples, read_translated(TRANSLATED))
    model = MultilingualClassifier.fit(encoded, examples, english=english, report=lambda _: None)  # type: ignore[arg-type]
    right, near = [], []
    for language in UNITED_NATIONS:
        for row in read_questions(f"objectives-{language}", "dev"):
            chances = model.objective_probabilities(encoded([row["text"]])[0], language)
            right.append(int(np.argmax(chances)) + 1 == row["objective"])
        rows = read_answerable(f"ask-{language}", "dev")
        there = english([row["english"] for row in rows])
        bridged = [model.language_map.bridged_question(encoded([row["question"]])[0], language) for row in rows]
        near.append(np.sum(there * np.array(bridged), axis=1))
    return {"right first": float(np.mean(right)), "cosine to the English": float(np.concatenate(near).mean())}


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encode: Callable[[Sequence[str]], Vectors]) -> None:
        """Take what encodes."""
        self._encode = encode
        self._known: dict[str, Vectors] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Encode texts."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._encode(missing), strict=True))
        return np.array([self._known[text] for text in texts])

    def encode_query(self, text: str) -> Query:
        """Encode a question, without tokens."""
        (vector,) = self([text])
        none = np.empty((0, len(vector)), dtype=np.float32)
        return Query(vector, none, none[:, 0], ())


@cache
def english_encoder() -> Remembering:
    """Return the encoder of English."""
    encoder = SentenceEncoder()
    return Remembering(lambda texts: encoder.encode_passages(texts).vectors)


@cache
def multilingual_encoder() -> Remembering:
    """Return the encoder of other languages, which encodes all texts as questions."""
    encoder = NanoEncoder()
    return Remembering(lambda texts: np.array([encoder.encode_query(text).vector for text in texts]))


if __name__ == "__main__":
    main()
