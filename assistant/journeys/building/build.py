"""A build: all that answers questions on one corpus, as parts that lie beside one another."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering import OperatingPoint
from assistant.documents import Corpus
from assistant.encoding import Network, PairNetwork
from assistant.errors import DamagedIndexError
from assistant.index import (
    Facts,
    LexicalIndex,
    MultilingualVectors,
    Part,
    PassageIndex,
    corpus_arrays,
    load_parts,
    read_corpus_arrays,
    save_parts,
)
from assistant.journeys.building.manifest import check_manifest
from assistant.journeys.building.steering import NO_STEERING, Steering
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The parts of a build that answer questions beside its passages: small, whatever the corpus.

    Attributes:
        objectives: The 23, in order.
        operating_point: Where questions begin to count as answered.
        network: The encoder's model, converted to encode questions; None where the encoder itself does.
        reader: The reader's model, converted; None where the reader itself reads, or nothing does.
        reader_scale: What turns the reader's scores into log odds.
        multilingual: Knows the objectives of texts in other languages; None where only questions in English are read.
        steering: The operator's own words.
    """

    origin: Origin
    objectives: tuple[Objective, ...]
    classifier: ObjectiveClassifier
    operating_point: OperatingPoint
    network: Network | None = None
    reader: PairNetwork | None = None
    reader_scale: Scale = OWN_SCALE
    multilingual: MultilingualClassifier | None = None
    steering: Steering = NO_STEERING


@dataclass(frozen=True, slots=True, kw_only=True)
class Build(Models):
    """All that answers questions on one corpus.

    Attributes:
        passages: With their sentences and vectors.
        words: Of the passages under their headings.
        multilingual_vectors: Of the passages, for questions in other languages.

    Raises:
        ValueError: The numbers of rows don't fit.
    """

    corpus: Corpus
    passages: PassageIndex
    words: LexicalIndex
    multilingual_vectors: MultilingualVectors | None = None

    def __post_init__(self) -> None:
        """Check that the parts belong together."""
        expected = len(self.passages.passages), len(self.passages.sentence_vectors)
        if vectors := self.multilingual_vectors:
            found = len(vectors.passages), len(vectors.sentences)
            of_tokens = len(vectors.tokens.starts) - 1, len(vectors.sentence_tokens)
            if found != expected or of_tokens != expected:
                raise ValueError("rows of the multilingual vectors that don't fit the passages")
        if len(self.words) != expected[0]:
            raise ValueError("rows of words that don't fit the passages")


def save_build(build: Build, folder: Path) -> None:
    """Write a build into an index folder, whole or not at all. Call it inside `locked`.

    Raises:
        IndexingError: It can't be written; what was there before is unharmed.
    """
    parts = parts_of(build)
    parts["corpus"] = Part(corpus_arrays(build.corpus))
    parts["passages"] = Part(build.passages.arrays())
    parts["words"] = Part(build.words.arrays())
    if build.multilingual_vectors:
        parts["multilingual_vectors"] = Part(build.multilingual_vectors.arrays())
    save_parts(folder, parts, about=about(build))


def about(build: Build) -> dict[str, Any]:
    """Return the facts on a build as a whole."""
    return dataclasses.asdict(build.origin) | {"counts": _counts(build)}


def parts_of(models: Models) -> dict[str, Part]:
    """Return what `read_models` needs."""
    parts = {
        "objectives": Part(
            models.classifier.arrays(),
            {"objectives": [dataclasses.asdict(objective) for objective in models.objectives]},
        ),
        "operating_point": Part({}, dataclasses.asdict(models.operating_point)),
        "reader_scale": Part({}, dataclasses.asdict(models.reader_scale)),
    }
    if models.network:
        parts["network"] = Part(models.network.arrays(), models.network.facts())
    if models.reader:
        parts["reader"] = Part(models.reader.arrays(), models.reader.facts())
    if models.multilingual:
        parts["multilingual_objectives"] = Part(models.multilingual.arrays())
    if models.steering != NO_STEERING:
        parts["steering"] = Part({}, models.steering.facts())
    return parts


def read_models(told: Facts, parts: Mapping[str, Part]) -> Models:
    """Return the models whose parts these are.

    Raises:
        KeyError, TypeError, ValueError: They aren't as they were.
    """
    network, reader, multilingual = (parts.get(name) for name in ("network", "reader", "multilingual_objectives"))
    return Models(
        origin=Origin(**{field.name: told[field.name] for field in dataclasses.fields(Origin)}),
        objectives=tuple(Objective(**row) for row in parts["objectives"].facts["objectives"]),
        classifier=ObjectiveClassifier.from_arrays(parts["objectives"].arrays),
        operating_point=OperatingPoint(**parts["operating_point"].facts),
        network=Network.from_arrays(network.arrays, network.facts) if network else None,
        reader=PairNetwork.from_arrays(reader.arrays, reader.facts) if reader else None,
        reader_scale=Scale(**parts["reader_scale"].facts),
        multilingual=MultilingualClassifier.from_arrays(multilingual.arrays) if multilingual else None,
        steering=Steering.from_facts(parts["steering"].facts) if "steering" in parts else NO_STEERING,
    )


def load_build(folder: Path) -> Build:
    """Read the build in an index folder, and check that it is whole and belongs together.

    Raises:
        DamagedIndexError: There is none, or it is damaged or of another format; the message says which.
    """
    told, parts = load_parts(folder)
    try:
        check_manifest({**told, "parts": {name: part.facts for name, part in parts.items()}})
        corpus, vectors = read_corpus_arrays(parts["corpus"].arrays), parts.get("multilingual_vectors")
        models = read_models(told, parts)
        build = Build(
            **{field.name: getattr(models, field.name) for field in dataclasses.fields(models)},
            corpus=corpus,
            passages=PassageIndex.from_arrays(parts["passages"].arrays, corpus),
            words=LexicalIndex(parts["words"].arrays),
            multilingual_vectors=MultilingualVectors.from_arrays(vectors.arrays) if vectors else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedIndexError(f"{folder}: its parts don't belong together ({error}).") from error
    if _counts(build) != told.get("counts"):
        raise DamagedIndexError(f"{folder}: the manifest counts {told.get('counts')}, the files {_counts(build)}.")
    return build


def _counts(build: Build) -> dict[str, Any]:
    return {
        "documents": len(build.corpus.documents),
        "passages": len(build.passages.passages),
        "sentences": len(build.passages.sentence_vectors),
        "dimensions": build.passages.vectors.dimensions,
    }
