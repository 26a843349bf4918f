"""Measure which questions a curated answer takes for its own: paraphrases as it should, and others as it mustn't.

    python -m bench.likes

The questions are those of `tests/gold/likes-*.jsonl`, each with a text that answers it, paraphrases, and different
questions, most of which differ from it in a word.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answering import LEAST_ODDS, are_alike, have_same_words
from assistant.settings import Settings

_GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"


def main() -> None:
    """Print, for one question that is listed with an answer and for three, the shares that are taken."""
    english = Assistant.from_settings(Settings()).finders.english
    encode, reader = english.runtime.encoder.encode_query, english.reader

    def is_taken(question: str, listed: list[str], place: str) -> bool:
        if any(have_same_words(question, each) for each in listed):
            return True
        asked = encode(english.normalised(question))
        is_like = any(are_alike(question, asked, each, encode(english.normalised(each))) for each in listed)
        return is_like and (reader is None or reader.model.scores(question, [place])[0] >= LEAST_ODDS)

    for split in ("dev", "test"):
        rows: list[Mapping[str, Any]] = [
            json.loads(line) for line in (_GOLD / f"likes-{split}.jsonl").read_text("utf-8").splitlines()
        ]
        for count in (1, 3):
            told = []
            for key, first in (("likes", count - 1), ("unlike", 0)):
                taken = [
                    is_taken(each, [row["question"], *row["likes"][: count - 1]], row["place"])
                    for row in rows
                    for each in row[key][first:]
                ]
                told.append(f"{sum(taken)} of {len(taken)}")
            print(f"{split}, {count} listed: {told[0]} paraphrases, {told[1]} different questions")


if __name__ == "__main__":
    main()
