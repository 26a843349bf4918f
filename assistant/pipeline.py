"""The journeys: from documents to an index, and from a question to its answer.

Here, and only here, the encoder meets the passages and the index.
"""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from assistant.answer import NEAREST, compose, is_question
from assistant.conversation import Understood, understand
from assistant.corpus import OBJECTIVES_FILE, fingerprint, read_corpus
from assistant.embeddings import Encoder, SentenceEncoder, Vectors
from assistant.errors import DamagedIndexError, IndexingError, InputError
from assistant.index import Origin, PassageIndex, TokenVectors, load_index, locked, save_index
from assistant.lexical import LexicalIndex
from assistant.objectives import read_objectives, with_stated_tags
from assistant.passages import split_document
from assistant.queries import QueryMender, defined_acronyms
from assistant.records import Answer, Document, Objective, Passage, Progress, ReportProgress, Source, Span
from assistant.search import Candidate, Reading, search
from assistant.sentences import quotable_spans
from assistant.settings import DEFAULT_TOP_K, MAX_TOP_K

_logger = logging.getLogger("assistant")
# Serves a corpus folder that brings no table of its own.
_OWN_OBJECTIVES = Path(__file__).resolve().parent.parent / "corpus" / OBJECTIVES_FILE
_MAX_QUESTION = 2000  # characters; the model reads about half as many


def _unreported(progress: Progress) -> None:
    """Where nobody watches."""


class Assistant:
    """Answers questions from the documents of one corpus; safe to share between threads."""

    def __init__(self, passage_index: PassageIndex, encoder: Encoder, table: Sequence[Objective]) -> None:
        """Put an index and the encoder that it was made with together; `Assistant.open` is the usual way."""
        self._index = passage_index
        self._lexical = LexicalIndex([context_of(passage) for passage in passage_index.passages])
        self._mender = QueryMender(
            holds=self._lexical.holds,
            knows=encoder.knows,
            corrected=self._lexical.corrected,
            acronyms=defined_acronyms(document.text for document in passage_index.documents),
        )
        self._encoder = encoder
        self.objectives: tuple[Objective, ...] = tuple(table)
        self.documents: Mapping[str, Document] = MappingProxyType(
            {document.id: document for document in passage_index.documents}
        )
        self.sources: tuple[Source, ...] = passage_index.sources
        self.passages: tuple[Passage, ...] = passage_index.passages
        self.problems: tuple[str, ...] = passage_index.problems

    @property
    def corpus_hash(self) -> str:
        """Names the documents that answers come from: "sha256:…"."""
        return self._index.origin.corpus

    @classmethod
    def open(
        cls,
        corpus: str | Path = "corpus",
        index: str | Path = "index",
        *,
        model: str = "",
        encoder: Encoder | None = None,
        report: ReportProgress = _unreported,
    ) -> "Assistant":
        """Open a corpus, building or refreshing its index if it is missing, stale or damaged.

        Args:
            corpus: Folder of the documents.
            index: Folder of the generated index.
            model: A sentence-transformers folder or id; empty for the packaged MiniLM.
            encoder: An encoder to use instead of loading `model`.
            report: Called as a build goes on.

        Raises:
            CorpusError: The documents can't be used.
            EncoderError: The model can't be used.
        """
        folder = Path(corpus)
        state = _state(folder)  # first, since a wrong folder is known at once and a model takes seconds
        table = read_objectives(_objectives_file(folder))
        encoder = encoder or SentenceEncoder(model)
        try:
            opened = refresh_index(folder, Path(index), encoder, table, state=state, report=report)
        except IndexingError as error:
            # Nowhere to keep it is no reason not to answer.
            _logger.warning("%s Answering without keeping an index.", error)
            opened = _built(
                folder, encoder, table, Origin(encoder.name, encoder.sha256, state), old=None, report=report
            )
        return cls(opened, encoder, table)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        objectives: Collection[int] = (),
        top_k: int = DEFAULT_TOP_K,
        id: object = None,
    ) -> Answer:
        """Answer a question with the documents' own words.

        Args:
            question: In words; what goes beyond 2,000 characters isn't read.
            history: The earlier questions of the conversation, oldest first.
            objectives: Only passages with one of these tags; empty for all.
            top_k: Passages at the most, 1 to 20.
            id: The caller's own name for the question, echoed.

        Raises:
            InputError: `objectives` or `top_k` is out of range.
        """
        started = time.perf_counter()
        if not set(objectives) <= {objective.number for objective in self.objectives}:
            raise InputError(
                f"objectives: {sorted(objectives)} has a number that isn't from 1 to {len(self.objectives)}."
            )
        if not 1 <= top_k <= MAX_TOP_K:
            raise InputError(f"top_k: {top_k} isn't from 1 to {MAX_TOP_K}.")

        understood = understand(question[:_MAX_QUESTION].strip(), [earlier[:_MAX_QUESTION] for earlier in history])
        candidates = self._candidates(understood, objectives, max(top_k, NEAREST)) if is_question(question) else []
        composed = compose(
            question, understood.text, candidates, corpus=self.corpus_hash, objectives=self.objectives, top_k=top_k
        )
        return replace(composed, id=id, elapsed_ms=round((time.perf_counter() - started) * 1000, 2))

    def _candidates(self, understood: Understood, objectives: Collection[int], count: int) -> list[Candidate]:
        readings = [Reading(self._mender.mended(text), weight) for text, weight in understood.readings]
        return search(readings, self._index, self._lexical, self._encoder, top_k=count, objectives=objectives)


def build_index(corpus: Path, index: Path, *, model: str = "", report: ReportProgress = _unreported) -> Assistant:
    """Build or refresh an index, and open it.

    Raises:
        CorpusError: The documents can't be used.
        EncoderError: The model can't be used.
        IndexingError: The index can't be written.
    """
    state = _state(corpus)
    table = read_objectives(_objectives_file(corpus))
    encoder = SentenceEncoder(model)
    return Assistant(refresh_index(corpus, index, encoder, table, state=state, report=report), encoder, table)


# Building ------------------------------------------------------------------------------------------------------------


def refresh_index(
    corpus_folder: Path,
    index_folder: Path,
    encoder: Encoder,
    table: Sequence[Objective],
    *,
    state: str,
    report: ReportProgress = _unreported,
) -> PassageIndex:
    """Load the index of a corpus, or build it where it is missing, stale or damaged.

    Args:
        state: The corpus's fingerprint.

    Raises:
        CorpusError: The documents can't be used.
        IndexingError: The index can't be written.
    """
    origin = Origin(encoder.name, encoder.sha256, state)
    found, reason = _fresh_index(index_folder, origin)
    if found and not reason:
        return found
    with locked(
        index_folder, on_wait=lambda: _logger.warning("Another build of %s is running; waiting for it.", index_folder)
    ):
        found, reason = _fresh_index(index_folder, origin)  # another process may have built it meanwhile
        if found and not reason:
            return found
        _logger.info("%s Building it.", reason)
        built = _built(corpus_folder, encoder, table, origin, old=found, report=report)
        save_index(built, index_folder)
        return built


def _state(corpus_folder: Path) -> str:
    return fingerprint(corpus_folder, tables=[_objectives_file(corpus_folder)])


def _fresh_index(folder: Path, origin: Origin) -> tuple[PassageIndex | None, str]:
    """Load the index that is there, with the reason why it can't serve as it is, if any."""
    try:
        found = load_index(folder)
    except DamagedIndexError as error:
        return None, str(error)
    if found.origin.encoder_sha256 != origin.encoder_sha256:
        return None, f"{folder}: the index was made with another model ({found.origin.encoder})."
    if found.origin.corpus != origin.corpus:
        return found, f"{folder}: the documents have changed since the index was built."
    return found, ""


def _objectives_file(corpus_folder: Path) -> Path:
    own = corpus_folder / OBJECTIVES_FILE
    return own if own.is_file() else _OWN_OBJECTIVES


def _built(
    corpus_folder: Path,
    encoder: Encoder,
    table: Sequence[Objective],
    origin: Origin,
    *,
    old: PassageIndex | None,
    report: ReportProgress,
) -> PassageIndex:
    read = read_corpus(corpus_folder, report=lambda done, total: report(Progress("reading", done, total)))
    for problem in read.problems:
        _logger.warning("%s", problem)
    cut = [
        passage
        for document in read.documents
        for passage in with_stated_tags(document, split_document(document), table)
    ]
    sentences = [quotable_spans(passage.text, passage.body) for passage in cut]
    whole = [context_of(passage) for passage in cut]
    parts = _sentence_texts(cut, sentences)
    encoded = _encoded(whole, parts, encoder, _known(old), report)
    return PassageIndex.build(
        origin,
        sources=read.sources,
        documents=read.documents,
        passages=cut,
        sentences=sentences,
        vectors=np.stack([encoded[text][0] for text in whole]),
        sentence_vectors=np.stack([encoded[text][0] for text in parts]),
        tokens=TokenVectors.joined([tokens for text in whole if (tokens := encoded[text][1]) is not None]),
        problems=read.problems,
    )


def context_of(passage: Passage) -> str:
    """The words by which a passage is found: its own, after its heading and what introduces it."""
    own = passage.text[passage.body :]
    return " ".join(" ".join(part for part in (passage.heading, passage.lead, own) if part).split())


_Encoded = tuple[Vectors, TokenVectors | None]  # of one text: its vector; its tokens, which sentences don't keep


def _known(old: PassageIndex | None) -> dict[str, _Encoded]:
    """What an older index knows of each text, so that only what changed is encoded again."""
    if old is None:
        return {}
    parts = _sentence_texts(old.passages, old.sentences)
    known: dict[str, _Encoded] = {
        text: (vector, None) for text, vector in zip(parts, old.sentence_vectors, strict=True)
    }
    for row, passage in enumerate(old.passages):
        known[context_of(passage)] = (old.vector(row), old.tokens.of(row))
    return known


def _encoded(
    whole: Sequence[str], parts: Sequence[str], encoder: Encoder, known: Mapping[str, _Encoded], report: ReportProgress
) -> dict[str, _Encoded]:
    """Encode the texts of passages and of sentences, or take what is known of them."""
    missing = {text for text in whole if known.get(text, (None, None))[1] is None}
    missing |= {text for text in parts if text not in known}
    total = len({*whole, *parts})
    report(Progress("encoding", total - len(missing), total))
    if not missing:
        return dict(known)
    texts = sorted(missing)
    fresh = encoder.encode(texts, report=lambda done: report(Progress("encoding", total - len(texts) + done, total)))
    tokens = TokenVectors.from_unit_rows(fresh.tokens, fresh.starts)
    return dict(known) | {text: (fresh.vectors[row], tokens.of(row)) for row, text in enumerate(texts)}


def _sentence_texts(passages: Sequence[Passage], sentences: Sequence[Sequence[Span]]) -> list[str]:
    return [passage.text[start:end] for passage, spans in zip(passages, sentences, strict=True) for start, end in spans]
