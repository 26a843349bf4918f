"""The shapes of the programming interface: what may be sent, which is checked, and what comes back, which is described.

Each field has an example, from which whole ones are put together. This module knows nothing of addresses or HTTP.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, field_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from assistant.records import OBJECTIVE_COUNT, Basis, Kind, Status
from assistant.settings import DEFAULT_TOP_K, MAX_TOP_K
from assistant.web.api.bodies import shown

_TOLD = 3  # reasons in one refusal
_MOST = {"objectives": OBJECTIVE_COUNT, "top_k": MAX_TOP_K}
_EXPECTED = {
    "question": "text",
    "topic": "text",
    "history": "a list of texts",
    "objectives": f"a list of whole numbers from 1 to {OBJECTIVE_COUNT}",
    "top_k": f"a whole number from 1 to {MAX_TOP_K}",
    "explain": "true or false",
}

# The passage that the examples show, and what was asked.
_QUESTION = "Which measures reduce the vulnerabilities of migrants?"
_MEASURES = (
    "4. What measures do states have in place - or should have in place - to reduce vulnerabilities of migrants?"
)
_PASSAGE = (
    f"{_MEASURES} How do such measures incorporate the GCM's guiding principles of a whole-of-government and "
    "whole-of-society approach? (GCM objective 7)"
)
_START = 7381
_CORPUS = "sha256:b864a17b5eef4403041819f7805997476ef8ed2e4e41fc048af1623bcda57328"
_DIPLOMAS = "Invest in skills development and facilitate mutual recognition of skills, qualifications and competences"
_VULNERABILITIES = "Address and reduce vulnerabilities in migration"


def _whole(number: object) -> object:
    """Take 7.0 for 7, as JSON's schemas do; they know no other difference between numbers than their value."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


ObjectiveNumber = Annotated[int, Field(ge=1, le=OBJECTIVE_COUNT)]


# What is sent --------------------------------------------------------------------------------------------------------


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Question(_Sent):
    """A question with what it is to be understood and searched with."""

    question: str = Field(
        description="In words. What goes beyond 2,000 characters isn't read.",
        examples=[_QUESTION],
    )
    history: Annotated[list[str], FailFast()] = Field(
        default=[], description="The earlier questions of the conversation, oldest first.", examples=[[]]
    )
    objectives: Annotated[list[Annotated[ObjectiveNumber, BeforeValidator(_whole)]], FailFast()] = Field(
        default=[], description="Only passages that carry one of these objectives; empty for all.", examples=[[7]]
    )
    top_k: Annotated[int, BeforeValidator(_whole)] = Field(
        default=DEFAULT_TOP_K, ge=1, le=MAX_TOP_K, description="Passages at the most.", examples=[1]
    )
    explain: bool = Field(default=False, description="Whether to say of each passage why it was found.")
    id: Any = Field(
        default=None, description="Your own name for the question, any JSON; it comes back as it is.", examples=["q1"]
    )


class Topic(_Sent):
    """A topic to find the objectives of."""

    topic: str = Field(
        description="In words, at least one. What goes beyond 2,000 characters isn't read.",
        examples=["recognition of foreign diplomas"],
        json_schema_extra={"minLength": 1},  # no pattern for words that all tools read alike
    )
    id: Any = Field(
        default=None, description="Your own name for the topic, any JSON; it comes back as it is.", examples=["t1"]
    )

    @field_validator("topic")
    @classmethod
    def _holds_words(cls, topic: str) -> str:
        if not any(character.isalnum() or character == "_" for character in topic):
            raise PydanticCustomError("no_words", "holds no words; write a few")
        return topic


def reasons_in(errors: Sequence[Mapping[str, Any]]) -> str:
    """Say in one line why a body was refused.

    >>> reasons_in([{"type": "less_than_equal", "loc": ("body", "objectives", 0), "input": 99}])
    "objectives: 99 isn't from 1 to 23."

    Args:
        errors: As pydantic tells them, each with the place in the request.
    """
    reasons = list(dict.fromkeys(map(_reason, errors)))
    more = len(reasons) - _TOLD
    return " ".join(reasons[:_TOLD]) + (f" And {more} more." if more > 0 else "")


def _reason(error: Mapping[str, Any]) -> str:
    place = error["loc"][1:]
    if not place:
        return 'The body must be a JSON object such as {"question": "…"} or {"topic": "…"}.'
    name, kind = str(place[0]), error["type"]
    if kind == "extra_forbidden":
        return f"{shown(name)}: isn't a field here; /docs lists them."
    if kind == "missing":
        return f"{name}: is missing; send {_EXPECTED[name]}."
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"{name}: {shown(error['input'])} isn't from 1 to {_MOST[name]}."
    if kind == "no_words":
        return f"{name}: {error['msg']}."
    return f"{name}: must be {_EXPECTED[name]}."


# What comes back -----------------------------------------------------------------------------------------------------


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(_Reply):
    """Why there is no answer."""

    error: str = Field(description="One line for a person.", examples=["objectives: 99 isn't from 1 to 23."])


class Tag(_Reply):
    """An objective of a passage."""

    number: ObjectiveNumber = Field(examples=[7])
    basis: Basis = Field(
        description="Stated where the document names the objective, inferred where the text only resembles it.",
        examples=["stated"],
    )
    confidence: float = Field(description="How likely it is right; 1 where stated.", examples=[1.0])
    evidence: str = Field(description="The words that state it, or those that decided.", examples=["GCM objective 7"])


class Reason(_Reply):
    """Why a passage was found."""

    words: list[str] = Field(description="The question's words that it holds.", examples=[["reduce", "measures"]])
    near: list[str] = Field(description="Those that it only comes near to in meaning.", examples=[[]])
    named: bool = Field(description="Whether the question names its place or quotes its words.", examples=[False])
    likeness: dict[str, float] = Field(
        description="How like the question it is, by sign.", examples=[{"meaning": 0.6382, "words": 0.5374}]
    )


def _without_default(schema: dict[str, Any]) -> None:
    del schema["default"]  # null, which is never sent


class Hit(_Reply):
    """A passage with its place. `text` is `start` to `end` of its document's text, counted in Unicode code points."""

    passage: str = Field(description="The document's id and the passage's number.", examples=["background-note#16"])
    document: str = Field(description="The document's id.", examples=["background-note"])
    title: str = Field(examples=["Background note, Roundtable 4"])
    kind: Literal["original", "digest"] = Field(
        description="A digest is our own summary, not the document's words.", examples=["original"]
    )
    url: str | None = Field(description="Where the original can be read.", examples=[None])
    heading: str = Field(description="Empty where there is none.", examples=["Guiding questions"])
    locator: str = Field(description="The place as one would cite it.", examples=["Guiding question 4"])
    text: str = Field(description="The document's own words.", examples=[_PASSAGE])
    start: int = Field(ge=0, examples=[_START])
    end: int = Field(ge=0, examples=[_START + len(_PASSAGE)])
    highlights: list[tuple[int, int]] = Field(
        description="Spans inside `text` that answer.", examples=[[[0, len(_MEASURES)]]]
    )
    score: float = Field(description="Higher is better.", examples=[0.7994])
    objectives: list[Tag]
    why: Reason | SkipJsonSchema[None] = Field(
        default=None,
        description="Only where `explain` asks for it.",
        json_schema_extra=_without_default,
    )


class QuestionObjective(_Reply):
    """An objective that a question concerns as a whole."""

    number: ObjectiveNumber = Field(examples=[7])
    title: str = Field(description="The official title.", examples=[_VULNERABILITIES])
    basis: Basis = Field(examples=["stated"])
    confidence: float = Field(examples=[1.0])


class Answer(_Reply):
    """Quotations, or an honest "not in the documents"."""

    id: Any = Field(description="As it was sent; null where none was.", examples=["q1"])
    question: str = Field(examples=[_QUESTION])
    understood_as: str = Field(
        description="The question after the history was taken into account.", examples=[_QUESTION]
    )
    status: Status = Field(
        description="`not_in_documents` is a proper answer; `unclear` is for what is no question.",
        examples=["answered"],
    )
    answer: str | None = Field(
        description="Exact words of the first hit's document; null unless `answered`.", examples=[_MEASURES]
    )
    hits: list[Hit] = Field(description="Best first; empty unless `answered`.")
    nearest: list[Hit] = Field(
        description="At most three passages that come near; empty unless `not_in_documents`.", examples=[[]]
    )
    objectives: list[QuestionObjective] = Field(
        description="Of the question as a whole, best first; where nothing was found, where its topic falls."
    )
    notice: str | None = Field(description="One sentence for the person asking.", examples=[None])
    corpus: str = Field(description="Names the documents that were searched.", examples=[_CORPUS])
    elapsed_ms: float = Field(description="Milliseconds from question to answer.", examples=[8.1])


class RankedObjective(_Reply):
    """How likely a topic falls under an objective."""

    number: ObjectiveNumber = Field(examples=[18])
    title: str = Field(description="The official title.", examples=[_DIPLOMAS])
    confidence: float = Field(description="Of those near 0.8, about four in five are right.", examples=[0.99])
    in_roundtable: bool = Field(description="Whether the background note's roundtable covers it.", examples=[False])
    why: list[str] = Field(description="The words that decided.", examples=[["diplomas", "recognition"]])


class Classification(_Reply):
    """All objectives for a topic."""

    id: Any = Field(description="As it was sent; null where none was.", examples=["t1"])
    topic: str = Field(examples=["recognition of foreign diplomas"])
    objectives: list[RankedObjective] = Field(description="All of them, best first.")
    hits: list[Hit] = Field(description="What the documents say on the topic, best first.", examples=[[]])
    corpus: str = Field(description="Names the documents that were searched.", examples=[_CORPUS])
    elapsed_ms: float = Field(description="Milliseconds from topic to ranking.", examples=[6.2])


class Objective(_Reply):
    """One of the 23 objectives of the Global Compact for Migration."""

    number: ObjectiveNumber = Field(examples=[7])
    title: str = Field(description="The official title.", examples=[_VULNERABILITIES])
    short: str = Field(description="A plain short name of our own.", examples=["Vulnerabilities"])
    paragraph: int = Field(description="The Global Compact's paragraph with its commitment.", examples=[23])
    round_table: int = Field(description="The review's roundtable that covers it, 1 to 4.", examples=[4])
    in_roundtable: bool = Field(description="Whether the background note's roundtable covers it.", examples=[True])
    scope: str = Field(
        description="What it is about, in our words.", examples=["Protection and help for migrants who are at risk …"]
    )
    boundary: str = Field(description="What belongs to its neighbours.", examples=["Workplace rights are objective 6."])


class Objectives(_Reply):
    """All objectives, in order."""

    objectives: list[Objective]


class DocumentEntry(_Reply):
    """Enough to cite a document; what isn't known is null."""

    id: str = Field(examples=["background-note"])
    title: str = Field(examples=["Background note, Roundtable 4"])
    kind: Kind = Field(
        description="An original; a digest, which is our own summary; a link, whose text isn't here.",
        examples=["original"],
    )
    type: str | None = Field(description="What it is in a word.", examples=["background note"])
    publisher: str | None = Field(examples=["Regional Review of the Global Compact for Migration in the UNECE region"])
    date: str | None = Field(description="As one would cite it.", examples=["13 November 2020"])
    symbol: str | None = Field(description="The official symbol.", examples=[None])
    address: str | None = Field(description="Where the original can be read.", examples=[None])
    language: str = Field(description="A language tag.", examples=["en"])
    has_text: bool = Field(description="Whether its text can be had here.", examples=[True])


class Documents(_Reply):
    """All documents, links without text included."""

    documents: list[DocumentEntry]


class Paragraph(_Reply):
    """A citable piece; it is `start` to `end` of the document's text."""

    locator: str = Field(description="The place as one would cite it, once in a document.", examples=["para. 1"])
    heading: str = Field(description="Empty where there is none.", examples=["Aims"])
    start: int = Field(ge=0, examples=[6])
    end: int = Field(ge=0, examples=[55])
    anchor: str = Field(
        description="The locator for an address: `/#documents/ID/ANCHOR` shows the paragraph.", examples=["para-1"]
    )


class Document(DocumentEntry):
    """One text in full."""

    id: str = Field(examples=["made-up"])
    title: str = Field(examples=["A note made up for this page"])
    type: str | None = Field(description="What it is in a word.", examples=["note"])
    publisher: str | None = Field(examples=[None])
    text: str = Field(
        description="All of it; offsets count its Unicode code points.",
        examples=["Aims\n\n1. Everyone on the way finds what they must know.\n"],
    )
    paragraphs: list[Paragraph] = Field(description="In order.")
