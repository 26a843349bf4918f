"""The nouns: records that the packages hand to one another.

Frozen and without behaviour, except for names derived from a record's own fields. Offsets count Unicode code points and
are half-open, as in a slice.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["original", "digest", "link"]
Basis: TypeAlias = Literal["stated", "inferred"]
Status: TypeAlias = Literal["answered", "not_in_documents", "unclear"]
AnswerKind: TypeAlias = Literal["quotation", "summary"]
Fidelity: TypeAlias = Literal["exact", "altered", "absent"]
DifferenceKind: TypeAlias = Literal["left out", "added", "changed"]
ChangeKind: TypeAlias = Literal["same", "changed", "added", "removed"]
OBJECTIVE_COUNT = 23  # of the Global Compact
THIS_ROUND_TABLE = 4  # of the review forum: the one that the background note was written for

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Link:
    """The target of a link that has lost it in the text: "[Policy Brief](#): COVID-19 and People on the Move".

    Attributes:
        label: The words in the square brackets.
        after: The words that follow on its line and distinguish links of the same label.
    """

    label: str
    after: str
    address: str


@dataclass(frozen=True, slots=True)
class Source:
    """The bibliographic data of a document, whether or not its text is here.

    Attributes:
        id: Short and stable; part of every passage's id and of addresses.
        kind: "original"; "digest", our own summary of a text that we may not ship; or "link", without text.
        date: As it would be cited ("13 November 2020"), empty when unknown.
        symbol: The official symbol ("A/RES/73/195"), empty when there is none.
        address: Of the original, empty when unknown.
        file: The file's path inside the corpus folder, with forward slashes; empty for a link.
        links: Targets for links that lost theirs in the file.
        supersedes: The id of the earlier version of the same document, empty for none.
    """

    id: str
    title: str
    kind: Kind = "original"
    publisher: str = ""
    date: str = ""
    symbol: str = ""
    address: str = ""
    type: str = ""
    language: str = "en"
    file: str = ""
    links: tuple[Link, ...] = ()
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A citable piece of a document.

    Attributes:
        locator: What a person would cite: "para. 7", "guiding question 3", "para. 23 (f)". Unique in its document.
        heading: The heading that it stands under, empty when there is none.
        start, end: Offsets in the document's text.
        lead: The words that introduce it where it is an item of a list ("Decides that:"), else empty.
    """

    locator: str
    heading: str
    start: int
    end: int
    lead: str = ""

    @property
    def anchor(self) -> str:
        """The locator as a fragment of an address: "para. 23 (f)" gives "para-23-f"."""
        return anchor_of(self.locator)


@dataclass(frozen=True, slots=True)
class Document:
    """A text that can be quoted, with its paragraphs in order.

    Attributes:
        file_sha256: Of the bytes that it was read from; empty where it comes from no file.
        file_title: The title that the file itself gives; empty for none.
        file_date: The date that the file itself gives; empty for none.
    """

    source: Source
    text: str
    paragraphs: tuple[Paragraph, ...]
    file_sha256: str = ""
    file_title: str = ""
    file_date: str = ""

    @property
    def id(self) -> str:
        """The id of its source."""
        return self.source.id


@dataclass(frozen=True, slots=True)
class Tag:
    """One objective of a passage.

    Attributes:
        number: 1 to 23.
        basis: "stated" when the text names the objective, "inferred" when a classifier finds it likely.
        confidence: Probability that the tag is right; 1.0 when stated.
        evidence: The words that state it, or the words that decided.
    """

    number: int
    basis: Basis
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that is indexed, shown and cited: `document.text[start:end] == text`.

    Attributes:
        number: Its place in its document, from 1.
        body: Where its own words begin inside `text`, after the headings that it opens with; usually 0.
        lead: The words that introduce its paragraph, and full names of what it names shortly; empty for most.
    """

    source: Source
    number: int
    heading: str
    locator: str
    text: str
    start: int
    end: int
    body: int = 0
    lead: str = ""
    tags: tuple[Tag, ...] = ()

    @property
    def id(self) -> str:
        """The document's id and the passage's number: "background-note#12"."""
        return f"{self.source.id}#{self.number}"

    @property
    def anchor(self) -> str:
        """The fragment at which its paragraph stands in its document."""
        return anchor_of(self.locator)


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason why a passage was found.

    Attributes:
        words: The question's words that it holds, in any inflection; the most telling first.
        near: The question's words to which it only comes near in meaning.
        likeness: How like the question it is, by sign ("meaning", "sentence", "tokens", "sentence tokens", "words",
            "objectives"); each 0 to 1, or a little less than 0.
        is_named: Whether the question names its place or quotes its words.
    """

    words: tuple[str, ...]
    near: tuple[str, ...]
    likeness: Mapping[str, float]
    is_named: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score; higher is better.

    Attributes:
        highlights: Spans inside the passage's text that answer, in order.
        reason: Why it was found, where that was asked for.
    """

    passage: Passage
    score: float
    highlights: tuple[Span, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """One of the 23 objectives of the Global Compact for Migration.

    Attributes:
        title: The official title.
        short: A plain short name of our own.
        paragraph: The Global Compact's paragraph that holds its commitment.
        round_table: The review forum's round table that covers it, 1 to 4.
        scope: What it is about, in our own words.
        boundary: What belongs to a neighbouring objective instead, and to which.
    """

    number: int
    title: str
    short: str
    paragraph: int
    round_table: int
    scope: str = ""
    boundary: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveMatch:
    """An objective that a question or a topic concerns.

    Attributes:
        why: The words that decided, the weightiest first.
    """

    objective: Objective
    basis: Basis
    confidence: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A text that teaches what falls under objectives.

    Attributes:
        number: Of the objective that is meant first; 0 stands for none.
        also: Those of the others that hold; None where these aren't known.
    """

    text: str
    number: int
    also: tuple[int, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Translated:
    """A title or a term of an objective in another language than English, or a question in any.

    Attributes:
        number: The objective's, 0 for none; None for a question.
        language: ISO 639-1 ("fr").
        also: As in `Example`.
    """

    text: str
    number: int | None
    language: str
    also: tuple[int, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """The objectives that a topic falls under.

    Attributes:
        objectives: All of them, best first.
        hits: What the documents say on the topic, best first.
        corpus: "sha256:…" of those documents.
        id: The caller's own name for the topic, echoed.
    """

    topic: str
    objectives: tuple[ObjectiveMatch, ...]
    corpus: str
    hits: tuple[Hit, ...] = ()
    elapsed_ms: float = 0.0
    id: object = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A place at which a document can be read on: the document itself, a heading, a numbered place.

    Attributes:
        anchor: The fragment of the paragraph that it begins with; empty for the document itself.
    """

    source: Source
    label: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A reply from the list of documents, their places or the table of objectives, in place of passages.

    Attributes:
        notice: One sentence for the person asking.
        entries: Where to read on.
        objectives: Those of the table that are asked for, which no document names.
    """

    notice: str
    entries: tuple[Entry, ...] = ()
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: quotations, or an honest "not in the documents".

    Attributes:
        understood_as: The question after the conversation so far was taken into account.
        answer: Exact words of the first hit's document, which is an original, or None.
        hits: Passages that answer, best first; empty unless `status` is "answered".
        nearest: At most three passages that touch on the topic; empty unless it is "not_in_documents".
        objectives: Those of the question as a whole, best first.
        probability: That the documents answer; None for what is no question.
        notice: One sentence for the person asking, or None.
        corpus: "sha256:…" of the documents that were searched.
        documents: Those that the search was narrowed to, by id; empty for all.
        id: The caller's own name for the question, echoed.
        known: What is known of the documents or the objectives themselves, where that is asked; `notice` says it too.
        is_unread: Whether the question is in a language that can't be read here; `notice` says so in it.
    """

    question: str
    understood_as: str
    status: Status
    corpus: str
    answer: str | None = None
    hits: tuple[Hit, ...] = ()
    nearest: tuple[Hit, ...] = ()
    objectives: tuple[ObjectiveMatch, ...] = ()
    notice: str | None = None
    probability: float | None = None
    elapsed_ms: float = 0.0
    documents: frozenset[str] = frozenset()
    id: object = None
    is_unread: bool = False
    known: Known | None = None

    @property
    def answer_kind(self) -> AnswerKind | None:
        """The kind of answer: an original is quoted, or only a digest answers; None where nothing does."""
        if self.status != "answered":
            return None
        return "summary" if self.answer is None else "quotation"

    @property
    def summary(self) -> str:
        """The words of the digest that answer; empty unless only a digest does."""
        if self.answer_kind != "summary" or not self.hits:
            return ""
        first = self.hits[0]
        marked = first.highlights or ((first.passage.body, len(first.passage.text)),)
        return first.passage.text[marked[0][0] : marked[-1][1]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a draft, or of a later version, that differ from a document's; one side is empty for "added"/"left out".

    Attributes:
        draft, source: The words as they stand there.
    """

    kind: DifferenceKind
    draft: str
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a date that stands beside a quotation in its sentence.

    Attributes:
        is_there: Whether the quotation's document has it: in its text, its date, symbol or title, or as its place.
    """

    text: str
    start: int
    end: int
    is_there: bool


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of a draft, held against the documents.

    Attributes:
        text: As it stands in the draft, without quotation marks: `start` to `end` of it.
        document: That it comes from; where it is absent, the one whose digest has these words, which are ours.
        locator: Of the paragraph that it begins in; empty where it is absent.
        source: The document's words, `source_start` to `source_end` of its text.
    """

    text: str
    start: int
    end: int
    status: Fidelity
    document: Source | None = None
    locator: str = ""
    source: str = ""
    source_start: int = 0
    source_end: int = 0
    differences: tuple[Difference, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Return whether only a digest has these words: our summary, not to be quoted as the document's."""
        return self.status == "absent" and self.document is not None


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph of a draft with the objectives that it likely concerns, best first."""

    start: int
    end: int
    objectives: tuple[ObjectiveMatch, ...]


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft whose quotations were held against the documents.

    Attributes:
        quotations: In the order in which they stand.
        corpus: "sha256:…" of the documents.
    """

    text: str
    quotations: tuple[Quotation, ...]
    paragraphs: tuple[DraftParagraph, ...]
    corpus: str

    @property
    def counts(self) -> dict[Fidelity, int]:
        """The number of exact, altered and absent quotations."""
        return {status: sum(each.status == status for each in self.quotations) for status in get_args(Fidelity)}


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph of a version of a document beside its counterpart in another.

    Attributes:
        before, after: None where there is no counterpart.
        differences: Word by word, where it is changed; `source` is the earlier version.
    """

    kind: ChangeKind
    before: Paragraph | None
    after: Paragraph | None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a long piece of work: "reading", 2 of 4."""

    stage: Literal["reading", "encoding", "learning", "languages", "classifying"]
    done: int
    total: int


ReportProgress: TypeAlias = Callable[[Progress], None]


def percent_in_words(confidence: float) -> str:
    """Return a confidence in words; an inference is never certain.

    >>> percent_in_words(0.58), percent_in_words(0.004), percent_in_words(0.999)
    ('58%', '< 1%', '> 99%')
    """
    percent = f"{confidence:.0%}"
    return {"0%": "< 1%", "100%": "> 99%"}.get(percent, percent)


def anchor_of(locator: str) -> str:
    """Return a locator as a fragment of an address.

    >>> anchor_of("Guiding question 3"), anchor_of("para. 23 (f)")
    ('guiding-question-3', 'para-23-f')
    """
    return "-".join(re.findall(r"\w+", locator.lower()))
