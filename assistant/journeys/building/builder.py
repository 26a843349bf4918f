"""Build all that answers questions on a corpus: read, split, tag, encode, learn.

Only what has changed since an older build is made anew.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.answering import OperatingPoint
from assistant.documents import Corpus, passed_over, read_corpus
from assistant.encoding import (
    CrossEncoder,
    Encoder,
    EncodingCache,
    Network,
    OriginalCrossEncoder,
    PairNetwork,
    Vectors,
    convert_encoder,
    texts_to_compare,
)
from assistant.index import LexicalIndex, MultilingualVectors, PassageIndex, SearchableVectors
from assistant.journeys.building.build import Build, Origin
from assistant.journeys.building.corpus_state import objectives_file, translated_file
from assistant.journeys.building.steering import read_steering
from assistant.journeys.building.tagging import inferred_before, probabilities_of, split_corpus, with_inferred_tags
from assistant.journeys.building.texts import Texts, encode_multilingual, encode_texts, encode_whole, open_cache
from assistant.objectives import (
    MultilingualClassifier,
    ObjectiveClassifier,
    ObjectivesTable,
    multilingual_examples,
    pretrained,
    read_objectives,
    read_translated,
    term_array,
)
from assistant.records import Progress, ReportProgress
from assistant.retrieval import OWN_SCALE

_logger = logging.getLogger("assistant")


@dataclass(frozen=True, slots=True)
class Builder:
    """The making of one build, but for its operating point.

    Attributes:
        folder: Of the documents.
        origin: What the build is made from.
        encoder: Encodes passages, and questions in English.
        reader: Reads question and passage together; None where nothing does.
        multilingual: Encodes them for questions in other languages; None where only questions in English are read.
        old: A build of the same encoder, from which what hasn't changed is taken.
        report: Called as the build goes on.
        scratch: Folder where what doesn't fit into memory lies meanwhile, whose lock the caller holds; None: all in
            memory.
        ocr: Whether Tesseract reads pages that are pictures.
    """

    folder: Path
    origin: Origin
    encoder: Encoder
    reader: CrossEncoder | None
    multilingual: Encoder | None
    old: Build | None
    report: ReportProgress
    scratch: Path | None = None
    ocr: bool = False

    def build(self) -> Build:
        """Build.

        Raises:
            CorpusError: The documents can't be used.
        """
        table = read_objectives(objectives_file(self.folder))
        corpus = self._read()
        steering = read_steering(self.folder, corpus)  # what is wrong there is said before the long work
        texts = Texts.of(split_corpus(corpus, table.objectives))
        cache = open_cache(self.encoder, self.old.passages if self.old else None, folder=self.scratch)
        encode_texts(texts, cache, self.report)
        vectors, tokens = cache.vectors(texts.whole), cache.tokens(texts.whole)
        classifier = self._learn(table, cache)
        probabilities = probabilities_of(texts, vectors, classifier)
        known = inferred_before(self.old.passages) if self.old and self.old.origin.table == self.origin.table else {}
        other = self._read_languages(self.multilingual, texts, table, cache) if self.multilingual else (None, None)
        return Build(
            origin=self.origin,
            corpus=corpus,
            objectives=table.objectives,
            passages=PassageIndex(
                with_inferred_tags(texts.passages, probabilities, classifier, known=known),
                tuple(texts.spans),
                SearchableVectors.of(vectors),
                cache.vectors(texts.sentences),
                tokens,
                texts.sentence_tokens(tokens),
                probabilities,
            ),
            words=LexicalIndex.of(texts.whole),
            classifier=classifier,
            operating_point=OperatingPoint(),  # a build is calibrated once it is open
            network=self._convert(texts.whole, vectors, cache),
            reader=self._convert_reader(),
            reader_scale=OWN_SCALE,  # likewise
            multilingual_vectors=other[0],
            multilingual=other[1],
            steering=steering,
        )

    def _read(self) -> Corpus:
        corpus = read_corpus(
            self.folder,
            known=self.old.corpus.documents if self.old else (),
            ocr=self.ocr,
            report=lambda done, total: self.report(Progress("reading", done, total)),
        )
        for problem in filter(None, (*corpus.problems, passed_over(self.folder))):
            _logger.warning("%s", problem)
        return corpus

    def _learn(self, table: ObjectivesTable, cache: EncodingCache) -> ObjectiveClassifier:
        """Learn from the table's examples, unless that was done before, or ships."""
        if self.old and self.old.origin.table == self.origin.table:
            return self.old.classifier
        if arrays := pretrained().classifier_for(self.origin.encoder_sha256, self.origin.table):
            return ObjectiveClassifier.from_arrays(arrays)
        texts = [example.text for example in table.examples]
        total = len(set(texts))
        vectors = encode_whole(texts, cache, report=lambda done: self.report(Progress("learning", done, total)))
        return ObjectiveClassifier.fit(table.examples, vectors)

    def _convert(self, texts: Sequence[str], vectors: Vectors, cache: EncodingCache) -> Network | None:
        """Convert the encoder's model, and compare the two on some of the texts."""
        some = texts_to_compare(texts)
        return convert_encoder(
            self.encoder,
            some,
            known=self.old.network if self.old else None,
            vectors=cache.vectors(some),
            tokens=cache.tokens(some),
            passages=vectors,
        )

    def _convert_reader(self) -> PairNetwork | None:
        if self.old and self.old.reader and self.old.origin.reader_sha256 == self.origin.reader_sha256:
            return self.old.reader
        return self.reader.converted() if isinstance(self.reader, OriginalCrossEncoder) else None

    def _read_languages(
        self, encoder: Encoder, texts: Texts, table: ObjectivesTable, cache: EncodingCache
    ) -> tuple[MultilingualVectors, MultilingualClassifier]:
        """Encode for questions in other languages, and learn from the table's terms in these."""
        old = self.old
        vectors, classifier = (old.multilingual_vectors, old.multilingual) if old else (None, None)
        if old and vectors and classifier and old.origin.second_sha256 == self.origin.second_sha256:
            before = old.passages, vectors
            return encode_multilingual(texts, encoder, before, self.report, folder=self.scratch), classifier
        vectors = encode_multilingual(texts, encoder, None, self.report, folder=self.scratch)
        return vectors, self._learn_languages(encoder, table, cache)

    def _learn_languages(
        self, encoder: Encoder, table: ObjectivesTable, cache: EncodingCache
    ) -> MultilingualClassifier:
        translated = read_translated(translated_file(self.folder))
        if shipped := pretrained().second_for(self.origin.encoder_sha256, self.origin.second_sha256):
            return MultilingualClassifier.from_arrays({"terms": term_array(translated), **shipped})
        examples = multilingual_examples(table.examples, translated)
        return MultilingualClassifier.fit(
            encoder,
            examples,
            english=partial(encode_whole, cache=cache),
            report=lambda done: self.report(Progress("learning", done, len(examples))),
        )
