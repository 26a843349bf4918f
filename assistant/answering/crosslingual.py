"""A question in another language than the documents' -> the passages that answer it, and whether they do.

The same journey as `searcher` makes for English, on the index's second vectors: passages and their sentences by
meaning, once with these vectors and once, over the bridge, with those that English is searched with; the objectives
that question and passage share; names, which stand in a passage as in the question. What words tell in English must
here be told by meaning and by what a question asks for; so a model with weights of its own, fitted on questions in
those languages (`python -m bench.fit_crosslingual`), says whether it is answered. This module knows nothing of answers.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.answering.answer_types import KINDS, Texts, missing_kinds
from assistant.answering.answerability import Answerability
from assistant.answering.conversation import Understood
from assistant.encoding import Encoder, Vectors
from assistant.index import CentredRows, LexicalIndex, Mask, MultilingualVectors, PassageIndex
from assistant.language import (
    ENGLISH,
    asked_for,
    asks_for_more,
    is_in_latin,
    named_places,
    names_in,
    quoted_phrases,
    shipped_glossary,
    spoken,
    without_places,
    without_quoted,
    words_of,
)
from assistant.objectives import MultilingualClassifier
from assistant.records import Reason
from assistant.retrieval import (
    PROPOSED,
    Candidate,
    Signs,
    TermMatcher,
    allowed_rows,
    distinct,
    holding_rows,
    merged,
    named_rows,
    phrases_and_titled,
    with_phrases_first,
)

WEIGHTS = Path(__file__).with_name("crosslingual.json")
LOOKED_AT = 6  # passages by which it is judged whether a question is answered
_NEARBY = 3  # passages in which what is asked for may stand
# How much each sign counts, in the order of `CrossLingualSigns`; found on the development questions of tests/gold, and
# on English ones that were asked as if they were in another language. Half or twice of each does no better.
_MEANING, _SENTENCE, _BRIDGED, _BRIDGED_SENTENCE = 0.23, 0.31, 0.08, 0.05
_OBJECTIVES, _NAMES, _TERMS = 0.07, 0.08, 0.18
_BRIDGED_SHARE = _BRIDGED_SENTENCE / (_SENTENCE + _BRIDGED_SENTENCE)
_REMEMBERED = 64  # questions
_TELLING = 4  # words that are named as those that decided
_SHORTEST_STEM = 5  # letters that two words share, from which on they count as inflections of one
_CHINESE = 2  # characters that do
_ASKS_WHERE = frozenset({"place"})  # a question for where something stands asks for no more than that
_LATIN_LETTERS = re.compile(r"[a-z\d\u00c0-\u024f ]+")  # words in lower case


@dataclass(frozen=True, slots=True)
class CrossLingualSigns(Signs):
    """Why a passage was found for a question in another language.

    `tokens` and `sentence_tokens` are the likeness of passage and sentence over the bridge, `words` the names that both
    hold, `terms` the share of the question's terms whose English equivalents the passage holds.
    """

    terms: float = 0.0

    @property
    def weighed(self) -> float:
        """The signs in one figure, 0 to 1."""
        return (
            _MEANING * self.meaning
            + _SENTENCE * self.sentence
            + _BRIDGED * self.tokens
            + _BRIDGED_SENTENCE * self.sentence_tokens
            + _OBJECTIVES * self.objectives
            + _NAMES * self.words
            + _TERMS * self.terms
        )


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How like a question a passage and its sentences are, by the second vectors and over the bridge."""

    meaning: float
    sentences: Sequence[float]
    bridged: float
    bridged_sentences: Sequence[float]

    @property
    def sentence_scores(self) -> tuple[float, ...]:
        """Both likenesses of each sentence in one figure."""
        pairs = zip(self.sentences, self.bridged_sentences, strict=True)
        return tuple(max(0.0, (1 - _BRIDGED_SHARE) * near + _BRIDGED_SHARE * bridged) for near, bridged in pairs)


class CrossLingualSearcher:
    """Searches one index for questions in other languages; safe to share between threads."""

    def __init__(
        self,
        index: PassageIndex,
        second: MultilingualVectors,
        encoder: Encoder,
        lexical: LexicalIndex,
        is_english: Callable[[str], bool],
    ) -> None:
        """Put an index, its second vectors and the encoder that these were made with together.

        Args:
            index: The passages.
            second: Their vectors.
            encoder: What made these.
            lexical: The passages' words.
            is_english: Whether a word in lower case may be one of an English document.
        """
        self.index = index
        self._classifier = MultilingualClassifier.from_arrays(second.learned)
        self._map = self._classifier.language_map
        self._encoder = encoder
        self._lexical = lexical
        self._is_english = is_english
        self._answerability = Answerability.read(WEIGHTS)
        languages = [passage.source.language for passage in index.passages]
        groups = np.array([sorted(set(languages)).index(language) for language in languages], dtype=np.int64)
        self._in_english = np.array([language == ENGLISH for language in languages])
        counts = np.diff(index.sentence_starts)
        self._passages = CentredRows.of(second.passages, groups)
        self._sentences = CentredRows.of(second.sentences, np.repeat(groups, counts))
        self._terms = TermMatcher(shipped_glossary, lexical, len(index.passages))
        self.terms = _words_of_terms(self._classifier, lexical)
        self._cached_probabilities = lru_cache(maxsize=_REMEMBERED)(self._objective_probabilities)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it was taught, English first."""
        return self._map.languages

    def objective_probabilities(self, text: str, language: str) -> Vectors:
        """Return how likely a question or topic concerns each objective: float32, (objectives,)."""
        return self._cached_probabilities(text, language)

    def _objective_probabilities(self, text: str, language: str) -> Vectors:
        return self._classifier.objective_probabilities(self._encoded(text), language)

    def _encoded(self, text: str) -> Vectors:
        return self._encoder.encode_query(text).vector

    def explain(self, text: str, number: int, language: str) -> tuple[str, ...]:
        """Return the words of a text that stand among an objective's terms in its language, four at the most."""
        terms = [
            each.text.lower() for each in self._classifier.terms if (each.number, each.language) == (number, language)
        ]
        if language == "zh":
            pairs = dict.fromkeys(text[at : at + _CHINESE] for at in range(len(text) - 1))
            return tuple(pair for pair in pairs if pair.strip() == pair and any(pair in term for term in terms))[
                :_TELLING
            ]
        known = {word[:_SHORTEST_STEM] for term in terms for word in words_of(term) if len(word) >= _SHORTEST_STEM}
        words = dict.fromkeys(word for word in words_of(text) if word[:_SHORTEST_STEM] in known)
        return tuple(words)[:_TELLING]

    def candidates(
        self, understood: Understood, language: str, *, top_k: int, objectives: Collection[int] = ()
    ) -> list[Candidate]:
        """Find the passages nearest to a question, best first.

        Args:
            understood: The question in its readings.
            language: The question's.
            top_k: Passages at the most.
            objectives: Only passages that carry one of these tags; empty for all.
        """
        typed = understood.readings[-1][0]
        phrases, titled = phrases_and_titled(self._literal(typed, language), self.index.catalogue)
        allowed = allowed_rows(self.index.catalogue, objectives, titled)
        vector = self._weighed(understood, lambda text: self._map.centred_question(self._encoded(text), language))
        bridge = self._weighed(understood, lambda text: self._map.bridged_question(self._encoded(text), language))
        probabilities = self._weighed(understood, lambda text: self.objective_probabilities(text, language))
        meaning = self._passages.cosines(vector)
        holding = holding_rows(phrases, self.index, self._lexical, bridge)
        holding = holding if allowed is None else {row for row in holding if allowed[row]}
        named = {*named_rows(typed, self.index.catalogue), *holding}
        scores = self._terms.found(understood.text, language).scores
        proposed = _greatest(meaning, allowed) | {row for row in _greatest(scores, allowed) if scores[row] > 0}
        rows = np.array(sorted(holding or proposed | named), dtype=np.int64)
        rows = rows if allowed is None else rows[allowed[rows]]
        if not len(rows):
            return []
        shared = np.sqrt(self.index.objective_probabilities[rows]) @ np.sqrt(probabilities)
        likenesses = self._likenesses(rows, vector, bridge, meaning[rows])
        terms = self._terms_held(rows, scores)
        names = names_in(typed, language)
        found = [
            Candidate(
                row,
                self.index.passages[row],
                CrossLingualSigns(
                    likeness.meaning,
                    max(likeness.sentences),
                    likeness.bridged,
                    max(likeness.bridged_sentences),
                    len(self._held(row, names)) / len(names) if names else 0.0,
                    float(objective),
                    is_named=row in named,
                    terms=float(share),
                ),
                self.index.sentences[row],
                likeness.sentence_scores,
            )
            for row, likeness, objective, share in zip(rows.tolist(), likenesses, shared, terms, strict=True)
        ]
        if holding:
            found = [with_phrases_first(candidate, phrases) for candidate in found]
        asks_for_place = bool(named) and not holding and not _is_beside_names(typed, language)
        found.sort(key=_in_order if asks_for_place else lambda candidate: (-candidate.score, candidate.row))
        return list(islice(distinct(found, self._lexical), top_k))

    def _weighed(self, understood: Understood, of: Callable[[str], Vectors]) -> Vectors:
        """The mean over a question's readings of what something makes of each."""
        return np.asarray(sum(weight * of(text) for text, weight in understood.readings), dtype=np.float32)

    def _likenesses(
        self, rows: npt.NDArray[np.int64], vector: Vectors, bridge: Vectors, meaning: Vectors
    ) -> Iterator["_Likeness"]:
        """How like the question passages and their sentences are; only English ones lie at the bridge's other end."""
        chosen = self.index.chosen(rows)
        counts = np.diff(chosen.sentence_starts)
        sentences = self._sentences.take(chosen.sentences).cosines(vector)
        bridged = np.where(self._in_english[rows], self.index.cosines(rows, bridge), meaning)
        of_sentences = np.where(
            np.repeat(self._in_english[rows], counts),
            self.index.sentence_cosines(chosen, bridge),
            sentences,
        )
        for i, (first, last) in enumerate(pairwise(chosen.sentence_starts)):
            yield _Likeness(
                float(meaning[i]), sentences[first:last].tolist(), float(bridged[i]), of_sentences[first:last].tolist()
            )

    def _terms_held(self, rows: npt.NDArray[np.int64], scores: Vectors) -> Vectors:
        """The share of the question's terms that passages hold; in other languages than English at least the mean."""
        held = scores[rows]
        in_english = self._in_english[rows]
        usual = held[in_english].mean() if in_english.any() else np.float32(0)
        least: Vectors = np.where(in_english, held, np.maximum(held, usual))
        return least

    def _held(self, row: int, names: Sequence[str]) -> tuple[str, ...]:
        """Those of a question's names that a passage holds."""
        return tuple(name for name in names if all(self._lexical.row_holds(row, word) for word in words_of(name)))

    def merged(self, searches: Sequence[Sequence[Candidate]], *, top_k: int) -> list[Candidate]:
        """Put what was found for the parts of a question together, best first."""
        return merged(searches, self._lexical, top_k=top_k)

    def signs(self, question: str, language: str, candidates: Sequence[Candidate]) -> dict[str, float]:
        """Gather what tells whether these passages, best first, answer a question; at least one."""
        best, looked_at = candidates[0], candidates[:LOOKED_AT]
        scores = [candidate.signs.weighed for candidate in looked_at]
        asked = self.objective_probabilities(question, language)
        passages = self.index.objective_probabilities[[candidate.row for candidate in looked_at]]
        likely = int(np.argmax(asked))
        at = int(np.argmax(best.sentence_scores))
        start, end = best.sentences[at]
        nearby = [candidate.passage.text for candidate in candidates[:_NEARBY]]
        kinds = asked_for(question, language)
        missing = missing_kinds(kinds, Texts(best.passage.text[start:end], best.passage.text, nearby))
        terms = self._terms.found(question, language)
        unknown = sum(
            not all(self._lexical.holds(word) for word in words_of(name)) for name in names_in(question, language)
        )
        return {
            "score": best.signs.weighed,
            "meaning": best.signs.meaning,
            "sentence": best.signs.sentence,
            "bridged": best.signs.tokens,
            "bridged sentence": best.signs.sentence_tokens,
            "gap": scores[0] - float(np.mean(scores[1:])) if len(scores) > 1 else 0.0,
            "same objective": float((passages @ asked).max()),
            "other objective": float(asked[likely] * (1 - passages[0, likely])),
            "no objective": float(1 - asked.sum()),
            "names unknown": float(unknown),
            "terms held": best.signs.terms if isinstance(best.signs, CrossLingualSigns) else 0.0,
            "terms unknown": terms.unknown,
            "no terms": float(not terms.holding),
            **{f"asks {kind}": float(kind in kinds) for kind in KINDS},
            **missing,
        }

    def chance(self, question: str, language: str, candidates: Sequence[Candidate]) -> float:
        """Return how likely these passages, best first, answer a question: 0 to 1."""
        return self._answerability.chance(self.signs(question, language, candidates)) if candidates else 0.0

    @property
    def threshold(self) -> float:
        """The chance from which on a question counts as answered."""
        return self._answerability.threshold

    def is_answered(self, question: str, typed: str, language: str, candidates: Sequence[Candidate]) -> bool:
        """Whether these passages, best first, answer a question, of which `typed` are the last words."""
        if not candidates:
            return False
        if candidates[0].signs.is_named:
            if asked_for(without_quoted(typed), language) <= _ASKS_WHERE:
                return True
        elif named_places(typed) or self._literal(typed, language):
            return False  # a place or a phrase that the documents don't have
        return self.chance(question, language, candidates) >= self.threshold

    def _literal(self, question: str, language: str) -> tuple[str, ...]:
        """The phrases in quotation marks that may stand so in a document, and aren't the question's own language's."""
        return tuple(phrase for phrase in quoted_phrases(question) if self._may_stand(phrase, language))

    def _may_stand(self, phrase: str, language: str) -> bool:
        if not _LATIN_LETTERS.fullmatch(phrase):
            return False
        words = phrase.split()
        if not is_in_latin(language) or self._lexical.rows_holding(words):
            return True
        return spoken(phrase, self.terms).language == ENGLISH and all(map(self._is_english, words))

    def reason(self, question: str, language: str, candidate: Candidate) -> Reason:
        """Say why a passage was found."""
        row, signs = candidate.row, candidate.signs
        names = names_in(question, language)
        found = self._terms.found(question, language)
        return Reason(
            words=self._held(row, names),
            near=tuple(dict.fromkeys(typed for typed, rows in found.holding if row in rows and typed not in names)),
            likeness={
                "meaning": signs.meaning,
                "sentence": signs.sentence,
                "words": float(found.scores[row]),
                "objectives": signs.objectives,
            },
            is_named=signs.is_named,
        )


def _is_beside_names(question: str, language: str) -> bool:
    """Whether a question asks for more than what stands at a place."""
    return asks_for_more(without_places(without_quoted(question)), language)


def _in_order(candidate: Candidate) -> tuple[bool, bool, float, int]:
    """Of places of one name a document's own comes before a section's, and what stands there in its order."""
    is_named = candidate.signs.is_named
    return not is_named, "," in candidate.passage.locator, 0.0 if is_named else -candidate.score, candidate.row


def _words_of_terms(classifier: MultilingualClassifier, lexical: LexicalIndex) -> dict[str, frozenset[str]]:
    """Words of the objectives' terms by language, but those that the documents hold or that English writes alike."""
    words: dict[str, set[str]] = {
        language: set() for language in classifier.language_map.languages if language != ENGLISH
    }
    for term in classifier.terms:
        words[term.language] |= {word for word in words_of(term.text) if len(word) > 3 and not lexical.holds(word)}
    return {language: frozenset(known) for language, known in words.items()}


def _greatest(scores: Vectors, allowed: Mask | None) -> set[int]:
    """The rows of the greatest scores among those that are allowed, as many as are proposed."""
    among = scores if allowed is None else np.where(allowed, scores, -np.inf)
    return set(np.argsort(-among, kind="stable")[:PROPOSED].tolist())
