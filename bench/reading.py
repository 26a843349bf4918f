"""The questions that the reader learns from, each beside the passages of its document that answer it.

Three sources: the made-up documents of bench/documents; gold questions that fits may use; and, named on the command
line, a folder of public texts with a file of questions ("doc", "question", "kind", "evidence"). Documents whose
questions are for testing can't be read from here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents import context_of, read_corpus, split_document
from assistant.encoding import SentenceEncoder
from assistant.evaluation import evidence_of, folded, holds_evidence, read_gold, relevant_passages
from assistant.index import LexicalIndex
from assistant.language import content_words, sentence_spans, stems_of
from assistant.records import Document, Passage
from bench.gold import MADE_UP, ROOT, TEXTS, read_questions

MADE = ROOT / "bench" / "documents"
# The formal document is left out whole, so that it can be measured on.
GOLD_OF = {"ask": "", "note": "", "refuse": "", "plan": MADE_UP["plan"], "briefing": MADE_UP["briefing"]}
# Documents that the reader isn't taught on, by id: what judges it is fitted on them.
LEFT_OUT = frozenset(
    "delegates return_reintegration skills_evaluation forum a_79_750 a_hrc_res_57_14 e_cn-9_2006_2 a_res_75_158".split()
)
SAME = 0.5  # share of common words from which on an unmarked passage may answer as well as a marked one
LEXICAL = 0.5  # weight of shared words beside the cosine, when neighbours are looked for
NEIGHBOURS = 12  # passages that are looked at for a question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a document.

    Attributes:
        document: The document's name.
        contexts: What is read of each of its passages.
        right: Numbers of the passages that answer; none for a near miss.
        near: Numbers of the passages that come nearest and don't answer, nearest first.
        cut: What is left of answering passages without the sentences that answer, where something is.
        sentences: For answering passages one sentence of which answers: this one, then the others, as they are read.
    """

    document: str
    question: str
    contexts: Sequence[str]
    right: tuple[int, ...]
    near: tuple[int, ...]
    cut: tuple[str, ...] = ()
    sentences: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it was written: the words that answer it, or the passages' ids."""

    question: str
    evidence: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()


def read_made(folder: Path = MADE) -> Iterator[tuple[Document, list[Row]]]:
    """Read the made-up documents of a folder, each with its questions."""
    for document in read_corpus(folder).documents if any(folder.glob("*.txt")) else ():
        path = folder / f"{Path(document.source.file).stem}.jsonl"
        if path.is_file():
            yield document, list(rows_of(read_gold(path)))


def read_public(texts: Path, questions: Path) -> Iterator[tuple[Document, list[Row]]]:
    """Read public documents with their questions."""
    lines = read_gold(questions)
    for document in read_corpus(texts).documents:
        stem = Path(document.source.file).stem
        yield document, list(rows_of(line for line in lines if line["doc"] == stem))


def rows_of(lines: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Read questions; those without evidence are near misses."""
    for line in lines:
        yield Row(line["question"], tuple(evidence_of(line)) if line.get("kind") != "near_miss" else ())


def read_fit() -> Iterator[tuple[Document, Sequence[Document], list[Row]]]:
    """Read the gold questions that fits may use, with all documents that they are asked of."""
    shipped = read_corpus(ROOT / "corpus").documents
    made_up = {document.id: document for document in read_corpus(TEXTS).documents}
    for name, text in GOLD_OF.items():
        documents = (made_up[text],) if text else shipped
        passages = [passage for document in documents for passage in split_document(document)]
        rows = []
        for line in read_questions(name, "fit"):
            ids = relevant_passages(passages, line)
            if ids or not (line.get("expected") or line.get("locators")):
                rows.append(Row(line["question"], tuple(evidence_of(line)), ids))
        yield documents[0], documents, rows


class Marker:
    """Marks which passages answer, and finds those that come nearest."""

    def __init__(self) -> None:
        """Load the encoder that finds neighbours."""
        self._encoder = SentenceEncoder()

    def asked(self, documents: Sequence[Document], rows: Sequence[Row], name: str) -> Iterator[Asked]:
        """Yield the questions of some documents; those whose evidence no passage holds are left out."""
        passages = [passage for document in documents for passage in split_document(document)]
        contexts = [context_of(passage) for passage in passages]
        texts = [folded(passage.text) for passage in passages]
        vectors = self._encoder.encode_passages(contexts).vectors
        asked_for = self._encoder.encode_passages([row.question for row in rows]).vectors
        words = LexicalIndex.of(contexts)
        stems = [set(stems_of(context)) for context in contexts]
        for row, vector in zip(rows, asked_for, strict=True):
            right = tuple(at for at, passage in enumerate(passages) if passage.id in row.ids)
            right = right or tuple(at for at, text in enumerate(texts) if holds_evidence(text, row.evidence))
            if not right and (row.evidence or row.ids):
                continue
            scores = vectors @ vector + LEXICAL * words.scores(tuple(content_words(row.question)))
            alike = {at for at in range(len(passages)) for one in right if share(stems[at], stems[one]) >= SAME}
            ranked = [at for at in np.argsort(-scores).tolist() if at not in alike and at not in right]
            cut = tuple(filter(None, (without(passages[at], row.evidence) for at in right)))
            sentences = tuple(filter(None, (apart(passages[at], row.evidence) for at in right)))
            yield Asked(name, row.question, contexts, right, tuple(ranked[:NEIGHBOURS]), cut, sentences)


def share(one: Set[str], two: Set[str]) -> float:
    """Return the Jaccard index of two sets."""
    return len(one & two) / max(1, len(one | two))


def without(passage: Passage, evidence: Sequence[str]) -> str:
    """Return what a reader gets of a passage without the sentences that hold evidence; nothing if little is left."""
    sentences = sentences_of(passage)
    kept = [each for each in sentences if not holds_evidence(folded(each), evidence)]
    if not kept or len(kept) == len(sentences) or sum(len(each.split()) for each in kept) < 8:
        return ""
    return in_context(passage, *kept)


def apart(passage: Passage, evidence: Sequence[str]) -> tuple[str, ...]:
    """Return what a reader gets of each sentence alone, the one that holds the evidence first; else nothing."""
    sentences = sentences_of(passage)
    answering = [each for each in sentences if evidence and holds_evidence(folded(each), evidence)]
    if len(answering) != 1 or len(sentences) == 1:
        return ()
    others = [each for each in sentences if each != answering[0]]
    return tuple(in_context(passage, each) for each in (answering[0], *others))


def sentences_of(passage: Passage) -> list[str]:
    """Return the sentences of a passage's own text."""
    own = passage.text[passage.body :]
    return [own[start:end] for start, end in sentence_spans(own)]


def in_context(passage: Passage, *sentences: str) -> str:
    """Return sentences of a passage as a reader gets them, below its heading and lead."""
    return context_of(replace(passage, text=" ".join(sentences), body=0))
