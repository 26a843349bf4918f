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
