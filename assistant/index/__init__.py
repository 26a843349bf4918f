"""Passages beside their vectors and words, in memory and on disk, behind a seam for engines that search them.

In reading order: `passage_index` (passages and vectors), `lexical` (words), `catalogue` (tags and places), `vectors`
and `centred_rows` (nearness), `rows` and `storage` (files). The seam is `store`, which proposes, filters and gives out
what `fetched` describes; `local_store` does so with files of this machine. Behind `repository` whole builds are kept
elsewhere: `stores` is the table of engines, and `postgres` the package of one.
"""

from assistant.index.fetched import Fetched, MultilingualRows, Rows
from assistant.index.lexical import LexicalIndex, Scores
from assistant.index.local_store import LocalStore
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.repository import Contents, Published, Repository, Written
from assistant.index.rows import corpus_arrays, read_corpus_arrays
from assistant.index.storage import MANIFEST, Facts, Part, listed_files, load_parts, locked, save_parts
from assistant.index.store import EVERYTHING, ByMeaning, ByPlace, ByRow, ByWords, Filter, Store, Words
from assistant.index.stores import repository_at
from assistant.index.vectors import SearchableVectors
