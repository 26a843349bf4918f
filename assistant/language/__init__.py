"""A text becomes words and sentences; its language is told, and what it names, asks and means in that language.

In reading order: `profiles` (what the rules know of each language), `words`, `sentences`, `detection` of the language,
`places`, documents (`citations`) and `names` that a question names, `asking` (for what kind of thing), `parts`,
`follow_ups` and `acts`, and the `glossary` of the field.
"""

from assistant.language.acts import act_of, is_bare
from assistant.language.asking import asked_for, asks_for_more
from assistant.language.citations import SYMBOL, CitedDocument, documents_in
from assistant.language.detection import Spoken, is_in_latin, spoken
from assistant.language.follow_ups import added_by, is_connected, is_follow_up, meetings_in
from assistant.language.glossary import GLOSSARY_FILE, Entry, Glossary, english_forms, glossary_with, read_glossary
from assistant.language.names import (
    beside_names,
    holds_phrase,
    named_documents,
    names_in,
    quoted_phrases,
    without_quoted,
)
from assistant.language.parts import parts_of
from assistant.language.places import (
    countable_place,
    is_place_of,
    named_places,
    names_objective,
    places_in,
    with_places_in_english,
    without_places,
)
from assistant.language.profiles import ENGLISH, UNITED_NATIONS, Messages, messages_in
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
