"""Learn the objectives from the tables that ship, with the models that ship: `python -m bench.fit_objectives`.

It writes assistant/objectives/pretrained.npz, so that a first build needn't learn. To be run whenever
corpus/objectives.toml,
corpus/objectives-translated.toml, the models or the way in which is learned change.
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.documents import OBJECTIVES_FILE
from assistant.encoding import NanoEncoder, SentenceEncoder, Vectors
from assistant.journeys import corpus_state, translated_file
from assistant.objectives import (
    PRETRAINED,
    MultilingualClassifier,
    ObjectiveClassifier,
    Pretrained,
    multilingual_examples,
    read_objectives,
    read_translated,
    second_sha256,
)

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def main() -> None:
    """Learn, and write what was learned."""
    learned().write()
    print(f"{PRETRAINED.name}: {PRETRAINED.stat().st_size / 1e6:.1f} MB")


def learned() -> Pretrained:
    """Learn all of it."""
    encoder, second = SentenceEncoder(), NanoEncoder()
    table = read_objectives(CORPUS / OBJECTIVES_FILE)
    _, digest = corpus_state(CORPUS)
    translated = translated_file(CORPUS)
    sha256 = second_sha256(second, digest.encode(), translated.read_bytes())

    def encode(texts: Sequence[str]) -> Vectors:
        return encoder.encode_passages(texts).vectors

    classifier = ObjectiveClassifier.fit(table.examples, encode([example.text for example in table.examples]))
    examples = multilingual_examples(table.examples, read_translated(translated))
    others = MultilingualClassifier.fit(second, examples, english=encode, report=lambda _: None)
    return Pretrained(encoder.identity.sha256, digest, sha256, classifier.arrays(), others.arrays())


if __name__ == "__main__":
    main()
