"""Describe what comes back for a question, a topic and a draft: what the rows of `journeys.json_rows` hold."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from assistant.records import AnswerKind, Basis, DifferenceKind, Fidelity, Status
from assistant.schema.requests import ObjectiveNumber


class Reply(BaseModel):
    """A reply, or a part of one, with no other fields than these."""

    model_config = ConfigDict(extra="forbid")


class Tag(Reply):
    """An objective of a passage."""

    number: ObjectiveNumber
    basis: Basis = Field(
        description="Stated where the document names the objective, inferred where the text only resembles it."
    )
    confidence: float = Field(description="How likely it is right; 1 where stated.")
    evidence: str = Field(description="The words that state it, or those that decided.")


class Reason(Reply):
    """Why a passage was found."""

    words: list[str] = Field(description="The question's words that it holds.")
    near: list[str] = Field(description="Those that it only comes near to in meaning.")
    named: bool = Field(description="Whether the question names its place or quotes its words.")
    likeness: dict[str, float] = Field(description="How like the question it is, by sign.")


def _without_default(schema: dict[str, Any]) -> None:
    del schema["default"]  # null, which is never sent


class Hit(Reply):
    """A passage with its place. `text` is `start` to `end` of its document's text, counted in Unicode code points."""

    passage: str = Field(description="The document's id and the passage's number.")
    document: str = Field(description="The document's id.")
    title: str
    kind: Literal["original", "digest"] = Field(description="A digest is our own summary, not the document's words.")
    url: str | None = Field(description="Where the original can be read.")
    heading: str = Field(description="Empty where there is none.")
    locator: str = Field(description="The place as one would cite it.")
    text: str = Field(description="The document's own words; of a digest, ours.")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    highlights: list[tuple[int, int]] = Field(description="Spans inside `text` that answer.")
    score: float = Field(description="Higher is better.")
    objectives: list[Tag]
    why: Reason | SkipJsonSchema[None] = Field(
        default=None, description="Only where `explain` asks for it.", json_schema_extra=_without_default
    )


class QuestionObjective(Reply):
    """An objective that a question concerns as a whole."""

    number: ObjectiveNumber
    title: str = Field(description="The official title.")
    basis: Basis
    confidence: float


class Answer(Reply):
    """Quotations, or an honest "not in the documents"."""

    id: Any = Field(description="As it was sent; null where none was.")
    question: str
    understood_as: str = Field(description="The question after the history was taken into account.")
    status: Status = Field(description="`not_in_documents` is a proper answer; `unclear` is for what is no question.")
    answer: str | None = Field(
        description="Exact words of the first hit's document; null unless `answered`, and where only a digest answers."
    )
    answer_kind: AnswerKind | None = Field(
        description="A `quotation` of an original; or a `summary`: only a digest answers, in our words, which the "
        "first of `hits` holds. Null unless `answered`."
    )
    probability: float | None = Field(
        description="The calibrated chance that the documents answer; null where `unclear`."
    )
    hits: list[Hit] = Field(description="First what answers, then best first; empty unless `answered`.")
    nearest: list[Hit] = Field(description="At most three passages that come near; empty unless `not_in_documents`.")
    objectives: list[QuestionObjective] = Field(
        description="Of the question as a whole, best first; where nothing was found, where its topic falls."
    )
    notice: str | None = Field(description="One sentence for the person asking.")
    corpus: str = Field(description="Names the documents that were searched.")


class RankedObjective(Reply):
    """An objective with the chance that a topic falls under it."""

    number: ObjectiveNumber
    title: str = Field(description="The official title.")
    confidence: float = Field(
        description="The chance that it holds, whatever else does: of those near 0.8, about four in five are right. "
        "Shown as clearly from 0.75, as also from 0.4, as perhaps from 0.2."
    )
    in_roundtable: bool = Field(description="Whether the background note's roundtable covers it.")
    why: list[str] = Field(description="The words that decided.")


class Classification(Reply):
    """All objectives for a topic."""

    id: Any = Field(description="As it was sent; null where none was.")
    topic: str
    objectives: list[RankedObjective] = Field(description="All of them, best first.")
    hits: list[Hit] = Field(description="What the documents say on the topic, best first.")
    corpus: str = Field(description="Names the documents that were searched.")


class Difference(Reply):
    """Words of a quotation that aren't the document's; one side is empty where words are left out or added."""

    kind: DifferenceKind
    draft: str
    source: str


class Quotation(Reply):
    """A quotation of a draft; what is null is so because no document has it."""

    text: str = Field(description="As it stands in the draft, without quotation marks.")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    status: Fidelity = Field(description="`exact`; `altered`, as `differences` say; or `absent` from the documents.")
    document: str | None = Field(description="The document's id.")
    locator: str | None = Field(description="The place as one would cite it.")
    source: str | None = Field(description="The document's own words.")
    source_start: int | None = Field(description="Where they begin in the document's text.")
    source_end: int | None
    differences: list[Difference]


class LikelyObjective(Reply):
    """An objective that a paragraph likely concerns."""

    number: ObjectiveNumber
    confidence: float


class DraftParagraph(Reply):
    """A paragraph of a draft, best objectives first."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    objectives: list[LikelyObjective]


class Check(Reply):
    """A draft's quotations, in the order in which they stand."""

    quotations: list[Quotation]
    paragraphs: list[DraftParagraph]
    corpus: str = Field(description="Names the documents that were searched.")
