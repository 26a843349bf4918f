from pathlib import Path

from assistant import Assistant
from assistant.encoding.encoder import Query
from tests.fakes import BagOfWordsEncoder


def opened(folder: Path, encoder: BagOfWordsEncoder | None = None) -> Assistant:
    """Open the small documents of a folder."""
    return Assistant.open(folder / "corpus", folder / "index", encoder=encoder or BagOfWordsEncoder())


class Counting(BagOfWordsEncoder):
    """Counts the questions that it encodes."""

    asked = 0

    def encode_query(self, text: str) -> Query:
        self.asked += 1
        return super().encode_query(text)
