"""The facts in the manifest of a build, each with its type and its range, checked before anything is made of them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.records import OBJECTIVE_COUNT

_Count = Annotated[int, Field(ge=0)]
_Share = Annotated[float, Field(ge=-1, le=1.001)]  # a cosine, but for rounding
_Window = Annotated[int, Field(ge=3, le=1_000_000)]  # tokens


class _Facts(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class _Objective(_Facts):
    number: int = Field(ge=1, le=OBJECTIVE_COUNT)
    title: str = Field(min_length=1)
    short: str
    paragraph: int = Field(ge=1)
    round_table: int = Field(ge=1, le=4)
    scope: str
    boundary: str


class _Objectives(_Facts):
    objectives: list[_Objective]


class _OperatingPoint(_Facts):
    threshold: float = Field(gt=0, lt=1)
    apart: float
    probes: _Count


class _Scale(_Facts):
    slope: float
    offset: float


class _Agreement(_Facts):
    cosine: _Share
    least: _Share
    tokens: _Share
    ranking: _Share
    texts: _Count


class _Network(_Facts):
    special: list[_Count]
    window: _Window
    agreement: _Agreement | None


class _Reader(_Facts):
    window: _Window
    begin: _Count
    between: _Count


class _Parts(_Facts):
    corpus: _Facts
    objectives: _Objectives
    passages: _Facts
    words: _Facts
    operating_point: _OperatingPoint
    reader_scale: _Scale
    network: _Network | None = None
    reader: _Reader | None = None
    multilingual_vectors: _Facts | None = None
    multilingual_objectives: _Facts | None = None


class _Counts(_Facts):
    documents: _Count
    passages: _Count
    sentences: _Count
    dimensions: _Count


class Manifest(_Facts):
    """The facts in the manifest of a build; `Origin` tells what the texts are."""

    format: int
    encoder: str
    encoder_sha256: str
    corpus: str
    table: str
    answerability: str
    reader: str
    reader_sha256: str
    second_sha256: str
    counts: _Counts
    parts: _Parts
