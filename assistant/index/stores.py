"""The engines that keep passages elsewhere than in files: another one is a package beside `postgres` and a row here.

`ASSISTANT_STORE` names one by its scheme ("postgresql://…"); without it the files of this machine serve.
"""

from collections.abc import Callable, Mapping
from functools import cache

from assistant.errors import InputError
from assistant.index.repository import Repository


def _postgres(address: str) -> Repository:
    from assistant.index.postgres import PostgresRepository  # here: its libraries take a tenth of a second

    return PostgresRepository(address)


REPOSITORIES: Mapping[str, Callable[[str], Repository]] = {"postgresql": _postgres, "postgres": _postgres}


@cache
def repository_at(address: str) -> Repository:
    """Return the repository at an address ("engine://…"); for one address it is always the same.

    Raises:
        InputError: There is no such engine.
    """
    engine = address.partition("://")[0]
    if engine not in REPOSITORIES:
        known = ", ".join(f"{each}://…" for each in REPOSITORIES)
        raise InputError(f"ASSISTANT_STORE: no such engine; give {known} or nothing, for files of this machine.")
    return REPOSITORIES[engine](address)
