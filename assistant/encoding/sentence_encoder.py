"""Texts -> unit vectors by torch: the model as it came. The only home of sentence-transformers.

It builds an index and is the reference; a question is encoded by `runtime` where the model could be converted.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from assistant.encoding.embeddings import Blueprint, Pooling, Vectors, WindowedEncoder, identify, unit
from assistant.errors import EncoderError

_WINDOW = 256  # tokens, of a model that doesn't say


class SentenceEncoder(WindowedEncoder):
    """A sentence-transformers model; by default the packaged MiniLM, its weights verified."""

    def __init__(self, model: str = "") -> None:
        """Load the model.

        Args:
            model: A sentence-transformers folder or id; empty for the packaged MiniLM.

        Raises:
            EncoderError: The model is missing, can't be loaded, or isn't the one that was expected.
        """
        identity = identify(model)
        self.name, self.sha256 = identity.name, identity.sha256
        self._model = _load(identity.location)
        self._special = np.array(self._model.tokenizer.all_special_ids)
        self._vocabulary: dict[str, int] = self._model.tokenizer.get_vocab()
        super().__init__(window=self._model.max_seq_length or _WINDOW, dimensions=self._model.get_embedding_dimension())

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary holds the word whole."""
        return word in self._vocabulary

    def blueprint(self) -> Blueprint | None:
        """What the model is made of, where it is a BERT whose tokens are taken in the mean or by their first."""
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

    def _forward(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors], list[npt.NDArray[np.int64]]]:
        features, output = self._output(texts)
        inside = features["attention_mask"].numpy().astype(bool)
        inside &= ~np.isin(features["input_ids"].numpy(), self._special)
        pieces = output["token_embeddings"].numpy()
        tokens = [rows[kept] for rows, kept in zip(pieces, inside, strict=True)]
        return unit(output["sentence_embedding"].numpy()), tokens, self._places(texts)

    def _wholes(self, texts: Sequence[str]) -> Vectors:
        return unit(self._output(texts)[1]["sentence_embedding"].numpy())

    def _output(self, texts: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the model is given, and what it makes of that."""
        import torch

        features = self._model.preprocess(list(texts))
        with torch.inference_mode():
            return features, self._model.forward(features)

    def _places(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """Where each token stands in its text: (tokens, 2) for each text."""
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
