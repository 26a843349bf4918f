"""Passages beside their vectors and words, in memory and on disk."""

from assistant.index.catalogue import Catalogue, Mask
from assistant.index.centred_rows import CentredRows
from assistant.index.fetched import AcrossLanguages, Fetched, FetchedTokens, Rows, TokenMatches
from assistant.index.lexical import LexicalIndex, Scores, indexed
from assistant.index.local_store import LocalStore
from assistant.index.passage_index import Chosen, MultilingualVectors, OperatingPoint, Origin, PassageIndex
from assistant.index.storage import MANIFEST, load_index, locked, save_index
from assistant.index.store import ByMeaning, ByPlace, ByRow, ByWords, Reason, Store, Words
