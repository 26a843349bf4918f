"""Hand-made records that quote the background note, and an assistant that answers from them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from assistant.encoding.encoder import Vectors
from assistant.errors import InputError
from assistant.journeys.checking import Checking
from assistant.records import (
    Answer,
    CheckedDraft,
    Classification,
    Document,
    Hit,
    Link,
    Objective,
    ObjectiveMatch,
    Paragraph,
    Passage,
    Reason,
    Source,
    Tag,
)
from tests.fakes import BagOfWordsEncoder

NOTE = Source(
    id="background-note",
    title="Background note, Roundtable 4",
    publisher="United Nations",
    date="13 November 2020",
    type="Background note",
    file="background-note.txt",
    links=(
        Link("Policy Brief", "COVID-19 and People on the Move", "https://example.org/people-on-the-move"),
        Link("Policy Brief", "The Global Compact for Migration", "https://example.org/well-governed"),
    ),
)
DIGEST = Source(
    id="people-on-the-move",
    title="COVID-19 and People on the Move",
    kind="digest",
    type="Policy brief",
    address="https://example.org/people-on-the-move",
    file="people-on-the-move.md",
)
VIDEO = Source(id="video", title="The Global Compact in a Nutshell", kind="link", type="Video")
OBJECTIVES = (
    Objective(
        7,
        "Address and reduce vulnerabilities in migration",
        "Vulnerabilities",
        23,
        4,
        scope="Care for migrants at risk & on the way.",
        boundary="The ordinary clinic is objective 15.",
    ),
    Objective(15, "Provide access to basic services for migrants", "Basic services", 31, 3),
    Objective(
        22,
        "Establish mechanisms for the portability of social security entitlements and earned benefits",
        "Social security",
        38,
        3,
    ),
)

CHILDREN = "establishing procedures for the protection of migrant children, including unaccompanied children"
_PARAGRAPH = (
    "Additional activities relating to this objective may include assessing existing policies to ensure they do not "
    f"exacerbate vulnerabilities; {CHILDREN}; ensuring migrants have access to legal assistance; ensuring information."
)
NOTE_TEXT = f"Background note\n\n{_PARAGRAPH}\n"
_START = NOTE_TEXT.index("Additional")
_DIGEST_TEXT = "## What it says\n\n- The crisis is of health, of livelihoods and of protection.\n"


def make_passage(source: Source, document_text: str, text: str, locator: str, *tags: Tag, body: int = 0) -> Passage:
    """A passage of a document, by its words."""
    start = document_text.index(text)
    return Passage(source, 1, "", locator, text, start, start + len(text), body=body, tags=tags)


NOTE_PASSAGE = make_passage(
    NOTE,
    NOTE_TEXT,
    _PARAGRAPH[: _PARAGRAPH.index("ensuring information")].strip(),
    "para. 4",
    Tag(7, "stated", 1.0, "GCM objective 7"),
    Tag(15, "inferred", 0.58, "legal assistance"),
)
DIGEST_PASSAGE = make_passage(DIGEST, _DIGEST_TEXT, _DIGEST_TEXT.strip(), "What it says, item 1", body=17)
REASON = Reason(
    words=("unaccompanied", "children"),
    near=("minors",),
    likeness={
        "meaning": 0.5,
        "sentence": 0.45,
        "tokens": 0.724,
        "sentence tokens": 0.7,
        "words": -0.001,
        "objectives": 0.3,
    },
    is_named=False,
)


class FakeAssistant:
    """Knows of children, and of nothing else."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.narrowed: list[frozenset[int]] = []

    sources: tuple[Source, ...] = (VIDEO, NOTE, DIGEST)
    objectives = OBJECTIVES
    passages = (NOTE_PASSAGE, DIGEST_PASSAGE)
    languages: tuple[str, ...] = ("en",)
    corpus_hash = "sha256:3f9a1c70aaaa"
    trouble = ""
    documents: Mapping[str, Document] = {
        NOTE.id: Document(NOTE, NOTE_TEXT, (Paragraph("para. 4", "Background note", _START, len(NOTE_TEXT) - 1),)),
        DIGEST.id: Document(
            DIGEST, _DIGEST_TEXT, (Paragraph("What it says, item 1", "What it says", 17, len(_DIGEST_TEXT) - 1),)
        ),
    }

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        documents: Collection[str] = (),
        top_k: int = 5,
        explain: bool = False,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        self.narrowed.append(frozenset(objectives))
        if unknown := set(documents) - self.documents.keys():
            raise InputError(f"documents: there is none with the id {min(unknown)!r}.")
        if not 1 <= top_k <= 20:
            raise InputError("top_k: out of range.")
        if not any(character.isalpha() for character in question):
            return Answer(question, question, "unclear", self.corpus_hash)
        understood = f"{question} (of {history[-1]})" if history and question.startswith("And") else question
        is_left_out = (objectives and 7 not in objectives) or (documents and NOTE.id not in documents)
        if "child" not in understood or is_left_out:
            return not_in_documents(question)
        answer = answered(question, understood_as=understood)
        return replace(answer, hits=tuple(replace(hit, reason=REASON) for hit in answer.hits)) if explain else answer

    def classify(self, topic: str) -> Classification:
        hits = (Hit(NOTE_PASSAGE, 0.6),) if "child" in topic else ()
        return Classification(topic, _ranked(topic), self.corpus_hash, hits)

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        yield from map(_ranked, topics)

    def check(self, text: str) -> CheckedDraft:
        checking = Checking(self.documents, self.corpus_hash, self.classify_all, self.objectives)
        return checking.check(text)

    def in_all_documents(self, question: str, *, documents: Collection[str] = ()) -> dict[str, Answer]:
        return {id: self.ask(question, documents={id}) for id in documents or self.documents}

    def question_vectors(self, questions: Sequence[str]) -> Vectors:
        encoder = BagOfWordsEncoder()
        return np.array([encoder.encode_query(each).vector for each in questions], dtype=np.float32)

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = 5) -> tuple[Hit, ...]:
        return (Hit(NOTE_PASSAGE, 0.2),)

    def unread(self, text: str) -> str:
        return "This can’t be read here." if "ça" in text else ""


def _ranked(topic: str) -> tuple[ObjectiveMatch, ...]:
    vulnerabilities, services, security = OBJECTIVES
    return (
        ObjectiveMatch(vulnerabilities, "inferred", 0.84 if "child" in topic else 0.004, ("children",)),
        ObjectiveMatch(services, "inferred", 0.003),
        ObjectiveMatch(security, "inferred", 0.002),
    )


def answered(question: str, *, understood_as: str = "") -> Answer:
    """An answer with two passages, one of them of a digest."""
    start = NOTE_PASSAGE.text.index(CHILDREN)
    return Answer(
        question,
        understood_as or question,
        "answered",
        FakeAssistant.corpus_hash,
        answer=CHILDREN,
        probability=0.91,
        hits=(Hit(NOTE_PASSAGE, 0.713, ((start, start + len(CHILDREN)),)), Hit(DIGEST_PASSAGE, 0.4)),
        objectives=(ObjectiveMatch(OBJECTIVES[0], "stated", 1.0, ("GCM objective 7",)),),
    )


def summarised(question: str) -> Answer:
    """An answer that only a digest gives."""
    start = DIGEST_PASSAGE.text.index("The crisis")
    hit = Hit(DIGEST_PASSAGE, 0.5, ((start, len(DIGEST_PASSAGE.text)),))
    return Answer(question, question, "answered", FakeAssistant.corpus_hash, hits=(hit,))


def not_in_documents(question: str) -> Answer:
    """A refusal that places its topic."""
    return Answer(
        question,
        question,
        "not_in_documents",
        FakeAssistant.corpus_hash,
        probability=0.12,
        nearest=(Hit(NOTE_PASSAGE, 0.2),),
        objectives=(
            ObjectiveMatch(OBJECTIVES[2], "inferred", 0.86),
            ObjectiveMatch(OBJECTIVES[0], "inferred", 0.07),
            ObjectiveMatch(OBJECTIVES[1], "inferred", 0.004),
        ),
    )
