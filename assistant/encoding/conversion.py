"""The conversion of a BERT model into an ONNX graph that runs without torch, and its comparison with the original.

The graph is BERT's (Devlin et al., 2019), written with the operators that onnxruntime has for its parts. An encoder's
matrices are rounded to eight bits, 64 of a row on a scale of their own, and multiplied with inputs that are rounded
likewise at each run: nothing has to be fitted to texts, and a vector has a cosine of .999 with the original. A
cross-encoder, whose scores needn't be so exact, has one scale a row and takes less than half of the time. The
embeddings are kept in sixteen bits.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from assistant.encoding.encoder import Identity, Vectors, unit
from assistant.encoding.onnx_encoder import Agreement, ConvertedEncoder, Network
from assistant.encoding.token_vectors import MIDDLE, TokenVectors
from assistant.errors import EncoderError

_BLOCK = 64  # weights of a row that share a scale; fewer come nearer to the original, and take longer
_STEPS = 63  # of a weight on either side of 0: more could overflow where a processor adds up products in sixteen bits
_ACCURACY = 4  # onnxruntime's level at which the inputs of a product are eight bits too
_OPSET, _IR_VERSION = 17, 8  # of ONNX: the oldest that have what the graph needs
_OWN = "com.microsoft"  # onnxruntime's own operators
_NEAREST = 10  # passages that are compared in a ranking
# A conversion whose agreement is lower would change answers.
_LEAST_COSINE, _LEAST_OF_ANY, _LEAST_RANKING = 0.998, 0.99, 0.9

Weights = npt.NDArray[np.float32]
Pooling = Literal["mean", "cls"]  # a text's vector is the mean of its tokens', or the first one's
EMBEDDINGS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All that a model consists of, so that it can be run without the library that it came with."""

    weights: Mapping[str, Weights]  # by the names that the BERT of transformers gives them
    heads: int  # attention heads of a layer
    epsilon: float  # added to a variance before its root is taken
    pooling: Pooling
    tokenizer: str  # the tokenizer's own JSON
    special: tuple[int, ...]  # the ids of tokens that mark a text and aren't part of it
    window: int  # tokens that the model reads at once, those around the text included


def convert(blueprint: Blueprint) -> Network:
    """Convert a model.

    Raises:
        EncoderError: The library that writes it is missing, or the model isn't of the expected form.
    """
    with _errors_told():
        graph, products = _Graph(blueprint).written(), _products()
    return Network(
        np.frombuffer(graph, dtype=np.uint8),
        products,
        blueprint.tokenizer,
        blueprint.special,
        blueprint.window,
    )


def convert_layers(blueprint: Blueprint) -> bytes:
    """Convert an encoder whose word pieces' vectors it is given: (1, tokens, dimensions), in place of their ids.

    Raises:
        EncoderError: As `convert` does.
    """
    with _errors_told():
        return _LayersGraph(blueprint).written()


def convert_cross_encoder(blueprint: Blueprint) -> bytes:
    """Convert a cross-encoder: the ids of a pair's tokens, and to which of both each belongs, to one score.

    Raises:
        EncoderError: As `convert` does.
    """
    with _errors_told():
        return _PairGraph(blueprint).written()


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except (ImportError, KeyError, ValueError) as error:
        raise EncoderError(f"The model can't be converted ({type(error).__name__}: {error}).") from error


def compare(
    network: Network, texts: Sequence[str], *, vectors: Vectors, tokens: TokenVectors, passages: Vectors
) -> Network:
    """Return the network with its agreement with the original on some texts of the corpus, at least one.

    Args:
        vectors: Of the texts, by the original.
        tokens: Of their word pieces, by the original.
        passages: Vectors of all passages by the original, for the ranking.

    Raises:
        EncoderError: The network can't be run, or its agreement is too low.
    """
    converted = ConvertedEncoder(network, Identity("", "")).encode_passages(texts, with_tokens=True)
    if converted.tokens is None or not np.array_equal(converted.tokens.starts, tokens.starts):
        raise EncoderError("The converted model cuts texts into other word pieces than the original.")
    cosines = np.sum(converted.vectors * vectors, axis=1)
    of_tokens = np.sum(unit(converted.tokens.restored()) * unit(tokens.restored()), axis=1)
    agreement = Agreement(
        cosine=round(float(cosines.mean()), 5),
        least=round(float(cosines.min()), 5),
        tokens=round(float(of_tokens.mean()), 5),
        ranking=round(_shared(passages, converted.vectors, vectors), 4),
        texts=len(texts),
    )
    if (
        agreement.cosine < _LEAST_COSINE
        or min(agreement.least, agreement.tokens) < _LEAST_OF_ANY
        or agreement.ranking < _LEAST_RANKING
    ):
        raise EncoderError(f"The converted model doesn't come near enough to the original ({agreement}).")
    return replace(network, agreement=agreement)


def _shared(passages: Vectors, vectors: Vectors, others: Vectors) -> float:
    """Return the mean share of the passages nearest to one vector that are also nearest to the other."""
    count = min(_NEAREST, len(passages))
    pairs = zip(_nearest(passages, vectors, count), _nearest(passages, others, count), strict=True)
    return float(np.mean([len(set(one) & set(two)) / count for one, two in pairs]))


def _nearest(passages: Vectors, vectors: Vectors, count: int) -> list[list[int]]:
    nearest: list[list[int]] = np.argsort(-(vectors @ passages.T), axis=1, kind="stable")[:, :count].tolist()
    return nearest


class _Graph:
    """BERT as an ONNX model, built part by part; each method takes and returns the names of values."""

    def __init__(self, blueprint: Blueprint) -> None:
        import onnx  # here, not above: a question doesn't need it

        self._onnx = onnx
        self._blueprint = blueprint
        self._weights = blueprint.weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def written(self) -> bytes:
        """Return the model's bytes."""
        helper, kinds = self._onnx.helper, self._onnx.TensorProto
        read = self._input()
        self._node("Identity", [self._layers(self._embedded(read.name))], output="tokens")
        self._node("LpNormalization", [self._pooled("tokens")], output="whole", axis=-1, p=2)
        dimensions = len(self._weights["embeddings.LayerNorm.weight"])
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [read],
            [
                helper.make_tensor_value_info("whole", kinds.FLOAT, [1, dimensions]),
                helper.make_tensor_value_info("tokens", kinds.FLOAT, [1, "tokens", dimensions]),
            ],
            self._constants,
        )
        return _model_bytes(graph)

    def _input(self) -> Any:
        """Return the description of what the model reads."""
        return self._onnx.helper.make_tensor_value_info("ids", self._onnx.TensorProto.INT64, [1, "tokens"])

    def _looked_up(self, ids: str) -> str:
        """Look up the vectors of word pieces."""
        words = self._constant("words", self._weights[EMBEDDINGS].astype(np.float16))
        return self._node("Cast", [self._node("Gather", [words, ids])], to=self._onnx.TensorProto.FLOAT)

    def _embedded(self, read: str) -> str:
        """Add the vectors of word pieces and of their positions."""
        found = self._looked_up(read)
        count = self._node("Shape", [read], start=1, end=2)
        first = self._constant("first", np.zeros(1, dtype=np.int64))
        placed = self._node("Slice", [self._constant("places", self._places()), first, count, first])
        summed = self._sided(self._node("Add", [found, placed]))
        return self._node(
            "LayerNormalization", [summed, *self._scale("embeddings.LayerNorm.")], epsilon=self._blueprint.epsilon
        )

    def _sided(self, embedded: str) -> str:
        """Add what tells the texts of a pair apart."""
        return embedded

    def _places(self) -> Weights:
        """Return what is added at each position; a text alone is the first of a pair, and BERT adds that too."""
        places: Weights = (
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        return places

    def _layers(self, hidden: str) -> str:
        for prefix in self._prefixes:
            hidden = self._layer(prefix, hidden, hidden)
        return hidden

    @property
    def _prefixes(self) -> list[str]:
        """The beginnings of the names of each layer's weights."""
        prefixes = (f"encoder.layer.{layer}." for layer in range(len(self._weights)))
        return [prefix for prefix in prefixes if prefix + "output.dense.weight" in self._weights]

    def _pooled(self, tokens: str) -> str:
        """Pool the vectors of tokens into the text's."""
        if self._blueprint.pooling == "cls":
            first = self._constant("first token", np.array(0, dtype=np.int64))
            return self._node("Gather", [tokens, first], axis=1)
        return self._node("ReduceMean", [tokens], axes=[1], keepdims=0)

    def _layer(self, prefix: str, asking: str, hidden: str) -> str:
        """Add a layer: what some tokens, often all, take from all."""
        attention = prefix + "attention.self."
        query = self._linear(attention + "query.", asking)
        attended = self._node(
            "MultiHeadAttention",
            [query, *(self._linear(attention + each, hidden) for each in ("key.", "value."))],
            domain=_OWN,
            num_heads=self._blueprint.heads,
        )
        attended = self._added(prefix + "attention.output.", attended, asking)
        wide = self._product(prefix + "intermediate.dense.", attended)
        active = self._node("BiasGelu", [wide, self._bias(prefix + "intermediate.dense.")], domain=_OWN)
        return self._added(prefix + "output.", active, attended)

    def _added(self, prefix: str, values: str, before: str) -> str:
        """Project values, add them to those before, and normalise the sum."""
        projected = self._product(prefix + "dense.", values)
        return self._node(
            "SkipLayerNormalization",
            [projected, before, *self._scale(prefix + "LayerNorm."), self._bias(prefix + "dense.")],
            domain=_OWN,
            epsilon=self._blueprint.epsilon,
        )

    def _linear(self, prefix: str, values: str) -> str:
        return self._node("Add", [self._product(prefix, values), self._bias(prefix)])

    def _product(self, prefix: str, values: str) -> str:
        """Multiply with a matrix of weights, (outputs, inputs), in eight bits."""
        weights = self._weights[prefix + "weight"]
        outputs, inputs = weights.shape
        rounded, scales = _rounded(weights)
        return self._node(
            "MatMulNBits",
            [values, self._constant(prefix + "rounded", rounded), self._constant(prefix + "scales", scales)],
            domain=_OWN,
            K=inputs,
            N=outputs,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=_ACCURACY,
        )

    def _scale(self, prefix: str) -> list[str]:
        return [self._constant(prefix + each, self._weights[prefix + each]) for each in ("weight", "bias")]

    def _bias(self, prefix: str) -> str:
        return self._constant(prefix + "bias", self._weights[prefix + "bias"])

    def _constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self._constants.append(self._onnx.numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], *, output: str = "", domain: str = "", **attributes: Any) -> str:
        name = output or f"{kind}-{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name


class _LayersGraph(_Graph):
    """BERT without the vectors of its word pieces, which it is given."""

    def _input(self) -> Any:
        """Return the description of what the model reads."""
        dimensions = len(self._weights["embeddings.LayerNorm.weight"])
        kind = self._onnx.TensorProto.FLOAT
        return self._onnx.helper.make_tensor_value_info("words", kind, [1, "tokens", dimensions])

    def _looked_up(self, ids: str) -> str:
        return ids


class _PairGraph(_Graph):
    """BERT with a score of a pair of texts on top of its first token."""

    def written(self) -> bytes:
        """Return the model's bytes."""
        helper, kinds = self._onnx.helper, self._onnx.TensorProto
        first = self._pooled(self._layers(self._embedded("ids")))
        whole = self._node("Tanh", [self._dense("pooler.dense.", first)])
        self._node("Identity", [self._dense("classifier.", whole)], output="score")
        inputs = [helper.make_tensor_value_info(name, kinds.INT64, [1, "tokens"]) for name in ("ids", "sides")]
        outputs = [helper.make_tensor_value_info("score", kinds.FLOAT, [1, 1])]
        return _model_bytes(helper.make_graph(self._nodes, "cross-encoder", inputs, outputs, self._constants))

    def _layers(self, hidden: str) -> str:
        """Add the layers; of the last one only the first token is needed."""
        *others, last = self._prefixes
        for each in others:
            hidden = self._layer(each, hidden, hidden)
        start, end = (self._constant(f"place {at}", np.array([at], dtype=np.int64)) for at in (0, 1))
        return self._layer(last, self._node("Slice", [hidden, start, end, end]), hidden)

    def _sided(self, embedded: str) -> str:
        """Add the vectors of the text that each word piece is part of."""
        kinds = self._constant("kinds", self._weights["embeddings.token_type_embeddings.weight"])
        return self._node("Add", [embedded, self._node("Gather", [kinds, "sides"])])

    def _places(self) -> Weights:
        """Return what is added at each position."""
        return self._weights["embeddings.position_embeddings.weight"]

    def _dense(self, prefix: str, values: str) -> str:
        """Multiply with a small matrix as it is."""
        weights = self._constant(prefix + "weight", self._weights[prefix + "weight"])
        return self._node("Gemm", [values, weights, self._bias(prefix)], transB=1)

    def _product(self, prefix: str, values: str) -> str:
        """Multiply with a matrix of weights, (outputs, inputs), in eight bits: a scale a row, one for the inputs."""
        weights = self._weights[prefix + "weight"].T
        scales = np.abs(weights).max(axis=0) / _STEPS + np.finfo(np.float32).tiny
        rounded = self._constant(prefix + "rounded", np.rint(weights / scales).astype(np.int8))
        zeros = self._constant(prefix + "zeros", np.zeros(len(scales), dtype=np.int8))
        kept = self._constant(prefix + "scales", scales.astype(np.float32))
        return self._node("DynamicQuantizeMatMul", [values, rounded, kept, zeros], domain=_OWN)


def _products() -> bytes:
    """Build the model that multiplies whole numbers with such that were moved up by 128."""
    from onnx import TensorProto, helper, numpy_helper

    middle = numpy_helper.from_array(np.array(MIDDLE, dtype=np.uint8), "middle")
    zero = numpy_helper.from_array(np.array(0, dtype=np.int8), "zero")
    nodes = [
        helper.make_node("Transpose", ["query"], ["columns"], perm=[1, 0]),
        # This way round the many rows are read as they lie; the few columns are put in order.
        helper.make_node("MatMulInteger", ["rows", "columns", "middle", "zero"], ["multiplied"]),
        helper.make_node("Cast", ["multiplied"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["floats"], ["products"], perm=[1, 0]),
    ]
    graph = helper.make_graph(
        nodes,
        "products",
        [
            helper.make_tensor_value_info("query", TensorProto.INT8, ["tokens", "dimensions"]),
            helper.make_tensor_value_info("rows", TensorProto.UINT8, ["rows", "dimensions"]),
        ],
        [helper.make_tensor_value_info("products", TensorProto.FLOAT, ["tokens", "rows"])],
        [middle, zero],
    )
    return _model_bytes(graph)


def _model_bytes(graph: Any) -> bytes:
    from onnx import helper

    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN, 1)]
    content: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION).SerializeToString()
    return content


def _rounded(weights: Weights) -> tuple[npt.NDArray[np.uint8], Weights]:
    """Round weights to eight bits: uint8, (outputs, blocks, weights of a block), and the scale of each block."""
    outputs, inputs = weights.shape
    if inputs % _BLOCK:
        raise ValueError(f"rows of {inputs} weights can't be cut into blocks of {_BLOCK}")
    blocks = weights.reshape(outputs, inputs // _BLOCK, _BLOCK)
    scales = np.abs(blocks).max(axis=2) / (MIDDLE - 1) + np.finfo(np.float32).tiny
    rounded = np.rint(blocks / scales[:, :, None]) + MIDDLE
    return rounded.astype(np.uint8), scales.astype(np.float32)
