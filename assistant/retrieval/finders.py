"""Choose what searches for a question, by its language."""

import re

from assistant.encoding import Encoder, QueryRuntime, Vectors
from assistant.index import Store
from assistant.language import ENGLISH, Spoken, spoken, without_quoted
from assistant.objectives import MultilingualClassifier, ObjectiveClassifier
from assistant.retrieval.crosslingual import AcrossLanguages, CrossLingualFinder
from assistant.retrieval.finder import EnglishFinder, Finder
from assistant.retrieval.normalising import OwnTerms
from assistant.retrieval.reader import Reader

_HANDLE = re.compile(r"[@#]\w+")


class Finders:
    """The finders of one store."""

    def __init__(
        self,
        store: Store,
        runtime: QueryRuntime,
        classifier: ObjectiveClassifier,
        own: OwnTerms,
        *,
        reader: Reader | None = None,
        encoder: Encoder | None = None,
        multilingual: MultilingualClassifier | None = None,
    ) -> None:
        """Put a store and what it was made with together.

        Args:
            runtime: Encodes questions.
            classifier: What knows the objectives of a text by its vector.
            own: The corpus's terms, beside those that ship.
            reader: What reads the first few passages that are found for a question in English.
            encoder: Encodes those in other languages, if anything does.
            multilingual: What knows the objectives of a text by such a vector.
        """
        self.english = EnglishFinder(store, runtime, classifier, own, reader)
        self.across: AcrossLanguages | None = None
        if encoder and multilingual:
            self.across = AcrossLanguages(
                store, encoder, multilingual, self.english.is_english, runtime.products, own.entries
            )
        self._written = frozenset(source.language for source in store.sources.values()) - {ENGLISH}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of questions that can be read, English first; others are read as well as their likes are."""
        return self.across.languages if self.across else (ENGLISH,)

    def in_language(self, language: str) -> Finder:
        """Return the finder for questions in a language; the English one where no other language can be read."""
        return CrossLingualFinder(self.across, language) if self.across and language != ENGLISH else self.english

    def spoken(self, question: str) -> Spoken:
        """Return the language of a question; what it quotes or names by a handle may be in any."""
        own = _HANDLE.sub(" ", without_quoted(question))
        told = own if re.search(r"[^\W\d_]", own) else question
        return spoken(told, self.across.words_of_terms if self.across else {})

    def question_vector(self, question: str) -> Vectors:
        """Return a unit vector by which a question can be compared with others, in whatever language they are."""
        if self.across is None:
            return self.english.runtime.encoder.encode_query(question).vector
        vector = self.across.encoder.encode_query(question).vector
        return self.across.classifier.language_map.centred_question(vector, self.spoken(question).language)

    def for_question(self, question: str) -> tuple[Finder, ...]:
        """Return the finder of a question's language; two where that isn't sure; none where it can't be read."""
        told = self.spoken(question)
        if told.language == ENGLISH:
            if self.across and self._written:  # a document in another language is found by meaning alone
                return self.english, CrossLingualFinder(self.across, ENGLISH)
            return (self.english,)
        if self.across is None:
            return () if told.is_sure and told.language not in self._written else (self.english,)
        other = self.in_language(told.language)
        return (other,) if told.is_sure else (self.english, other)
