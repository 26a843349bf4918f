"""A question becomes candidates: passages with scores, best first."""

from assistant.retrieval.normalising import EXPANSION, QueryMender, defined_acronyms
from assistant.retrieval.proposing import PROPOSED, allowed_rows, holding_rows, named_rows, phrases_and_titled
from assistant.retrieval.ranking import (
    Candidate,
    Found,
    Reading,
    Signs,
    WordMatch,
    distinct,
    match_words,
    merged,
    search,
    with_phrases_first,
)
from assistant.retrieval.terms import TermMatcher
