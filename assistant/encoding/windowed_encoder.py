"""The common part of the encoders of transformer models: a text longer than the model's window is cut into windows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.encoding.encoder import Encodings, Identity, Query, Vectors, unit
from assistant.encoding.token_vectors import TokenVectors
from assistant.memory import remembered
from assistant.records import Span

_BATCH = 16  # texts encoded at once; on two cores half as many and twice as many take a little longer
_QUESTION_TOKENS = 512  # of a question or a topic that are read; a long one would keep the others waiting
_MARKS = 2  # tokens that a model puts around a text


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """The output of a model for some texts."""

    vectors: Vectors
    tokens: Sequence[Vectors]  # of each text (tokens, dimensions), at their full lengths
    spans: Sequence[npt.NDArray[np.int64]]  # of each text (tokens, 2): where each token stands in it


class WindowedEncoder(ABC):
    """An encoder whose model reads a limited number of tokens at once; a longer text gets the mean of its windows."""

    identity: Identity

    def __init__(self) -> None:
        """Prepare to remember questions: one is encoded to find passages and again to find its objectives."""
        self._remembered = remembered(self._encode_query)

    @property
    @abstractmethod
    def _window(self) -> int:
        """Return how many tokens the model reads at once, those around a text included."""

    @property
    @abstractmethod
    def _dimensions(self) -> int:
        """The length of a vector."""

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        """Encode texts, in batches of like length."""
        windows = [
            _Window(owner, start, text[start:end]) for owner, text in enumerate(texts) for start, end in self._cut(text)
        ]
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        tokens = [np.empty((0, self._dimensions), dtype=np.float32)] * len(windows)
        spans = [np.empty((0, 2), dtype=np.int64)] * len(windows)
        for batch in _batches(windows, len(texts), report):
            batched = [windows[i].text for i in batch]
            owners = [windows[i].owner for i in batch]
            if not with_tokens:
                np.add.at(vectors, owners, self._run_for_vectors(batched))
                continue
            output = self._run(batched)
            np.add.at(vectors, owners, output.vectors)
            for i, rows, places in zip(batch, output.tokens, output.spans, strict=True):
                tokens[i], spans[i] = rows, places + windows[i].start
        if not with_tokens:
            return Encodings(unit(vectors))
        counts = np.zeros(len(texts), dtype=np.int64)
        np.add.at(counts, [window.owner for window in windows], [len(rows) for rows in tokens])
        starts = np.concatenate([[0], np.cumsum(counts)])
        rows, places = unit(np.concatenate(tokens)), np.concatenate(spans)
        return Encodings(unit(vectors), TokenVectors.of(texts, rows, places, starts))

    def encode_query(self, text: str) -> Query:
        """Encode a question, once."""
        return self._remembered(text)

    def _encode_query(self, text: str) -> Query:
        windows = self._cut(text)[: max(1, _QUESTION_TOKENS // self._window)]
        output = self._run([text[start:end] for start, end in windows])
        vector = output.vectors[0] if len(windows) == 1 else unit(output.vectors.sum(axis=0, keepdims=True))[0]
        tokens = np.concatenate(output.tokens)
        spans = np.concatenate([places + start for places, (start, _) in zip(output.spans, windows, strict=True)])
        lengths = np.linalg.norm(tokens, axis=1)
        scaled = tokens / np.maximum(lengths, np.finfo(np.float32).tiny)[:, None]
        return Query(vector, scaled, lengths, tuple((start, end) for start, end in spans.tolist()))

    @abstractmethod
    def _run(self, texts: Sequence[str]) -> ModelOutput:
        """Run the model on texts that fit its window."""

    def _run_for_vectors(self, texts: Sequence[str]) -> Vectors:
        """Run the model for the vectors of the texts alone."""
        return self._run(texts).vectors

    @abstractmethod
    def _token_starts(self, text: str) -> list[int]:
        """Return where each token of a text begins, however many there are."""

    def _cut(self, text: str) -> list[Span]:
        """Cut a text into pieces that the model reads whole, between tokens."""
        size = self._window - _MARKS
        if len(text) < size:  # a token has at least one character
            return [(0, len(text))]
        starts = self._token_starts(text)[::size] or [0]
        return list(zip(starts, [*starts[1:], len(text)], strict=True))


@dataclass(frozen=True, slots=True)
class _Window:
    """A piece of a text that the model reads at once."""

    owner: int  # the text's number
    start: int  # where the piece begins in it
    text: str


def _batches(windows: Sequence[_Window], texts: int, report: Callable[[int], None] | None) -> Iterator[Sequence[int]]:
    """Yield the numbers of the windows of each batch, and report how many of the texts are done."""
    # Those of like length together, so that little is spent on padding.
    order = sorted(range(len(windows)), key=lambda i: -len(windows[i].text))
    for first in range(0, len(order), _BATCH):
        yield order[first : first + _BATCH]
        if report:
            report(texts * min(first + _BATCH, len(order)) // len(order))
