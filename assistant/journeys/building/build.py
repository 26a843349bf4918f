"""A build: all that answers questions on one corpus, as parts that lie beside one another."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering import OperatingPoint
from assistant.documents import Corpus
from assistant.encoding import Network, PairNetwork
from assistant.errors import DamagedIndexError
from assistant.index import (
    LexicalIndex,
    MultilingualVectors,
    Part,
    PassageIndex,
    corpus_arrays,
    load_parts,
    read_corpus_arrays,
    save_parts,
)
from assistant.journeys.building.manifest import Manifest
from assistant.objectives import MultilingualClassifier, ObjectiveClassifier
from assistant.records import Objective
from assistant.retrieval import OWN_SCALE, Scale


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a build; a build of another origin is stale.

    Attributes:
        encoder: The encoder's name, for people.
        encoder_sha256: Of the encoder's weights.
        corpus: The corpus's fingerprint, "sha256:…".
        table: The sha256 of the table of objectives, from which the classifier was learned.
        answerability: The sha256 of the weights that judge whether a question is answered.
        reader: The reader's name, for people; empty where nothing reads.
        reader_sha256: Of the reader's weights.
        second_sha256: Of the multilingual encoder's weights and the tables that were learned from; empty without it.
    """

    encoder: str
    encoder_sha256: str
    corpus: str
    table: str = ""
    answerability: str = ""
    reader: str = ""
    reader_sha256: str = ""
    second_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Multilingual:
    """The parts that read questions in other languages, beside their encoder."""

    vectors: MultilingualVectors
    classifier: MultilingualClassifier


@dataclass(frozen=True, slots=True)
class Build:
    """All that answers questions on one corpus.

    Attributes:
        objectives: The 23, in order.
        passages: With their sentences and vectors.
        words: Of the passages under their headings.
        operating_point: Where questions begin to count as answered.
        network: The encoder's model, converted to encode questions; None where the encoder itself does.
        reader: The reader's model, converted; None where the reader itself reads, or nothing does.
        reader_scale: What turns the reader's scores into log odds.
        multilingual: None where only questions in English are read.

    Raises:
        ValueError: The numbers of rows don't fit.
    """

    origin: Origin
    corpus: Corpus
    objectives: tuple[Objective, ...]
    passages: PassageIndex
    words: LexicalIndex
    classifier: ObjectiveClassifier
    operating_point: OperatingPoint
    network: Network | None = None
    reader: PairNetwork | None = None
    reader_scale: Scale = OWN_SCALE
    multilingual: Multilingual | None = None

    def __post_init__(self) -> None:
        """Check that the parts belong together."""
        expected = len(self.passages.passages), len(self.passages.sentence_vectors)
        rows = [self.multilingual.vectors] if self.multilingual else []
        if any((len(each.passages), len(each.sentences)) != expected for each in rows) or any(
            (len(each.tokens.starts) - 1, len(each.sentence_tokens)) != expected for each in rows
        ):
            raise ValueError("rows of the multilingual vectors that don't fit the passages")
        if len(self.words) != expected[0]:
            raise ValueError("rows of words that don't fit the passages")


def save_build(build: Build, folder: Path) -> None:
    """Write a build into an index folder, whole or not at all. Call it inside `locked`.

    Raises:
        IndexingError: It can't be written; what was there before is unharmed.
    """
    parts = {
        "corpus": Part(corpus_arrays(build.corpus)),
        "objectives": Part(
            build.classifier.arrays(),
            {"objectives": [dataclasses.asdict(objective) for objective in build.objectives]},
        ),
        "passages": Part(build.passages.arrays()),
        "words": Part(build.words.arrays()),
        "operating_point": Part({}, dataclasses.asdict(build.operating_point)),
        "reader_scale": Part({}, dataclasses.asdict(build.reader_scale)),
    }
    if build.network:
        parts["network"] = Part(build.network.arrays(), build.network.facts())
    if build.reader:
        parts["reader"] = Part(build.reader.arrays(), build.reader.facts())
    if build.multilingual:
        parts["multilingual_vectors"] = Part(build.multilingual.vectors.arrays())
        parts["multilingual_objectives"] = Part(build.multilingual.classifier.arrays())
    save_parts(folder, parts, about=dataclasses.asdict(build.origin) | {"counts": _counts(build)})


def load_build(folder: Path) -> Build:
    """Read the build in an index folder, and check that it is whole and belongs together.

    Raises:
        DamagedIndexError: There is none, or it is damaged or of another format; the message says which.
    """
    about, parts = load_parts(folder)
    try:
        Manifest.model_validate({**about, "parts": {name: part.facts for name, part in parts.items()}})
        corpus = read_corpus_arrays(parts["corpus"].arrays)
        network, reader, vectors = (parts.get(name) for name in ("network", "reader", "multilingual_vectors"))
        build = Build(
            Origin(**{field.name: about[field.name] for field in dataclasses.fields(Origin)}),
            corpus,
            tuple(Objective(**row) for row in parts["objectives"].facts["objectives"]),
            PassageIndex.from_arrays(parts["passages"].arrays, corpus),
            LexicalIndex(parts["words"].arrays),
            ObjectiveClassifier.from_arrays(parts["objectives"].arrays),
            OperatingPoint(**parts["operating_point"].facts),
            Network.from_arrays(network.arrays, network.facts) if network else None,
            PairNetwork.from_arrays(reader.arrays, reader.facts) if reader else None,
            Scale(**parts["reader_scale"].facts),
            Multilingual(
                MultilingualVectors.from_arrays(vectors.arrays),
                MultilingualClassifier.from_arrays(parts["multilingual_objectives"].arrays),
            )
            if vectors
            else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedIndexError(f"{folder}: its parts don't belong together ({error}).") from error
    if _counts(build) != about.get("counts"):
        raise DamagedIndexError(f"{folder}: the manifest counts {about.get('counts')}, the files {_counts(build)}.")
    return build


def _counts(build: Build) -> dict[str, Any]:
    return {
        "documents": len(build.corpus.documents),
        "passages": len(build.passages.passages),
        "sentences": len(build.passages.sentence_vectors),
        "dimensions": build.passages.vectors.dimensions,
    }
