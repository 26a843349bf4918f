"""The engines that search passages: another one is a file beside `local_store` and a row here."""

from collections.abc import Callable, Mapping

from assistant.errors import InputError
from assistant.index.lexical import LexicalIndex
from assistant.index.local_store import LocalStore
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.store import Store

LOCAL = "local"
STORES: Mapping[str, Callable[[PassageIndex, LexicalIndex, MultilingualVectors | None], Store]] = {LOCAL: LocalStore}


def open_store(
    passages: PassageIndex, words: LexicalIndex, multilingual: MultilingualVectors | None, *, engine: str = LOCAL
) -> Store:
    """Return a store of the passages of a build.

    Args:
        words: Of the passages.
        multilingual: Their vectors for questions in other languages, if there are any.
        engine: A name in `STORES`.

    Raises:
        InputError: There is no such engine.
    """
    if engine not in STORES:
        raise InputError(f"store: {engine!r} is none of {', '.join(STORES)}; give one of these.")
    return STORES[engine](passages, words, multilingual)
