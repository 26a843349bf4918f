"""Open a corpus: load its build, or make one where it is missing, stale or damaged."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict, Unpack

from assistant.answering import READ, UNREAD, Answerability, Judges, calibrated, scaled
from assistant.documents import Corpus
from assistant.encoding import (
    NO_ENCODER,
    NO_READER,
    CrossEncoder,
    Encoder,
    Identity,
    SentenceEncoder,
    choose_cross_encoder,
    identify,
    multilingual_encoder,
    open_cross_encoder,
    open_runtime,
)
from assistant.errors import DamagedIndexError, IndexingError, StoreError
from assistant.index import (
    Contents,
    LocalStore,
    Part,
    Store,
    Written,
    corpus_arrays,
    locked,
    read_corpus_arrays,
    repository_at,
)
from assistant.journeys.building import (
    Build,
    Builder,
    Models,
    Origin,
    about,
    corpus_state,
    load_build,
    parts_of,
    read_models,
    save_build,
    translated_file,
)
from assistant.objectives import second_sha256
from assistant.records import Document, Passage, ReportProgress, Source
from assistant.retrieval import Finders, OwnTerms, Reader, defined_acronyms
from assistant.settings import Settings

_logger = logging.getLogger("assistant")


@dataclass(frozen=True, slots=True)
class OpenCorpus:
    """A corpus that is open, with all that answers questions on it.

    Attributes:
        models: The build itself, where it was opened from files.
        documents: Those with text, by id.
        sources: All of them, links without text included.
        passages: All of them, in order.
        problems: A line for each file that couldn't be read.
    """

    models: Models
    finders: Finders
    judges: Judges
    documents: Mapping[str, Document]
    sources: tuple[Source, ...]
    passages: Sequence[Passage]
    problems: tuple[str, ...]


class Options(TypedDict, total=False):
    """Options of `open_corpus`.

    Attributes:
        encoder: An encoder to use instead of loading the model. Questions are then read in English alone, unless
            `multilingual` or the settings name what reads other languages, and nothing reads passages, unless `reader`
            or the settings do.
        reader: A cross-encoder to use instead of loading one.
        multilingual: An encoder for questions in other languages, to use instead of loading one.
        report: Called as a build goes on.
        must_keep: Whether to fail where the index can't be written, rather than answer without keeping one.
        build: Builds the index elsewhere, as `build_apart` does, and returns the hash of the documents found there;
            without it the index is built in this process.
    """

    encoder: Encoder | None
    reader: CrossEncoder | None
    multilingual: Encoder | None
    report: ReportProgress
    must_keep: bool
    build: Callable[[], str] | None


def open_corpus(settings: Settings, **options: Unpack[Options]) -> OpenCorpus:
    """Open a corpus, building or refreshing its index if it is missing, stale or damaged; what a store keeps, as it is.

    Args:
        settings: The folders and the models.
        options: See `Options`.

    Raises:
        CorpusError: The documents can't be used.
        EncoderError: The model can't be used.
        IndexingError: The index can't be written, and must be.
        StoreError: The store can't be reached, or holds what this program can't read.
    """
    if settings.store:
        return open_published(settings, **options)
    # The documents first: a wrong folder is known at once, a model takes seconds.
    state, table = corpus_state(settings.corpus, ocr=settings.reading.ocr)
    opening = _opening(settings, options, corpus=state, table=table)
    try:
        return opening.open(options.get("build"))
    except IndexingError as error:
        if options.get("must_keep"):
            raise
        _logger.warning("%s Answering without keeping an index.", error)
        return opening.build(old=None, scratch=None)


def _opening(settings: Settings, options: Options, *, corpus: str, table: str) -> "_Opening":
    """Choose the models, without loading them."""
    encoder, multilingual, reader = options.get("encoder"), options.get("multilingual"), options.get("reader")
    identity = encoder.identity if encoder else identify(settings.model)
    other = multilingual or multilingual_encoder(settings.multilingual or (NO_ENCODER if encoder else ""))
    reader = reader or choose_cross_encoder(settings.reader or (NO_READER if encoder else ""))
    translated = translated_file(settings.corpus)
    other_sha256 = second_sha256(other, table.encode(), translated.read_bytes()) if other else ""
    origin = Origin(
        identity.name,
        identity.sha256,
        corpus,
        table,
        Answerability.read(READ if reader else UNREAD).sha256,
        reader.identity.name if reader else "",
        reader.identity.sha256 if reader else "",
        other_sha256,
    )

    @cache
    def load() -> Encoder:
        return encoder or SentenceEncoder(settings.model)

    return _Opening(settings, origin, load, reader, other, options.get("report", lambda _: None))


@dataclass(frozen=True, slots=True)
class _Opening:
    """The opening of one corpus.

    Attributes:
        origin: The corpus's present state, and the encoders.
        load: Loads the encoder: for a build, and where it has to answer itself.
        reader: Reads question and passage together, if anything does.
        multilingual: The encoder that reads other languages, if there is one.
    """

    settings: Settings
    origin: Origin
    load: Callable[[], Encoder]
    reader: CrossEncoder | None
    multilingual: Encoder | None
    report: ReportProgress

    def open(self, build_elsewhere: Callable[[], str] | None) -> OpenCorpus:
        """Load the build, or make one."""
        folder = self.settings.index
        found, reason = _load_fresh(folder, self.origin)
        if reason and build_elsewhere:
            found = None
            # Documents that change meanwhile are no reason to build in this process too: whoever watches them sees it.
            found, reason = _load_fresh(folder, replace(self.origin, corpus=build_elsewhere()))
        if found and not reason:
            return self._opened(found)
        found = None  # another process may replace it meanwhile, and two would be twice the memory

        def say_waiting() -> None:
            _logger.warning("%s: another build of the index is running; waiting for it.", folder)

        with locked(folder, on_wait=say_waiting):
            found, reason = _load_fresh(folder, self.origin)
            if found and not reason:
                return self._opened(found)
            _logger.info("%s Building it.", reason)
            opened = self.build(old=found, scratch=folder)
            if isinstance(opened.models, Build):
                save_build(opened.models, folder)
            return opened

    def build(self, *, old: Build | None, scratch: Path | None) -> OpenCorpus:
        """Make a build and find its operating point."""
        settings, encoder = self.settings, self.load()
        builder = Builder(
            settings.corpus,
            self.origin,
            encoder,
            self.reader,
            self.multilingual,
            old,
            self.report,
            scratch,
            settings.reading.ocr,
        )
        build = builder.build()
        # What answers is also what is probed: first how the reader's scores lie, then where questions are answered.
        opened = self._opened(build)
        if self.reader and settings.reader:  # ours is on the scale already
            build = replace(build, reader_scale=scaled(build.passages, opened.finders.english))
            opened = self._opened(build)
        point = calibrated(build.passages, opened.judges.of(opened.finders.english))
        judges = Judges(opened.finders, point.threshold)
        return replace(opened, models=replace(build, operating_point=point), judges=judges)

    def _opened(self, build: Build) -> OpenCorpus:
        store = LocalStore(build.passages, build.words, build.multilingual_vectors)
        finders = _finders(build, store, defined_acronyms(each.text for each in build.corpus.documents), self)
        return OpenCorpus(
            build,
            finders,
            Judges(finders, build.operating_point.threshold),
            MappingProxyType({each.id: each for each in build.corpus.documents}),
            build.corpus.sources,
            build.passages.passages,
            build.corpus.problems,
        )


def _finders(models: Models, store: Store, acronyms: Mapping[str, str], opening: "_Opening") -> Finders:
    origin, reader = models.origin, opening.reader
    own = OwnTerms(acronyms, models.steering.terms)
    return Finders(
        store,
        open_runtime(models.network, opening.load, Identity(origin.encoder, origin.encoder_sha256)),
        models.classifier,
        own,
        reader=Reader(open_cross_encoder(models.reader, reader), models.reader_scale) if reader else None,
        encoder=opening.multilingual,
        multilingual=models.multilingual,
    )


def _load_fresh(folder: Path, origin: Origin) -> tuple[Build | None, str]:
    """Load the build that is there, with the reason why it can't serve as it is, if any."""
    try:
        found = load_build(folder)
    except DamagedIndexError as error:
        return None, str(error)
    reason = _stale(found.origin, origin)
    is_usable = found.origin.encoder_sha256 == origin.encoder_sha256
    return found if is_usable else None, f"{folder}: {reason}." if reason else ""


def _stale(old: Origin, origin: Origin) -> str:
    """Return why a build can't serve as it is; empty where it can."""
    if old.encoder_sha256 != origin.encoder_sha256:
        return f"the index was made with another model ({old.encoder})"
    stale = {
        "the documents have changed since the index was built": old.corpus != origin.corpus,
        f"the index was made with another reader ({old.reader or 'none'})": old.reader_sha256 != origin.reader_sha256,
        "the weights that tell what is answered have changed since the index was built": old.answerability
        != origin.answerability,
        "the index doesn't read the languages that this program can": origin.second_sha256
        not in ("", old.second_sha256),
    }
    return next((reason for reason, is_so in stale.items() if is_so), "")


# In a store ----------------------------------------------------------------------------------------------------------


def publish(build: Build, settings: Settings) -> Written:
    """Keep a build in the store that settings name; only what changed is written.

    Raises:
        InputError: There is no such store.
        StoreError: It can't be reached, or doesn't allow it; what it held is unharmed.
    """
    acronyms = defined_acronyms(document.text for document in build.corpus.documents)
    parts = {
        **parts_of(build),
        "corpus": Part(corpus_arrays(Corpus((), build.corpus.sources, build.corpus.problems))),
        "acronyms": Part({}, acronyms),
    }
    other = multilingual_encoder(settings.multilingual) if build.multilingual else None
    told = {**about(build), "multilingual": other.identity.sha256 if other else ""}
    contents = Contents(build.corpus, build.passages, build.words, build.multilingual_vectors)
    return repository_at(settings.store).publish(told, parts, contents)


def open_published(settings: Settings, **options: Unpack[Options]) -> OpenCorpus:
    """Open what a store keeps, without files; nothing is built.

    Raises:
        StoreError: It can't be reached, or holds what this program can't read.
    """
    kept = repository_at(settings.store).open()
    try:
        models, corpus = read_models(kept.about, kept.parts), read_corpus_arrays(kept.parts["corpus"].arrays)
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError("The index was published by another version of this program; publish it again.") from error
    old = models.origin
    opening = _opening(settings, options, corpus=old.corpus, table=old.table)
    if reason := _stale(old, replace(opening.origin, second_sha256="")):
        raise StoreError(f"The store can't serve as it is: {reason}. Run: python -m assistant index")
    other = opening.multilingual
    if other and kept.about["multilingual"] != other.identity.sha256:
        opening = replace(opening, multilingual=None)  # its vectors would lie elsewhere
    finders = _finders(models, kept.store, kept.parts["acronyms"].facts, opening)
    judges = Judges(finders, models.operating_point.threshold)
    return OpenCorpus(models, finders, judges, kept.documents, corpus.sources, kept.passages, corpus.problems)
