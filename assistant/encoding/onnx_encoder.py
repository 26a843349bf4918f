"""The converted model, run by onnxruntime: it encodes questions, starts and answers sooner than the original.

One encoder serves all threads: each runs the model on one thread of its own, which answers more questions a second than
two threads for each.
"""

import dataclasses
import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from assistant.encoding.encoder import Identity, Vectors
from assistant.encoding.windowed_encoder import ModelOutput, WindowedEncoder
from assistant.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Encoding

_ERRORS_ONLY = 3  # onnxruntime's level of logging; its warnings are for its own makers
_sessions: WeakValueDictionary[tuple[bytes, int], Any] = WeakValueDictionary()  # by sha256 and threads
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of a converted model with the original, on texts of the corpus."""

    cosine: float  # the mean of a text's two vectors
    least: float  # the least of these cosines
    tokens: float  # the mean cosine of a word piece's two vectors
    ranking: float  # the mean share of the ten nearest passages that both have in common
    texts: int  # how many were compared


@dataclass(frozen=True, slots=True)
class Network:
    """A converted model.

    Attributes:
        graph: The bytes of the ONNX model: a text's token ids, (1, tokens), to its unit vector, (1, dimensions), and
            its tokens' vectors, (1, tokens, dimensions).
    """

    graph: npt.NDArray[np.uint8]
    products: bytes  # the ONNX model that `load_token_products` takes
    tokenizer: str  # the tokenizer's own JSON
    special: tuple[int, ...]  # the ids of tokens that mark a text and aren't part of it
    window: int  # tokens that the model reads at once, those around the text included
    agreement: Agreement | None = None  # with the original; None until compared

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays that `from_arrays` needs."""
        return {
            "graph": self.graph,
            "products": np.frombuffer(self.products, dtype=np.uint8),
            "tokenizer": np.frombuffer(self.tokenizer.encode(), dtype=np.uint8),
        }

    def facts(self) -> dict[str, Any]:
        """Return the facts that `from_arrays` needs, as JSON can hold them."""
        agreement = dataclasses.asdict(self.agreement) if self.agreement else None
        return {"special": self.special, "window": self.window, "agreement": agreement}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], facts: Mapping[str, Any]) -> "Network":
        """Return the network whose `arrays` and `facts` these are."""
        return cls(
            arrays["graph"],
            arrays["products"].tobytes(),
            arrays["tokenizer"].tobytes().decode(),
            tuple(facts["special"]),
            facts["window"],
            Agreement(**facts["agreement"]) if facts["agreement"] else None,
        )


class ConvertedEncoder(WindowedEncoder):
    """An encoder whose model was converted."""

    def __init__(self, network: Network, identity: Identity) -> None:
        """Load the conversion of the model of this identity.

        Raises:
            EncoderError: A library is missing, or can't run it.
        """
        super().__init__()
        self.identity = identity
        self._tokenizer = load_tokenizer(network.tokenizer)
        self._session = open_session(network.graph.tobytes())
        self._special = frozenset(network.special)
        self._network_window = network.window

    def knows(self, word: str) -> bool:
        """Return whether the tokenizer's vocabulary holds a word in lower case as one piece."""
        return self._tokenizer.token_to_id(word) is not None

    @property
    def _window(self) -> int:
        return self._network_window

    @cached_property
    def _dimensions(self) -> int:
        return int(self._session.get_outputs()[0].shape[-1])

    def _run(self, texts: Sequence[str]) -> ModelOutput:
        # One by one: a text alone needs no padding, and no other to wait for.
        vectors, tokens, spans = zip(*map(self._run_one, texts), strict=True)
        return ModelOutput(np.concatenate(vectors), tokens, spans)

    def _run_one(self, text: str) -> tuple[Vectors, Vectors, npt.NDArray[np.int64]]:
        encoding = self._tokenizer.encode(text)
        ids, spans = self._truncated(encoding)
        whole, (rows,) = self._session.run(None, {"ids": np.array([ids], dtype=np.int64)})
        inside = [at for at, id in enumerate(ids) if id not in self._special]
        return whole, rows[inside], np.array(spans, dtype=np.int64).reshape(-1, 2)[inside]

    def _truncated(self, encoding: "Encoding") -> tuple[list[int], list[tuple[int, int]]]:
        """Cut off tokens before the last mark: a piece of a text may have more tokens alone than inside its text."""
        ids, spans = encoding.ids, encoding.offsets
        if len(ids) <= self._window:
            return ids, spans
        return [*ids[: self._window - 1], ids[-1]], [*spans[: self._window - 1], spans[-1]]

    def _token_starts(self, text: str) -> list[int]:
        return [start for start, _ in self._tokenizer.encode(text, add_special_tokens=False).offsets]


def load_tokenizer(content: str) -> Any:
    """Load a tokenizer that neither pads nor truncates, from its own JSON.

    Raises:
        EncoderError: The library is missing, or can't read it.
    """
    try:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(content)
    except Exception as error:  # the library raises nothing narrower
        raise EncoderError(f"The converted model's tokenizer can't be loaded ({error}).") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def open_session(graph: bytes, *, threads: int = 1) -> Any:
    """Load an ONNX model into onnxruntime; a model that is in use already is shared, since a session keeps no state.

    Args:
        threads: How many a run of the model takes, if there are as many cores.

    Raises:
        EncoderError: onnxruntime is missing, or can't run the model.
    """
    runtime = _runtime()
    key = hashlib.sha256(graph).digest(), threads
    with _loading:
        session = _sessions.get(key)
        if session is None:
            session = _sessions[key] = _loaded_session(runtime, graph, threads)
        return session


def _runtime() -> Any:
    # From its version 1.29 on the library sends figures on its use to its maker, unless it is told not to before it is
    # loaded. The version that the requirements name holds no code to send with; this is for a machine with another.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise EncoderError(f"The library that runs the converted model can't be loaded ({error}).") from error
    onnxruntime.disable_telemetry_events()  # on Windows, where it is the system that would send
    return onnxruntime


def _loaded_session(runtime: Any, graph: bytes, threads: int) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = min(threads, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.force_spinning_stop", "1")  # threads wait busily within a run alone
    options.log_severity_level = _ERRORS_ONLY
    # Else it keeps for good what the longest text at each moment took, and a plan for each length of text.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    try:
        return runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's own errors have no common ancestor
        reason = str(error).strip().splitlines()[0]
        raise EncoderError(f"The converted model can't be run ({reason}).") from error
