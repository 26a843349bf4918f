"""Tiny cross-encoders with weights by chance, in the folders that sentence-transformers writes."""

from pathlib import Path

WINDOW = 64  # tokens
WORDS = (
    "borders children data health schools states ferries share protect close open who what how many are is the of and "
    "in they with their to for each year country countries teachers nurses boats noon night"
).split()
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,?!"


def write_cross_encoder(folder: Path, *, kind: str = "bert", labels: int = 1, seed: int = 0) -> Path:
    """Write a model of two layers; `kind` is "bert" or "distilbert"."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        BertTokenizer,
        DistilBertConfig,
        DistilBertForSequenceClassification,
    )

    torch.manual_seed(seed)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_LETTERS, *(f"##{each}" for each in _LETTERS), *WORDS]
    sizes = {"vocab_size": len(pieces), "max_position_embeddings": WINDOW, "num_labels": labels}
    # So large that texts differ in their scores.
    spread = {"initializer_range": 0.2}
    if kind == "bert":
        layers = {"num_hidden_layers": 2, "num_attention_heads": 4, "hidden_size": 64, "intermediate_size": 128}
        network = BertForSequenceClassification(BertConfig(**sizes, **layers, **spread))
    else:
        network = DistilBertForSequenceClassification(
            DistilBertConfig(**sizes, **spread, n_layers=2, n_heads=4, dim=64, hidden_dim=128)
        )
    bare = folder / "bare"
    network.save_pretrained(bare)
    (bare / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    BertTokenizer(str(bare / "vocab.txt"), model_max_length=WINDOW).save_pretrained(bare)
    CrossEncoder(str(bare), device="cpu", local_files_only=True).save_pretrained(str(folder / "whole"))
    return folder / "whole"
