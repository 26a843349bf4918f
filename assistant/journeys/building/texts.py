"""The texts of a corpus, encoded: passages under their headings, and their sentences.

What an older build knows of a text is taken from it, so that only new texts are encoded.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from assistant.documents import context_of, sentence_in_full
from assistant.encoding import Encoder, EncodingCache, Encodings, TokenVectors, Vectors
from assistant.index import MultilingualVectors, PassageIndex
from assistant.language import quotable_spans, word_count
from assistant.records import Passage, Progress, ReportProgress, Span


@dataclass(frozen=True, slots=True)
class Texts:
    """The passages of a corpus and their sentences.

    Attributes:
        spans: For each passage, the spans of its sentences and clauses inside its text.
        whole: For each passage, the words by which it is found: its own under its headings.
        sentences: The words of all passages' sentences, in order.
    """

    passages: Sequence[Passage]
    spans: Sequence[tuple[Span, ...]]
    whole: Sequence[str]
    sentences: Sequence[str]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> "Texts":
        """Split passages into sentences."""
        # A passage of headings alone is quoted whole.
        spans = [tuple(quotable_spans(passage.text, passage.body)) or ((0, len(passage.text)),) for passage in passages]
        return cls(passages, spans, *_texts_of(passages, spans))

    def sentence_tokens(self, tokens: TokenVectors) -> npt.NDArray[np.int64]:
        """Return the row of each sentence's first token, given the tokens of the passages."""
        return np.array(list(self._sentence_tokens(tokens)), dtype=np.int64)

    def _sentence_tokens(self, tokens: TokenVectors) -> Iterator[int]:
        for row, (passage, spans, text) in enumerate(zip(self.passages, self.spans, self.whole, strict=True)):
            # The words of a passage are the last of those by which it is found.
            before = word_count(text) - word_count(passage.text[passage.body :])
            for start, _ in spans:
                # Headings that make a passage alone are its only sentence.
                word = before + word_count(passage.text[passage.body : start]) if start >= passage.body else 0
                yield tokens.first_of_word(row, word)


def open_cache(encoder: Encoder, known: PassageIndex | None, *, folder: Path | None) -> EncodingCache:
    """Begin to encode texts, or go on where a killed build of the same encoder was.

    Args:
        known: What an older build of the same encoder knows.
        folder: Where what doesn't fit into memory lies meanwhile; None: all in memory.
    """
    cache = EncodingCache(encoder, folder=folder)
    if known:
        _add_known(cache, known, known.vectors.rows, known.sentence_vectors, known.tokens)
    return cache


def encode_texts(
    texts: Texts, cache: EncodingCache, report: ReportProgress, *, stage: Literal["encoding", "languages"] = "encoding"
) -> None:
    """Encode those of the texts that aren't known yet, first the passages, then the sentences."""
    first, total = len(set(texts.whole)), len({*texts.whole, *texts.sentences})
    cache.encode(texts.whole, with_tokens=True, report=lambda done: report(Progress(stage, done, total)))
    others = set(texts.sentences).difference(texts.whole)
    cache.encode(others, with_tokens=False, report=lambda done: report(Progress(stage, first + done, total)))


def encode_whole(
    texts: Sequence[str], cache: EncodingCache, *, report: Callable[[int], None] = lambda _: None
) -> Vectors:
    """Return the vectors of further texts, without their tokens."""
    cache.encode(texts, with_tokens=False, report=report)
    return cache.vectors(texts)


def encode_multilingual(
    texts: Texts,
    encoder: Encoder,
    known: tuple[PassageIndex, MultilingualVectors] | None,
    report: ReportProgress,
    *,
    folder: Path | None = None,
) -> MultilingualVectors:
    """Return the vectors of passages, sentences and tokens by the encoder that reads other languages.

    Args:
        known: The passages of an older build, with their vectors by the same encoder.
        folder: As for `open_cache`.
    """
    cache = EncodingCache(encoder, folder=folder)
    if known:
        index, before = known
        _add_known(cache, index, before.passages, before.sentences, before.tokens)
    encode_texts(texts, cache, report, stage="languages")
    tokens = cache.tokens(texts.whole)
    return MultilingualVectors(
        cache.vectors(texts.whole), cache.vectors(texts.sentences), tokens, texts.sentence_tokens(tokens)
    )


def _add_known(
    cache: EncodingCache, index: PassageIndex, passages: Vectors, sentences: Vectors, tokens: TokenVectors
) -> None:
    """Add what an older build knows: the vectors of its passages, of their sentences and of their tokens."""
    whole, parts = _texts_of(index.passages, index.sentences)
    cache.add(parts, Encodings(sentences))
    cache.add(whole, Encodings(np.array(passages), tokens))


def _texts_of(passages: Sequence[Passage], spans: Sequence[Sequence[Span]]) -> tuple[list[str], list[str]]:
    sentences = [
        sentence_in_full(passage, passage.text[first:last])
        for passage, each in zip(passages, spans, strict=True)
        for first, last in each
    ]
    return [context_of(passage) for passage in passages], sentences
