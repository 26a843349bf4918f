"""The engines that search passages: another one is a file beside `local_store` and a row here.

`ASSISTANT_STORE` names one by its scheme ("postgresql://…"); without a scheme the local one serves.
"""

from collections.abc import Callable, Mapping

from assistant.errors import InputError
from assistant.index.lexical import LexicalIndex
from assistant.index.local_store import LocalStore
from assistant.index.passage_index import MultilingualVectors, PassageIndex
from assistant.index.store import Store

LOCAL = "local"
OpenStore = Callable[[str, PassageIndex, LexicalIndex, MultilingualVectors | None], Store]
STORES: Mapping[str, OpenStore] = {LOCAL: lambda _address, *parts: LocalStore(*parts)}


def open_store(
    address: str, passages: PassageIndex, words: LexicalIndex, multilingual: MultilingualVectors | None
) -> Store:
    """Return a store of the passages of a build.

    Args:
        address: Where it is: "engine://…"; empty for the local one.
        words: Of the passages.
        multilingual: Their vectors for questions in other languages, if there are any.

    Raises:
        InputError: There is no such engine.
    """
    engine = address.partition("://")[0] or LOCAL
    if engine not in STORES:
        raise InputError(f"ASSISTANT_STORE: {engine!r} is none of {', '.join(STORES)}; give one of these, or none.")
    return STORES[engine](address, passages, words, multilingual)
