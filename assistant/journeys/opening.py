"""Open a corpus: load its build, or make one where it is missing, stale or damaged."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypedDict, Unpack

from assistant.answering import READ, UNREAD, Answerability, Judges, calibrated, scaled
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
from assistant.errors import DamagedIndexError, IndexingError
from assistant.index import locked, open_store
from assistant.journeys.building import Build, Builder, Origin, corpus_state, load_build, save_build, translated_file
from assistant.objectives import second_sha256
from assistant.records import ReportProgress
from assistant.retrieval import Finders, Reader
from assistant.settings import Settings

_logger = logging.getLogger("assistant")


@dataclass(frozen=True, slots=True)
class OpenCorpus:
    """A build, what searches it, and what judges what was found."""

    build: Build
    finders: Finders
    judges: Judges


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
    """Open a corpus, building or refreshing its index if it is missing, stale or damaged.

    Args:
        settings: The folders and the models.
        options: See `Options`.

    Raises:
        CorpusError: The documents can't be used.
        EncoderError: The model can't be used.
        IndexingError: The index can't be written, and must be.
    """
    encoder, multilingual, reader = options.get("encoder"), options.get("multilingual"), options.get("reader")
    # The documents first: a wrong folder is known at once, a model takes seconds.
    state, table = corpus_state(settings.corpus, ocr=settings.reading.ocr)
    identity = encoder.identity if encoder else identify(settings.model)
    other = multilingual or multilingual_encoder(settings.multilingual or (NO_ENCODER if encoder else ""))
    reader = reader or choose_cross_encoder(settings.reader or (NO_READER if encoder else ""))
    translated = translated_file(settings.corpus)
    other_sha256 = second_sha256(other, table.encode(), translated.read_bytes()) if other else ""
    origin = Origin(
        identity.name,
        identity.sha256,
        state,
        table,
        Answerability.read(READ if reader else UNREAD).sha256,
        reader.identity.name if reader else "",
        reader.identity.sha256 if reader else "",
        other_sha256,
    )

    @cache
    def load() -> Encoder:
        return encoder or SentenceEncoder(settings.model)

    opening = _Opening(settings, origin, load, reader, other, options.get("report", lambda _: None))
    try:
        return opening.open(options.get("build"))
    except IndexingError as error:
        if options.get("must_keep"):
            raise
        _logger.warning("%s Answering without keeping an index.", error)
        return opening.build(old=None, scratch=None)


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
            save_build(opened.build, folder)
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
            opened = self._opened(replace(build, reader_scale=scaled(build.passages, opened.finders.english)))
        point = calibrated(build.passages, opened.judges.of(opened.finders.english))
        return self._opened(replace(opened.build, operating_point=point))

    def _opened(self, build: Build) -> OpenCorpus:
        origin, multilingual = build.origin, build.multilingual
        runtime = open_runtime(build.network, self.load, Identity(origin.encoder, origin.encoder_sha256))
        store = open_store(
            self.settings.store, build.passages, build.words, multilingual.vectors if multilingual else None
        )
        finders = Finders(
            store,
            runtime,
            build.classifier,
            build.corpus.documents,
            reader=self._reader(build),
            encoder=self.multilingual,
            multilingual=multilingual.classifier if multilingual else None,
        )
        return OpenCorpus(build, finders, Judges(finders, build.operating_point.threshold))

    def _reader(self, build: Build) -> Reader | None:
        return Reader(open_cross_encoder(build.reader, self.reader), build.reader_scale) if self.reader else None


def _load_fresh(folder: Path, origin: Origin) -> tuple[Build | None, str]:
    """Load the build that is there, with the reason why it can't serve as it is, if any."""
    try:
        found = load_build(folder)
    except DamagedIndexError as error:
        return None, str(error)
    old = found.origin
    if old.encoder_sha256 != origin.encoder_sha256:
        return None, f"{folder}: the index was made with another model ({old.encoder})."
    stale = {
        "the documents have changed since the index was built": old.corpus != origin.corpus,
        f"the index was made with another reader ({old.reader or 'none'})": old.reader_sha256 != origin.reader_sha256,
        "the weights that tell what is answered have changed since the index was built": old.answerability
        != origin.answerability,
        "the index doesn't read the languages that this program can": origin.second_sha256
        not in ("", old.second_sha256),
    }
    reason = next((reason for reason, is_so in stale.items() if is_so), "")
    return found, f"{folder}: {reason}." if reason else ""
