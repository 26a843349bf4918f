"""Check a question, a topic or a draft that a program sends, and say in one line what to mend."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from assistant.errors import InputError
from assistant.records import OBJECTIVE_COUNT
from assistant.schema.strict_json import shown
from assistant.settings import DEFAULT_TOP_K, MAX_QUESTION, MAX_TOP_K

_MAX_REASONS = 3  # in one message
MAX_PAGE, MAX_PAGE_SIZE = 1_000_000, 1000  # of the list of documents
_MAXIMUM = {"objectives": OBJECTIVE_COUNT, "top_k": MAX_TOP_K, "page": MAX_PAGE, "size": MAX_PAGE_SIZE}
_EXPECTED = {
    "question": "text",
    "topic": "text",
    "history": "a list of texts",
    "text": "text",
    "documents": "a list of documents' ids",
    "objectives": f"a list of whole numbers from 1 to {OBJECTIVE_COUNT}",
    "top_k": f"a whole number from 1 to {MAX_TOP_K}",
    "explain": "true or false",
    "page": f"a whole number from 1 to {MAX_PAGE}",
    "size": f"a whole number from 1 to {MAX_PAGE_SIZE}",
}
Form = TypeVar("Form", bound=BaseModel)
ObjectiveNumber = Annotated[int, Field(ge=1, le=OBJECTIVE_COUNT)]


def _whole_number(number: object) -> object:
    """Take 7.0 for 7: JSON has one kind of number."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _describe_nulls(schema: dict[str, Any]) -> None:
    for name, field in schema["properties"].items():
        if "type" in field and name not in schema["required"]:
            field["type"] = [field["type"], "null"]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_describe_nulls)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, sent: object) -> object:
        """Take null for an optional field as not given."""
        if not isinstance(sent, Mapping):
            return sent
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in sent.items() if value is not None or name not in optional}


class Question(_Request):
    """A question with what it is to be understood and searched with."""

    question: str = Field(description=f"In words. What goes beyond {MAX_QUESTION:,} characters isn't read.")
    history: Annotated[list[str], FailFast()] = Field(
        default=[], description="The earlier questions of the conversation, oldest first."
    )
    objectives: Annotated[list[Annotated[ObjectiveNumber, BeforeValidator(_whole_number)]], FailFast()] = Field(
        default=[], description="Only passages that carry one of these objectives; empty for all."
    )
    documents: Annotated[list[str], FailFast()] = Field(
        default=[], description="Only passages of these documents, by id; empty for all."
    )
    top_k: Annotated[int, BeforeValidator(_whole_number)] = Field(
        default=DEFAULT_TOP_K, ge=1, le=MAX_TOP_K, description="Passages at the most."
    )
    explain: bool = Field(default=False, description="Whether to say of each passage why it was found.")
    id: Any = Field(default=None, description="Your own name for the question, any JSON; it comes back as it is.")


class Topic(_Request):
    """A topic to find the objectives of."""

    topic: str = Field(
        description=f"In words, at least one. What goes beyond {MAX_QUESTION:,} characters isn't read.",
        json_schema_extra={"minLength": 1},  # no pattern for words that all tools read alike
    )
    id: Any = Field(default=None, description="Your own name for the topic, any JSON; it comes back as it is.")

    @field_validator("topic")
    @classmethod
    def _check_words(cls, topic: str) -> str:
        if not any(character.isalnum() or character == "_" for character in topic):
            raise PydanticCustomError("no_words", "holds no words; write a few")
        return topic


class Draft(_Request):
    """A text of one's own, whose quotations are to be held against the documents."""

    text: str = Field(description="As it stands; offsets in the reply count its Unicode code points.")


def read_request(form: type[Form], sent: object) -> Form:
    """Check JSON against a form.

    Raises:
        InputError: It doesn't fit; the message names the fields.
    """
    try:
        return form.model_validate(sent)
    except ValidationError as error:
        raise InputError(explain_errors(error.errors(include_url=False))) from None


def explain_errors(errors: Sequence[Mapping[str, Any]]) -> str:
    """Say in one line what is wrong with a request and what to send instead.

    >>> explain_errors([{"type": "less_than_equal", "loc": ("objectives", 0), "input": 99}])
    "objectives: 99 isn't from 1 to 23."

    Args:
        errors: Pydantic's, each with its place in the request.
    """
    reasons = list(dict.fromkeys(map(_explain, errors)))
    more = len(reasons) - _MAX_REASONS
    return " ".join(reasons[:_MAX_REASONS]) + (f" And {more} more." if more > 0 else "")


def _explain(error: Mapping[str, Any]) -> str:
    if not error["loc"]:
        return 'Send a JSON object such as {"question": "…"} or {"topic": "…"}.'
    name, kind = str(error["loc"][0]), error["type"]
    if kind == "extra_forbidden":
        return f"{shown(name)}: isn't a field here; correct its name or leave it out."
    if kind == "missing":
        return f"{name}: is missing; send {_EXPECTED[name]}."
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"{name}: {shown(error['input'])} isn't from 1 to {_MAXIMUM[name]}."
    if kind == "no_words":
        return f"{name}: {error['msg']}."
    return f"{name}: must be {_EXPECTED[name]}."
