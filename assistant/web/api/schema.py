"""Describe what comes back over HTTP alone: the objectives, the documents, one document, and why there is no answer."""

from typing import Literal

from pydantic import Field

from assistant.records import Kind
from assistant.schema import ObjectiveNumber, Reply


class Problem(Reply):
    """Why there is no answer."""

    error: str = Field(description="One line for a person.")


class Objective(Reply):
    """One of the 23 objectives of the Global Compact for Migration."""

    number: ObjectiveNumber
    title: str = Field(description="The official title.")
    short: str = Field(description="A plain short name of our own.")
    paragraph: int = Field(description="The Global Compact's paragraph with its commitment.")
    round_table: int = Field(description="The review's roundtable that covers it, 1 to 4.")
    in_roundtable: bool = Field(description="Whether the background note's roundtable covers it.")
    scope: str = Field(description="What it is about, in our words.")
    boundary: str = Field(description="What belongs to its neighbours.")


class Objectives(Reply):
    """All objectives, in order."""

    objectives: list[Objective]


class DocumentEntry(Reply):
    """Enough to cite a document; what isn't known is null."""

    id: str
    title: str
    kind: Kind = Field(description="An original; a digest, which is our own summary; a link, whose text isn't here.")
    type: str | None = Field(description="What it is in a word.")
    publisher: str | None
    date: str | None = Field(description="As one would cite it.")
    symbol: str | None = Field(description="The official symbol.")
    address: str | None = Field(description="Where the original can be read.")
    language: str = Field(description="A language tag.")
    has_text: bool = Field(description="Whether its text can be had here.")


class Documents(Reply):
    """A page of the documents, links without text included."""

    documents: list[DocumentEntry]
    found: int = Field(description="How many there are on all pages.")
    page: int = Field(description="The number of this page, from 1.")
    pages: int = Field(description="How many pages there are.")


class Suggestion(Reply):
    """Something to go on with."""

    kind: Literal["question", "place", "heading"]
    text: str
    address: str | None = Field(description="Where a place or a heading can be read, below the page's address.")


class Suggestions(Reply):
    """At most five, questions first."""

    suggestions: list[Suggestion]


class Paragraph(Reply):
    """A citable piece; it is `start` to `end` of the document's text."""

    locator: str = Field(description="The place as one would cite it, once in a document.")
    heading: str = Field(description="Empty where there is none.")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    anchor: str = Field(description="The locator for an address: `/documents/ID/ANCHOR` shows the paragraph.")


class Document(DocumentEntry):
    """One text in full."""

    text: str = Field(description="All of it; offsets count its Unicode code points.")
    paragraphs: list[Paragraph] = Field(description="In order.")
