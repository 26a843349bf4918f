"""The sentence-transformers model as it came, run by torch: it builds an index, and is what a conversion must match."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from assistant.encoding.conversion import Blueprint, Pooling
from assistant.encoding.encoder import Vectors, identify, unit
from assistant.encoding.windowed_encoder import ModelOutput, WindowedEncoder
from assistant.errors import EncoderError

_WINDOW = 256  # tokens, of a model that doesn't say


class SentenceEncoder(WindowedEncoder):
    """A sentence-transformers model; by default the packaged MiniLM, its weights verified."""

    def __init__(self, model: str = "", *, is_deferred: bool = False) -> None:
        """Load the model.

        Args:
            model: A sentence-transformers folder or id; empty for the packaged MiniLM.
            is_deferred: Load it when the first text is encoded; errors are raised then.

        Raises:
            EncoderError: The model is missing, can't be loaded, or has other weights than expected.
        """
        super().__init__()
        self.identity = identify(model)
        if not is_deferred:
            _ = self._model

    def knows(self, word: str) -> bool:
        """Return whether the tokenizer's vocabulary holds a word in lower case as one piece."""
        return word in self._vocabulary

    def blueprint(self) -> Blueprint | None:
        """Return what the model consists of; None unless it is a BERT that pools its tokens by mean or first."""
        kinds = [type(module).__name__ for module in self._model]
        if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
            return None
        transformer, pooling = self._model[0].model, self._model[1].pooling_mode
        config, tokenizer = transformer.config, getattr(self._model.tokenizer, "backend_tokenizer", None)
        plain = (
            config.model_type == "bert"
            and config.hidden_act == "gelu"
            and getattr(config, "position_embedding_type", "absolute") == "absolute"
        )
        if not plain or tokenizer is None or pooling not in get_args(Pooling):
            return None
        return Blueprint(
            weights={name: tensor.numpy() for name, tensor in transformer.state_dict().items()},
            heads=config.num_attention_heads,
            epsilon=config.layer_norm_eps,
            pooling=pooling,
            tokenizer=tokenizer.to_str(),
            special=tuple(self._special.tolist()),
            window=self._window,
        )

    @cached_property
    def _model(self) -> Any:
        return _load(self.identity.location)

    @cached_property
    def _special(self) -> npt.NDArray[np.int64]:
        return np.array(self._model.tokenizer.all_special_ids)

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        vocabulary: dict[str, int] = self._model.tokenizer.get_vocab()
        return vocabulary

    @cached_property
    def _window(self) -> int:
        return int(self._model.max_seq_length or _WINDOW)

    @cached_property
    def _dimensions(self) -> int:
        return int(self._model.get_embedding_dimension())

    def _run(self, texts: Sequence[str]) -> ModelOutput:
        features, output = self._output(texts)
        inside = features["attention_mask"].numpy().astype(bool)
        inside &= ~np.isin(features["input_ids"].numpy(), self._special)
        pieces = output["token_embeddings"].numpy()
        tokens = [rows[kept] for rows, kept in zip(pieces, inside, strict=True)]
        return ModelOutput(unit(output["sentence_embedding"].numpy()), tokens, self._spans(texts))

    def _run_for_vectors(self, texts: Sequence[str]) -> Vectors:
        return unit(self._output(texts)[1]["sentence_embedding"].numpy())

    def _output(self, texts: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the model's inputs and its outputs."""
        import torch

        features = self._model.preprocess(list(texts))
        with torch.inference_mode():
            return features, self._model.forward(features)

    def _spans(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """Return for each text where its tokens stand: int64, (tokens, 2)."""
        cut = self._model.tokenizer(
            list(texts),
            max_length=self._window,
            truncation=True,
            return_offsets_mapping=True,
            return_attention_mask=False,
        )
        return [
            np.array(offsets, dtype=np.int64).reshape(-1, 2)[~np.isin(pieces, self._special)]
            for offsets, pieces in zip(cut["offset_mapping"], cut["input_ids"], strict=True)
        ]

    def _token_starts(self, text: str) -> list[int]:
        encoding = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        return [start for start, _ in encoding["offset_mapping"]]


def _load(model: str) -> Any:
    # Imported here, not above: it takes seconds, and a command that needs no model shouldn't wait for it.
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # it would write over our own
    try:
        return SentenceTransformer(model, device="cpu", local_files_only=Path(model).is_dir())
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EncoderError(
            f"{model}: the model can't be loaded ({reason}); give a sentence-transformers folder."
        ) from error
