"""Fit the weights by which passages are ranked: `python -m bench.fit_ranking`.

It is a listwise fit on the gold questions whose names end in "fit" and "dev", never on those in "test": under a softmax
of the scores, the passage that answers is to be likely. Each document is left out once, and the weights found without
it are tried on its questions. The weights of the first, rough pass are fitted on all documents put into one corpus, so
that there is something to choose from: it is to keep the six passages that all features together rank first.

The weights for questions in other languages are fitted likewise on those whose names end in "dev"; what is left out
once is a quarter of the questions, in every language.

It prints what is found beside what is in use, and changes nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np

from assistant import Assistant
from assistant.answering import LOOKED_AT, understand
from assistant.evaluation import Row, relevant_passages
from assistant.language import UNITED_NATIONS
from assistant.retrieval import Candidate, crosslingual, ranking
from bench.gold import MADE_UP, indexes_folder, open_all, open_made_up, open_shipped, read_answerable
from bench.listwise import Array, Ranking, compare_weights

OF_THE_NOTE = ("ask", "note")
FEATURES = ("meaning", "sentence", "tokens", "sentence_tokens", "words", "objectives")
FEATURES_ACROSS = (*FEATURES, "terms")  # words are names
ROUGH_FEATURES = ("meaning", "sentence", "words", "objectives")
EVERYTHING = 1_000_000  # passages
QUARTERS = 4


def main() -> None:
    """Fit and print."""
    with indexes_folder(__doc__) as folder:
        print("The six weights")
        compare_weights(list(rankings(folder)), dict(zip(FEATURES, ranking._WEIGHTS, strict=True)))
        print("\nThe weights across languages")
        compare_weights(list(rankings_across_languages()), dict(zip(FEATURES_ACROSS, weights_across(), strict=True)))
        print("\nThe weights of the rough pass")
        rough = np.array(
            [ranking._MEANING_ALONE, ranking._SENTENCE_ALONE, ranking._WORDS_ALONE, ranking._OBJECTIVES_ALONE]
        )
        distilled = list(rough_rankings(folder))
        compare_weights(distilled, dict(zip(ROUGH_FEATURES, rough, strict=True)))
        print(f"Of the {LOOKED_AT} best, {kept(distilled, rough):.1%} are among the {ranking._CLOSELY} kept")


def rankings(folder: Path) -> Iterator[Ranking]:
    """Ask each answerable question of its own document."""
    shipped = open_shipped()
    for name in OF_THE_NOTE:
        yield from ranked(shipped, name, group="note")
    for name, assistant in open_made_up(folder):
        yield from ranked(assistant, name, group=name)


def ranked(assistant: Assistant, name: str, *, group: str) -> Iterator[Ranking]:
    """Ask the answerable questions of a name."""
    for row in read_answerable(name):
        yield from ranking_of(assistant, row, search(assistant, row["question"]), FEATURES, group=group)


def ranking_of(
    assistant: Assistant, row: Row, candidates: list[Candidate], names: tuple[str, ...], *, group: str
) -> Iterator[Ranking]:
    """Yield the ranking of a question, unless it names a place or its answer isn't found."""
    relevant = relevant_passages(assistant.passages, row)
    answers = np.array([candidate.passage.id in relevant for candidate in candidates], dtype=np.float64)
    if answers.any() and not any(each.features.is_named for each in candidates):
        yield Ranking(group, features_of(candidates, names), answers / answers.sum())


def rankings_across_languages() -> Iterator[Ranking]:
    """Ask each answerable question in other languages."""
    assistant = open_shipped()
    if assistant.finders.across is None:
        raise SystemExit("Nothing reads other languages here; run: pip install -r requirements-languages.txt")
    for language in UNITED_NATIONS:
        finder = assistant.finders.in_language(language)
        for number, row in enumerate(read_answerable(f"ask-{language}", "dev")):
            candidates = finder.search(understand(row["question"], (), language), top_k=EVERYTHING)
            quarter = f"quarter {number % QUARTERS + 1}"
            yield from ranking_of(assistant, row, candidates, FEATURES_ACROSS, group=quarter)


def weights_across() -> tuple[float, ...]:
    """Return the weights in use, in the order of the features."""
    weights: tuple[float, ...] = tuple(crosslingual._WEIGHTS.tolist())
    return weights


def rough_rankings(folder: Path) -> Iterator[Ranking]:
    """Ask every question of all documents at once, and look closely at all that is proposed."""
    assistant = open_all(folder)
    with patch.object(ranking, "PROPOSED", EVERYTHING):
        for name in (*OF_THE_NOTE, *MADE_UP):
            for row in read_answerable(name):
                candidates = search(assistant, row["question"])
                if candidates and not any(each.features.is_named for each in candidates):
                    best = np.zeros(len(candidates))
                    best[:LOOKED_AT] = 1 / min(LOOKED_AT, len(candidates))
                    yield Ranking(
                        "note" if name in OF_THE_NOTE else name, features_of(candidates, ROUGH_FEATURES), best
                    )


def search(assistant: Assistant, question: str) -> list[Candidate]:
    """Return all candidates of a question, best first."""
    return assistant.finders.english.search(understand(question, ()), top_k=EVERYTHING)


def features_of(candidates: list[Candidate], names: tuple[str, ...]) -> Array:
    """Return the features of candidates, (candidates, features)."""
    return np.array([[getattr(each.features, name) for name in names] for each in candidates], dtype=np.float64)


def kept(rankings: list[Ranking], weights: Array) -> float:
    """Return the share of the best passages that the rough pass keeps."""
    shares = []
    for each in rankings:
        first = np.argsort(-(each.features @ weights), kind="stable")[: ranking._CLOSELY]
        shares.append(float((each.relevant[first] > 0).sum() / (each.relevant > 0).sum()))
    return float(np.mean(shares))


if __name__ == "__main__":
    main()
