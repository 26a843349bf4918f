"""Passages beside their vectors and words, in memory and on disk."""

from assistant.index.catalogue import Catalogue, Mask
from assistant.index.lexical import LexicalIndex, Scores, indexed
from assistant.index.passage_index import Chosen, OperatingPoint, Origin, PassageIndex
from assistant.index.storage import MANIFEST, load_index, locked, save_index
