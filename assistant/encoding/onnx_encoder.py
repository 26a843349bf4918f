"""A converted model -> unit vectors, without torch. The only home of onnxruntime and tokenizers.

A question is encoded here; what is converted, and how, is the business of `conversion`. One encoder serves all threads:
each runs the model on its own, on one thread, which answers more questions a second than two threads for each.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.encoding.embeddings import Blueprint, Vectors, WindowedEncoder
from assistant.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Encoding

# Of the whole numbers that a question's tokens are rounded to: twice this times 255 fits sixteen bits with a sign, in
# which processors without instructions for such products add up pairs of them.
_GREATEST = 63
_SEVERE = 3  # onnxruntime's level of errors; its warnings are for its own makers


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near a converted model comes to the one that it was made from, on texts of the corpus.

    Attributes:
        cosine: Of the vectors of the same text by both, in the mean.
        least: The least of these.
        tokens: Of the vectors of the same word piece by both, in the mean.
        ranking: The share of the ten passages nearest to a text by one that are so by the other, in the mean.
        texts: How many that rests on.
    """

    cosine: float
    least: float
    tokens: float
    ranking: float
    texts: int


@dataclass(frozen=True, slots=True)
class Network:
    """A converted model.

    Attributes:
        graph: uint8, the bytes of the ONNX model: a text's token ids, (1, tokens), to its unit vector, (1, dimensions),
            and its tokens' vectors, (1, tokens, dimensions).
        products: The bytes of an ONNX model that multiplies whole numbers of eight bits, several times faster than
            NumPy multiplies floats.
        tokenizer: The tokenizer's own JSON.
        special: The ids of tokens that are no part of a text.
        window: Tokens that the model reads at once, those around the text included.
        agreement: How near it comes to the original; None until that was looked at.
    """

    graph: npt.NDArray[np.uint8]
    products: bytes
    tokenizer: str
    special: tuple[int, ...]
    window: int
    agreement: Agreement | None = None


class ConvertedEncoder(WindowedEncoder):
    """Encodes with a converted model."""

    def __init__(self, network: Network, *, name: str, sha256: str) -> None:
        """Load the model.

        Args:
            network: What was converted.
            name: The name of the model that it was made from.
            sha256: That one's weights'.

        Raises:
            EncoderError: A library is missing, or can't run it.
        """
        self.name, self.sha256 = name, sha256
        self._tokenizer = _tokenizer(network.tokenizer)
        self._session = _session(network.graph.tobytes())
        self._products = _session(network.products)
        self._special = frozenset(network.special)
        super().__init__(window=network.window, dimensions=int(self._session.get_outputs()[0].shape[-1]))

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds the word whole."""
        return self._tokenizer.token_to_id(word) is not None

    def blueprint(self) -> Blueprint | None:
        """None: it isn't converted again."""

    def products(self, query: Vectors, rows: npt.NDArray[np.uint8]) -> Vectors:
        """Multiply a question's tokens with rows of an index: (the question's tokens, rows).

        The question's are rounded to whole numbers from -63 to 63 times a scale.
        """
        scales = np.abs(query).max(axis=1, keepdims=True) / _GREATEST + np.finfo(np.float32).tiny
        rounded = np.rint(query / scales).astype(np.int8)
        multiplied: Vectors = self._products.run(None, {"query": rounded, "rows": rows})[0] * scales
        return multiplied

    def _forward(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors], list[npt.NDArray[np.int64]]]:
        # One by one: a text alone needs no padding, and no other to wait for.
        wholes, tokens, places = zip(*map(self._run, texts), strict=True)
        return np.concatenate(wholes), list(tokens), list(places)

    def _run(self, text: str) -> tuple[Vectors, Vectors, npt.NDArray[np.int64]]:
        encoding = self._tokenizer.encode(text)
        ids, spans = self._cut_to_window(encoding)
        whole, (rows,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        inside = [at for at, id in enumerate(ids) if id not in self._special]
        return whole, rows[inside], np.array(spans, dtype=np.int64).reshape(-1, 2)[inside]

    def _cut_to_window(self, encoding: "Encoding") -> tuple[list[int], list[tuple[int, int]]]:
        """A window that has more tokens alone than it had inside its text loses the last ones, but for the mark."""
        ids, spans = encoding.ids, encoding.offsets
        if len(ids) <= self._window:
            return ids, spans
        return [*ids[: self._window - 1], ids[-1]], [*spans[: self._window - 1], spans[-1]]

    def _token_starts(self, text: str) -> list[int]:
        return [start for start, _ in self._tokenizer.encode(text, add_special_tokens=False).offsets]


def _tokenizer(content: str) -> Any:
    try:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(content)
    except Exception as error:  # the library raises nothing narrower
        raise EncoderError(f"The converted model's tokenizer can't be loaded ({error}).") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _session(graph: bytes) -> Any:
    # From its version 1.29 on the library sends figures on its use to its maker, unless it is told not to before it is
    # loaded. The version that the requirements name holds no code to send with; this is for a machine with another.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise EncoderError(f"The library that runs the converted model can't be loaded ({error}).") from error
    onnxruntime.disable_telemetry_events()  # on Windows, where it is the system that would send
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _SEVERE
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's own errors have no common ancestor
        reason = str(error).strip().splitlines()[0]
        raise EncoderError(f"The converted model can't be run ({reason}).") from error
