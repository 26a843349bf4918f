"""Cross-encoders: question and passage, read together, give a score, the higher the better one answers the other.

A model is a sentence-transformers `CrossEncoder` folder with one output. A BERT is converted, as an encoder is, and run
by onnxruntime; any other is run as it came.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.encoding.conversion import Blueprint, convert_cross_encoder
from assistant.encoding.encoder import Identity, identify
from assistant.encoding.onnx_encoder import load_tokenizer, open_session
from assistant.errors import EncoderError

OURS = Path(__file__).with_name("reader")  # the folder of the model that ships; by `python -m bench.fit_reader`
_OURS_NAME = "our reader"
NO_READER = "none"  # the setting by which nothing reads
_QUESTION = 96  # tokens of a question that are read at the most
_WINDOW = 512  # tokens, of a model that doesn't say
_THREADS = 2  # a third and a fourth save little, and many visitors have to share the cores
_MARKS = 3  # tokens around and between question and passage
_logger = logging.getLogger("assistant")


class CrossEncoder(Protocol):
    """Anything that scores passages for a question, and is safe to share between threads."""

    @property
    def identity(self) -> Identity:
        """The model's name, with the sha256 of its weights."""

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score for each passage, as log odds or on a scale of its own; higher is better."""


@dataclass(frozen=True, slots=True)
class PairNetwork:
    """A converted cross-encoder.

    Attributes:
        graph: The bytes of the ONNX model.
        tokenizer: The tokenizer's own JSON.
        window: Tokens that are read at once, marks included.
        begin, between: The ids of the marks before and after a text.
    """

    graph: npt.NDArray[np.uint8]
    tokenizer: str
    window: int
    begin: int
    between: int

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays that `from_arrays` needs."""
        return {"graph": self.graph, "tokenizer": np.frombuffer(self.tokenizer.encode(), dtype=np.uint8)}

    def facts(self) -> dict[str, Any]:
        """Return the facts that `from_arrays` needs."""
        return {"window": self.window, "begin": self.begin, "between": self.between}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], facts: Mapping[str, Any]) -> "PairNetwork":
        """Return the network whose `arrays` and `facts` these are."""
        return cls(arrays["graph"], arrays["tokenizer"].tobytes().decode(), **facts)


class OriginalCrossEncoder:
    """A cross-encoder as it came, run by torch; it is loaded when it is needed."""

    def __init__(self, identity: Identity) -> None:
        """Take the model's identity."""
        self.identity = identity

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score for each passage."""
        import torch

        pairs = [(question, passage) for passage in passages]
        scores: list[float] = self._model.predict(pairs, activation_fn=torch.nn.Identity()).reshape(-1).tolist()
        return scores

    def converted(self) -> PairNetwork | None:
        """Convert the model; return None where that can't be done, as with another form than BERT's.

        Raises:
            EncoderError: It can't be loaded.
        """
        model, tokenizer = self._model.model, getattr(self._model.tokenizer, "backend_tokenizer", None)
        config = model.config
        if config.model_type != "bert" or config.hidden_act != "gelu" or tokenizer is None:
            _logger.warning("%s: it is no BERT, and reads more slowly as it is.", self.identity.name)
            return None
        marks = self._model.tokenizer
        blueprint = Blueprint(
            weights={name.removeprefix("bert."): weights.numpy() for name, weights in model.state_dict().items()},
            heads=config.num_attention_heads,
            epsilon=config.layer_norm_eps,
            pooling="cls",
            tokenizer=tokenizer.to_str(),
            special=(marks.cls_token_id, marks.sep_token_id),
            window=min(int(self._model.max_seq_length or _WINDOW), config.max_position_embeddings),
        )
        try:
            graph = np.frombuffer(convert_cross_encoder(blueprint), dtype=np.uint8)
        except EncoderError as error:
            _warn_of_slowness(error)
            return None
        return PairNetwork(graph, blueprint.tokenizer, blueprint.window, *blueprint.special)

    @cached_property
    def _model(self) -> Any:
        # Imported here, not above: it takes seconds, and only a build needs it.
        from sentence_transformers import CrossEncoder as Loaded
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # it would write over our own
        location = self.identity.location
        try:
            local = Path(location).is_dir()
            model = Loaded(location, device="cpu", local_files_only=local, model_kwargs={"dtype": "float32"})
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise EncoderError(
                f"{location}: the reader can't be loaded ({reason}); give a CrossEncoder folder."
            ) from error
        if any(each.endswith("Model") for each in model.model.config.architectures or ()):
            raise EncoderError(
                f"{location}: the reader is an encoder, which scores nothing; give a CrossEncoder folder."
            )
        if model.num_labels != 1:
            raise EncoderError(
                f"{location}: the reader has {model.num_labels} outputs; give a CrossEncoder that has one."
            )
        return model


def choose_cross_encoder(model: str = "") -> OriginalCrossEncoder | None:
    """Choose the model that reads; it is loaded when it is needed.

    Args:
        model: A folder or id; empty for ours, "none" for none.

    Raises:
        EncoderError: A file can't be read.
    """
    if model == NO_READER:
        return None
    named = identify(model or str(OURS))
    return OriginalCrossEncoder(named if model else replace(named, name=_OURS_NAME))


def open_cross_encoder(network: PairNetwork | None, original: CrossEncoder) -> CrossEncoder:
    """Open the conversion of a cross-encoder, which reads faster; without one that runs, return the original."""
    try:
        return ConvertedCrossEncoder(network, original.identity) if network else original
    except EncoderError as error:
        _warn_of_slowness(error)
        return original


def _warn_of_slowness(error: EncoderError) -> None:
    _logger.warning("%s Passages are read by the original, more slowly.", error)


class ConvertedCrossEncoder:
    """A converted cross-encoder: a passage is read by two threads, since the next one waits for what the first says."""

    def __init__(self, network: PairNetwork, identity: Identity) -> None:
        """Load the conversion of the model of this identity.

        Raises:
            EncoderError: A library is missing, or can't run it.
        """
        self.identity = identity
        # Not the network itself: its bytes are in the session.
        self._window, self._begin, self._between = network.window, network.begin, network.between
        self._tokenizer = load_tokenizer(network.tokenizer)
        self._session = open_session(network.graph.tobytes(), threads=_THREADS)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score for each passage."""
        ids = self._ids(question)[: min(_QUESTION, self._window // 2)]
        return [self._score(ids, passage) for passage in passages]

    def _score(self, question: Sequence[int], passage: str) -> float:
        room = self._window - len(question) - _MARKS
        first = [self._begin, *question, self._between]
        second = [*self._ids(passage)[:room], self._between]
        inputs = {
            "ids": np.array([[*first, *second]], dtype=np.int64),
            "sides": np.array([[0] * len(first) + [1] * len(second)], dtype=np.int64),
        }
        return float(self._session.run(None, inputs)[0][0, 0])

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
