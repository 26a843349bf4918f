"""Documents -> an index: read, cut, tagged, encoded, kept; and only as much of it as has changed.

Here, and in `pipeline`, the encoder meets the passages and the index.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.answering import Judges, calibrated
from assistant.documents import (
    OBJECTIVES_FILE,
    TRANSLATED_FILE,
    Corpus,
    context_of,
    fingerprint,
    read_corpus,
    split_document,
)
from assistant.encoding import (
    CachedEncodings,
    Encoder,
    EncodingCache,
    Identity,
    QueryRuntime,
    TokenVectors,
    Vectors,
    convert_encoder,
    open_runtime,
    texts_to_compare,
)
from assistant.errors import DamagedIndexError
from assistant.index import MultilingualVectors, Origin, PassageIndex, indexed, load_index, locked, save_index
from assistant.language import ENGLISH, quotable_spans, word_count
from assistant.objectives import (
    LIKELY,
    SUREST,
    MultilingualClassifier,
    ObjectiveClassifier,
    ObjectivesTable,
    multilingual_examples,
    pretrained,
    read_objectives,
    read_translated,
    term_array,
    with_stated_tags,
)
from assistant.records import Passage, Progress, ReportProgress, Span, Tag, Translated
from assistant.retrieval import Finders
from assistant.settings import Settings

_logger = logging.getLogger("assistant")
# Serves a corpus folder that brings no table of its own.
_OWN_OBJECTIVES = Path(__file__).resolve().parents[2] / "corpus" / OBJECTIVES_FILE
_BLOCK = 2048  # passages whose words are counted at once; bounds the memory that it takes


def corpus_state(folder: Path) -> tuple[str, str]:
    """Name the state of a corpus: its fingerprint, the table of objectives included, and the sha256 of that table.

    Raises:
        CorpusError: There is no such folder.
    """
    table = _objectives_file(folder)
    digest = hashlib.sha256(table.read_bytes()).hexdigest() if table.is_file() else ""
    return fingerprint(folder, tables=[table]), digest


def translated_file(folder: Path) -> Path:
    """Return the file of the objectives' titles and terms in other languages that serves a corpus."""
    own = folder / TRANSLATED_FILE
    return own if own.is_file() else _OWN_OBJECTIVES.with_name(TRANSLATED_FILE)


def refresh_index(
    settings: Settings,
    origin: Origin,
    load: Callable[[], Encoder],
    *,
    second: Encoder | None = None,
    build: Callable[[], str] | None = None,
    report: ReportProgress,
) -> Finders:
    """Load the index of a corpus, or build it where it is missing, stale or damaged.

    Args:
        settings: The folders.
        origin: The corpus's present state, and the encoder.
        load: Loads the encoder; called for a build, and where it has to answer itself.
        second: The encoder that reads other languages, if there is one.
        build: Has it built elsewhere, and returns which state of the corpus was found there; None: it is built here.

    Raises:
        CorpusError: The documents can't be used.
        EncoderError: The encoder can't be loaded.
        IndexingError: The index can't be written.
    """
    index_folder = settings.index
    found, reason = _fresh_index(index_folder, origin)
    if reason and build:
        found = None
        # The documents may change meanwhile: that is for whoever looks after them, and no reason to build it here too.
        found, reason = _fresh_index(index_folder, replace(origin, corpus=build()))
    if found and not reason:
        return Finders(found, _runtime(found, load), second)
    found = None  # another process may replace it meanwhile, and two would be twice the memory

    def say_waiting() -> None:
        _logger.warning("%s: another build of the index is running; waiting for it.", index_folder)

    with locked(index_folder, on_wait=say_waiting):
        found, reason = _fresh_index(index_folder, origin)
        if found and not reason:
            return Finders(found, _runtime(found, load), second)
        _logger.info("%s Building it.", reason)
        built = build_index(
            settings.corpus, load(), origin, old=found, second=second, report=report, folder=index_folder
        )
        save_index(built.index, index_folder)
        return built


def build_index(
    corpus_folder: Path,
    encoder: Encoder,
    origin: Origin,
    *,
    old: PassageIndex | None,
    second: Encoder | None = None,
    report: ReportProgress,
    folder: Path | None = None,
) -> Finders:
    """Build the index of a corpus.

    Args:
        old: An index of the same encoder, from which what hasn't changed is taken.
        second: The encoder that reads other languages, if there is one.
        folder: Where what doesn't fit into memory lies meanwhile; the caller holds its lock. None: all in memory.

    Raises:
        CorpusError: The documents can't be used.
    """
    table = read_objectives(_objectives_file(corpus_folder))
    read = read_corpus(
        corpus_folder,
        known=old.documents if old else (),
        report=lambda done, total: report(Progress("reading", done, total)),
    )
    for problem in read.problems:
        _logger.warning("%s", problem)

    passages = _stated(read, table)
    # A passage of headings alone is quoted whole.
    sentences = [quotable_spans(passage.text, passage.body) or ((0, len(passage.text)),) for passage in passages]
    whole = [context_of(passage) for passage in passages]
    parts = _sentence_texts(passages, sentences)
    cache = EncodingCache(encoder, folder=folder)
    _lay_out(old, cache)
    _encode_missing(whole, parts, cache, report)
    vectors = cache.vectors(whole)
    tokens = cache.tokens(whole)
    classifier = _classifier(table, origin, old, cache, report)
    compared = texts_to_compare(whole)
    network = convert_encoder(
        encoder,
        compared,
        known=old.network if old else None,
        vectors=cache.vectors(compared),
        tokens=cache.tokens(compared),
        passages=vectors,
    )
    probabilities = np.concatenate(
        [
            classifier.objective_probabilities(whole[first : first + _BLOCK], vectors[first : first + _BLOCK])
            for first in _firsts(whole)
        ]
    )
    # What was learned from English examples says nothing of another language.
    probabilities[[passage.source.language != ENGLISH for passage in passages]] = 0
    multilingual = None
    if second is not None:
        before = old.second if old and old.second and old.second.sha256 == origin.second_sha256 else None
        known = _known_multilingual(old, before) if old and before else {}
        passage_vectors, sentence_vectors = _multilingual_vectors(second, whole, parts, known=known, report=report)
        translated = read_translated(translated_file(corpus_folder))
        learned = (
            before.learned
            if before
            else _learned_multilingual(second, origin, table=table, translated=translated, cache=cache, report=report)
        )
        multilingual = MultilingualVectors(
            second.identity.name, origin.second_sha256, passage_vectors, sentence_vectors, learned
        )
    built = PassageIndex.build(
        origin,
        sources=read.sources,
        documents=read.documents,
        passages=_inferred(passages, classifier, probabilities, _suggested(old, origin)),
        sentences=sentences,
        vectors=vectors,
        sentence_vectors=cache.vectors(parts),
        tokens=tokens,
        sentence_tokens=_sentence_tokens(passages, sentences, whole, tokens),
        objective_probabilities=probabilities,
        objectives=table.objectives,
        classifier=classifier.arrays(),
        lexical=indexed(whole),
        problems=read.problems,
        network=network,
        second=multilingual,
    )
    # The encoder that answers is also the one that is probed.
    finders = Finders(built, _runtime(built, lambda: encoder), second)
    finders.index = calibrated(built, Judges(finders).of(finders.english))
    return finders


def _runtime(index: PassageIndex, load: Callable[[], Encoder]) -> QueryRuntime:
    return open_runtime(index.network, load, Identity(index.origin.encoder, index.origin.encoder_sha256))


def _firsts(texts: Sequence[str]) -> range:
    return range(0, len(texts), _BLOCK)


def _objectives_file(corpus_folder: Path) -> Path:
    own = corpus_folder / OBJECTIVES_FILE
    return own if own.is_file() else _OWN_OBJECTIVES


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
    if found.origin.answerability != origin.answerability:
        return found, f"{folder}: the weights that tell what is answered have changed since the index was built."
    if origin.second_sha256 not in ("", found.origin.second_sha256):
        return found, f"{folder}: the index doesn't read the languages that this program can."
    return found, ""


# Tags ----------------------------------------------------------------------------------------------------------------


def _stated(read: Corpus, table: ObjectivesTable) -> list[Passage]:
    return [
        passage
        for document in read.documents
        for passage in with_stated_tags(document, split_document(document), table.objectives)
    ]


_Suggested = dict[tuple[str, bytes], tuple[Tag, ...]]  # the inferred tags of a text with these chances


def _suggested(old: PassageIndex | None, origin: Origin) -> _Suggested:
    """Note the tags that were inferred before, of the same table; finding the words that decided takes its time."""
    if old is None or old.origin.table != origin.table:
        return {}
    return {
        (passage.text, probabilities.tobytes()): tuple(tag for tag in passage.tags if tag.basis == "inferred")
        for passage, probabilities in zip(old.passages, old.objective_probabilities, strict=True)
    }


def _inferred(
    passages: Sequence[Passage], classifier: ObjectiveClassifier, probabilities: Vectors, suggested: _Suggested
) -> list[Passage]:
    """Add the tags that the texts suggest to those that they state."""
    tagged = []
    for passage, row in zip(passages, probabilities, strict=True):
        stated = {tag.number for tag in passage.tags}
        added = suggested.get((passage.text, row.tobytes()))
        if added is None:
            added = _suggest(passage, classifier, row)
        tagged.append(replace(passage, tags=(*passage.tags, *(tag for tag in added if tag.number not in stated))))
    return tagged


def _suggest(passage: Passage, classifier: ObjectiveClassifier, probabilities: Vectors) -> tuple[Tag, ...]:
    confidence = classifier.by_number(probabilities)
    likely = sorted((number for number in confidence if confidence[number] >= LIKELY), key=confidence.__getitem__)
    return tuple(
        Tag(
            number,
            "inferred",
            round(min(confidence[number], SUREST), 3),
            ", ".join(classifier.explain(passage.text, number)),
        )
        for number in reversed(likely)
    )


def _classifier(
    table: ObjectivesTable,
    origin: Origin,
    old: PassageIndex | None,
    cache: EncodingCache,
    report: ReportProgress,
) -> ObjectiveClassifier:
    """Learn from the table's examples, unless that was done before, or ships."""
    if old is not None and old.origin.table == origin.table:
        return ObjectiveClassifier.from_arrays(old.classifier)
    if arrays := pretrained().classifier_for(origin.encoder_sha256, origin.table):
        return ObjectiveClassifier.from_arrays(arrays)
    texts = [example.text for example in table.examples]
    total = len(set(texts))
    cache.encode(texts, with_tokens=False, report=lambda done: report(Progress("learning", done, total)))
    return ObjectiveClassifier.fit(table.examples, cache.vectors(texts))


# Vectors -------------------------------------------------------------------------------------------------------------


def _lay_out(old: PassageIndex | None, cache: EncodingCache) -> None:
    """Take what an older index knows of each text, so that only what changed is encoded again."""
    if old is not None:
        cache.add(_sentence_texts(old.passages, old.sentences), CachedEncodings(old.sentence_vectors))
        cache.add(map(context_of, old.passages), CachedEncodings(old.all_vectors(), old.tokens))


def _encode_missing(whole: Sequence[str], parts: Sequence[str], cache: EncodingCache, report: ReportProgress) -> None:
    """Encode the texts of passages, then those of sentences."""
    first, total = len(set(whole)), len({*whole, *parts})
    cache.encode(whole, with_tokens=True, report=lambda done: report(Progress("encoding", done, total)))
    others = set(parts).difference(whole)
    cache.encode(others, with_tokens=False, report=lambda done: report(Progress("encoding", first + done, total)))


def _known_multilingual(old: PassageIndex, vectors: MultilingualVectors) -> dict[str, Vectors]:
    """Return the vectors of an older index by their texts."""
    known = dict(zip(map(context_of, old.passages), vectors.passages, strict=True))
    return known | dict(zip(_sentence_texts(old.passages, old.sentences), vectors.sentences, strict=True))


def _multilingual_vectors(
    encoder: Encoder, whole: Sequence[str], parts: Sequence[str], *, known: dict[str, Vectors], report: ReportProgress
) -> tuple[Vectors, Vectors]:
    """Return the vectors of passages and of sentences; a known text isn't encoded again."""
    missing = [text for text in dict.fromkeys((*whole, *parts)) if text not in known]

    def report_encoded(done: int) -> None:
        report(Progress("languages", done, len(missing)))

    if missing:
        known |= dict(zip(missing, encoder.encode_passages(missing, report=report_encoded).vectors, strict=True))
    return (
        np.array([known[text] for text in whole], dtype=np.float32),
        np.array([known[text] for text in parts], dtype=np.float32),
    )


def _learned_multilingual(
    encoder: Encoder,
    origin: Origin,
    *,
    table: ObjectivesTable,
    translated: Sequence[Translated],
    cache: EncodingCache,
    report: ReportProgress,
) -> Mapping[str, npt.NDArray[Any]]:
    """Return the arrays of the classifier for other languages: those that ship where they fit, else learned here."""
    if shipped := pretrained().second_for(origin.encoder_sha256, origin.second_sha256):
        return {"terms": term_array(translated), **shipped}
    examples = multilingual_examples(table.examples, translated)
    classifier = MultilingualClassifier.fit(
        encoder,
        examples,
        english=partial(_vectors_of, cache),
        report=lambda done: report(Progress("learning", done, len(examples))),
    )
    return classifier.arrays()


def _vectors_of(cache: EncodingCache, texts: Sequence[str]) -> Vectors:
    """The first encoder's vectors of some texts."""
    cache.encode(texts, with_tokens=False, report=lambda _: None)
    return cache.vectors(texts)


def _sentence_texts(passages: Sequence[Passage], sentences: Sequence[Sequence[Span]]) -> list[str]:
    return [passage.text[start:end] for passage, spans in zip(passages, sentences, strict=True) for start, end in spans]


def _sentence_tokens(
    passages: Sequence[Passage], sentences: Sequence[Sequence[Span]], whole: Sequence[str], tokens: TokenVectors
) -> npt.NDArray[np.int64]:
    """Find the first token of each sentence; the words of a passage are the last of those that it is found by."""
    firsts = []
    for row, (passage, spans, text) in enumerate(zip(passages, sentences, whole, strict=True)):
        before = word_count(text) - word_count(passage.text[passage.body :])
        for start, _ in spans:
            # Headings that make a passage alone are its only sentence.
            word = before + word_count(passage.text[passage.body : start]) if start >= passage.body else 0
            firsts.append(tokens.first_of_word(row, word))
    return np.array(firsts, dtype=np.int64)
