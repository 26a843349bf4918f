"""A text becomes words and sentences; its language is told, and what it names, asks and means in that language."""

from assistant.language.cues import asked_for, leans_on_earlier, names_in, places_in, without_places
from assistant.language.detection import ENGLISH, LATIN, UNITED_NATIONS, Spoken, spoken
from assistant.language.dialogue_acts import act_of, is_beside, parts_of
from assistant.language.glossary import Glossary, shipped_glossary
from assistant.language.messages import Notices, notices_in
from assistant.language.naming import (
    beside_names,
    holds_phrase,
    named_places,
    quoted_phrases,
    with_places_in_english,
    without_quoted,
)
from assistant.language.sentences import (
    CLAUSE_LEVELS,
    WORD,
    clause_spans,
    quotable_spans,
    reading_length,
    sentence_spans,
    word_count,
)
from assistant.language.words import content_words, is_content, spelt_words, stem, stems_of, words_of

__all__ = [
    "CLAUSE_LEVELS",
    "ENGLISH",
    "LATIN",
    "UNITED_NATIONS",
    "WORD",
    "Glossary",
    "Notices",
    "Spoken",
    "act_of",
    "asked_for",
    "beside_names",
    "clause_spans",
    "content_words",
    "holds_phrase",
    "is_beside",
    "is_content",
    "leans_on_earlier",
    "named_places",
    "names_in",
    "notices_in",
    "parts_of",
    "places_in",
    "quotable_spans",
    "quoted_phrases",
    "reading_length",
    "sentence_spans",
    "shipped_glossary",
    "spelt_words",
    "spoken",
    "stem",
    "stems_of",
    "with_places_in_english",
    "without_places",
    "without_quoted",
    "word_count",
    "words_of",
]
