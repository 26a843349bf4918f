"""Find the passages that answer a question in another language than the documents'.

Passages are ranked as for a question in English, but with the index's multilingual vectors: by meaning, whole and by
sentences, and by late interaction, the greatest cosine of each token of the question to one of the passage and to one
of a single sentence; by the objectives that question and passage share; by names, which stand in a passage as in the
question; and by the English equivalents of the question's terms.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

import numpy as np
import numpy.typing as npt

from assistant.encoding import Encoder, TokenProducts, Vectors, multiply_tokens
from assistant.index import EVERYTHING, ByMeaning, ByRow, Fetched, Filter, MultilingualRows, Store, Words
from assistant.language import (
    ENGLISH,
    Entry,
    asks_for_more,
    glossary_with,
    is_in_latin,
    names_in,
    quoted_phrases,
    spoken,
    without_places,
    without_quoted,
    words_of,
)
from assistant.memory import remembered
from assistant.objectives import MultilingualClassifier
from assistant.records import Reason
from assistant.retrieval.candidates import Candidate, Features, Understood
from assistant.retrieval.finder import Finder
from assistant.retrieval.proposing import (
    PROPOSED,
    cited_documents,
    holding_rows,
    in_order,
    named_rows,
    phrases_and_titled,
)
from assistant.retrieval.ranking import distinct, with_phrases_first
from assistant.retrieval.terms import TermMatcher, TermsFound

# Weights of the features: meaning, sentence, tokens, sentence tokens, objectives, names, terms; and the mean score of
# the passages that are proposed for a question. By `python -m bench.fit_crosslingual`.
_MEANING, _SENTENCE, _TOKENS, _SENTENCE_TOKENS = 0.15, 0.25, 0.23, 0.20
_OBJECTIVES, _NAMES, _TERMS = 0.03, 0.05, 0.09
_USUAL = 0.22
_WEIGHTS = np.array([_MEANING, _SENTENCE, _TOKENS, _SENTENCE_TOKENS, _NAMES, _OBJECTIVES, _TERMS])
_FEW = 10  # with so many passages proposed, their own mean counts as much as the usual one
_EXPLAINING = 4  # words that explain an objective
_SHORTEST_STEM = 5  # letters that two words share, from which on they count as inflections of one
_CHINESE = 2  # characters that do
_LATIN_LETTERS = re.compile(r"[a-z\d\u00c0-\u024f ]+")  # words in lower case


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Cosines of a question's vector and its tokens to passages and sentences.

    Attributes:
        passages: float32, (2, passages): by meaning and by tokens.
        sentences: float32, (2, sentences of these passages in order): likewise.
        nearness: float32, (tokens of the question, passages).
    """

    passages: Vectors
    sentences: Vectors
    nearness: Vectors

    @classmethod
    def of(cls, vector: Vectors, tokens: Vectors, rows: MultilingualRows, products: TokenProducts) -> "_Likeness":
        matches = rows.tokens.matches(tokens, products=products)
        return cls(
            np.array([rows.passages.cosines(vector), matches.passages.mean(axis=0)]),
            np.array([rows.sentences.cosines(vector), matches.sentences.mean(axis=0)]),
            matches.passages,
        )


class AcrossLanguages:
    """The parts that finders for questions in other languages share."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        classifier: MultilingualClassifier,
        is_english: Callable[[str], bool],
        products: TokenProducts = multiply_tokens,
        terms: Sequence[Entry] = (),
    ) -> None:
        """Put a store and what its multilingual vectors were made with together.

        Args:
            encoder: What made the multilingual vectors.
            classifier: What knows the objectives of a text by such a vector.
            is_english: Whether a word in lower case may be one of an English document.
            products: Multiplies a question's tokens with those of passages.
            terms: The meeting's own.
        """
        self.store = store
        self.encoder = encoder
        self.classifier = classifier
        self.is_english = is_english
        self.products = products
        self.terms = TermMatcher(cache(partial(glossary_with, terms)), store.words, len(store))
        self.words_of_terms = _words_of_terms(classifier, store.words)
        self.objective_probabilities = remembered(self._objective_probabilities)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it was taught, English first."""
        return self.classifier.language_map.languages

    def _objective_probabilities(self, text: str, language: str) -> Vectors:
        return self.classifier.objective_probabilities(self.encoder.encode_query(text).vector, language)


class CrossLingualFinder(Finder):
    """A search for questions in one language among documents in another; safe to share between threads."""

    def __init__(self, shared: AcrossLanguages, language: str) -> None:
        """Take what all languages share, and the questions' language."""
        super().__init__(shared.store, language)
        self._shared = shared

    def normalised(self, text: str) -> str:
        """Return a text as it stands."""
        return text

    def objective_probabilities(self, text: str) -> Vectors:
        """Return the probability of each objective for a text: float32, (objectives,)."""
        return self._shared.objective_probabilities(text, self.language)

    def explain(self, text: str, number: int) -> tuple[str, ...]:
        """Return the words of a text that stand among an objective's terms in its language, four at the most."""
        terms = [
            each.text.lower()
            for each in self._shared.classifier.terms
            if (each.number, each.language) == (number, self.language)
        ]
        if self.language == "zh":
            pairs = dict.fromkeys(text[at : at + _CHINESE] for at in range(len(text) - 1))
            found = [pair for pair in pairs if pair.strip() == pair and any(pair in term for term in terms)]
        else:
            known = {word[:_SHORTEST_STEM] for term in terms for word in words_of(term) if len(word) >= _SHORTEST_STEM}
            found = [word for word in dict.fromkeys(words_of(text)) if word[:_SHORTEST_STEM] in known]
        return tuple(found[:_EXPLAINING])

    def search(
        self, understood: Understood, *, top_k: int, narrowed: Filter = EVERYTHING, at: Collection[int] = ()
    ) -> list[Candidate]:
        """Return the passages nearest to a question as a whole, best first."""
        typed = understood.typed
        phrases, titled = phrases_and_titled(self.quoted(typed), self.store.sources)
        documents = titled | (cited_documents(typed, self.store.sources) or frozenset())
        store = self.store.filter(narrowed).filter(Filter(documents=documents))
        languages, encode = self._shared.classifier.language_map, self._shared.encoder.encode_query
        vector = _mean(understood, lambda text: languages.centred_question(encode(text).vector, self.language))
        bridge = _mean(understood, lambda text: languages.bridged_question(encode(text).vector, self.language))
        holding = holding_rows(store, phrases, bridge)
        named = set(at) or named_rows(store, typed, bridge) | holding
        scores = self.terms_of(understood.text).scores
        rows = in_order(at or holding or named | self._likely_rows(store, vector, scores))
        if not len(rows):
            return []
        fetched = store.fetch(rows, with_tokens=False, is_across_languages=True)
        likeness = self._likeness(understood, fetched)
        probabilities = _mean(understood, self.objective_probabilities)
        shared = fetched.shared_objectives(probabilities)
        terms = _terms_held(scores[rows], _in_english(fetched))
        names = names_in(typed, self.language)
        held = np.array([len(self._held(row, names)) / len(names) if names else 0.0 for row in rows.tolist()])
        meaning, tokens = likeness.passages
        sentence, together = fetched.greatest_of_sentences(likeness.sentences)
        of_sentences = (_SENTENCE, _SENTENCE_TOKENS) @ likeness.sentences / (_SENTENCE + _SENTENCE_TOKENS)
        features = np.array([meaning, sentence, tokens, together, held, shared, terms], dtype=np.float64)
        weighted = _WEIGHTS @ features
        # So that one question's scores can be compared with another's: some are near to whatever there is.
        weighted = np.clip(weighted - (weighted.sum() + _FEW * _USUAL) / (len(rows) + _FEW) + _USUAL, 0, 1)
        is_named = np.array([row in named for row in rows.tolist()])
        found = [
            Candidate(
                row,
                fetched.passages[at],
                Features(*(values[at].item() for values in (*features[:-1], weighted, is_named, terms))),
                fetched.sentences[at],
                tuple(of_sentences[slice(*fetched.sentence_starts[at : at + 2])].clip(0).tolist()),
                fetched.objective_probabilities[at],
                understood.readings[0][0],
                tuple(likeness.nearness[:, at].tolist()),
            )
            for at, row in enumerate(rows.tolist())
        ]
        if holding:
            found = [with_phrases_first(candidate, phrases) for candidate in found]
        asks_for_place = bool(named) and not holding and not self._asks_beside_places(typed)
        found.sort(key=_in_order if asks_for_place else lambda candidate: (-candidate.score, candidate.row))
        return list(islice(distinct(found, self.store.words), top_k))

    def _likeness(self, understood: Understood, fetched: Fetched) -> _Likeness:
        """Return the likeness of passages, the weighted mean over a question's readings."""
        if fetched.across_languages is None:
            raise ValueError("passages that were fetched without their multilingual vectors")
        languages, encode = self._shared.classifier.language_map, self._shared.encoder.encode_query
        found = []
        for text, _ in understood.readings:
            query = encode(text)
            vector = languages.centred_question(query.vector, self.language)
            tokens = languages.centred_tokens(query.tokens, self.language)
            found.append(_Likeness.of(vector, tokens, fetched.across_languages, self._shared.products))
        weights = [weight for _, weight in understood.readings]
        return _Likeness(
            np.tensordot(weights, [each.passages for each in found], axes=1).astype(np.float32),
            np.tensordot(weights, [each.sentences for each in found], axes=1).astype(np.float32),
            found[0].nearness,
        )

    def _likely_rows(self, store: Store, vector: Vectors, scores: Vectors) -> set[int]:
        """Return the rows nearest by meaning, and as many with the greatest shares of the question's terms."""
        by_terms = np.argsort(-scores, kind="stable")[: np.count_nonzero(scores > 0)]
        by_meaning = store.propose(ByMeaning(vector, is_across_languages=True), count=PROPOSED)
        return {*by_meaning.tolist(), *store.propose(ByRow(by_terms), count=PROPOSED).tolist()}

    def _held(self, row: int, names: Sequence[str]) -> tuple[str, ...]:
        """Return those of a question's names that a passage holds."""
        return tuple(name for name in names if all(self.store.words.row_holds(row, word) for word in words_of(name)))

    def terms_of(self, question: str) -> TermsFound:
        """Return the question's terms of the glossary, with the passages that hold their English equivalents."""
        return self._shared.terms.found(question, self.language)

    def matched(self, text: str, candidate: Candidate) -> float:
        """Return the share of a text's terms whose English equivalents a passage holds, by the weight of each."""
        found = self.terms_of(text)
        return float(found.scores[candidate.row]) if found.holding else 1.0

    def quoted(self, typed: str) -> tuple[str, ...]:
        """Return the phrases in quotation marks that may stand so in a document: those in its language."""
        return tuple(phrase for phrase in quoted_phrases(typed) if self._may_stand(phrase))

    def _may_stand(self, phrase: str) -> bool:
        if not _LATIN_LETTERS.fullmatch(phrase):
            return False
        words = phrase.split()
        if not is_in_latin(self.language) or self.store.words.rows_holding(words):
            return True
        is_english = spoken(phrase, self._shared.words_of_terms).language == ENGLISH
        return is_english and all(map(self._shared.is_english, words))

    def _asks_beside_places(self, question: str) -> bool:
        """Return whether a question asks for more than what stands at a place."""
        return asks_for_more(without_places(without_quoted(question)), self.language)

    def reason(self, question: str, candidate: Candidate) -> Reason:
        """Return why a passage was found."""
        row, features = candidate.row, candidate.features
        names = names_in(question, self.language)
        found = self.terms_of(question)
        return Reason(
            words=self._held(row, names),
            near=tuple(dict.fromkeys(typed for typed, rows in found.holding if row in rows and typed not in names)),
            likeness={
                "meaning": features.meaning,
                "sentence": features.sentence,
                "tokens": features.tokens,
                "sentence tokens": features.sentence_tokens,
                "words": float(found.scores[row]),
                "objectives": features.objectives,
            },
            is_named=features.is_named,
        )


def _in_english(fetched: Fetched) -> npt.NDArray[np.bool_]:
    return np.array([passage.source.language == ENGLISH for passage in fetched.passages])


def _terms_held(held: Vectors, in_english: npt.NDArray[np.bool_]) -> Vectors:
    """Return the share of the question's terms that passages hold; in other languages at least the mean."""
    usual = held[in_english].mean() if in_english.any() else np.float32(0)
    least: Vectors = np.where(in_english, held, np.maximum(held, usual))
    return least


def _mean(understood: Understood, of: Callable[[str], Vectors]) -> Vectors:
    """Return the weighted mean, over a question's readings, of a vector of each."""
    return np.asarray(sum(weight * of(text) for text, weight in understood.readings), dtype=np.float32)


def _in_order(candidate: Candidate) -> tuple[bool, bool, float, int]:
    """Return the sort key of a place's passages: a document's own before a section's, in the text's order."""
    is_named = candidate.features.is_named
    return not is_named, "," in candidate.passage.locator, 0.0 if is_named else -candidate.score, candidate.row


def _words_of_terms(classifier: MultilingualClassifier, words_of_documents: Words) -> dict[str, frozenset[str]]:
    """Return words of the objectives' terms by language, but those that the documents hold or English writes alike."""
    words: dict[str, set[str]] = {
        language: set() for language in classifier.language_map.languages if language != ENGLISH
    }
    for term in classifier.terms:
        words[term.language] |= {
            word for word in words_of(term.text) if len(word) > 3 and not words_of_documents.holds(word)
        }
    return {language: frozenset(known) for language, known in words.items()}
