"""Every dial, its default and its unit.

Only the edges and the pipeline see `Settings`; they hand plain arguments down. Nothing here reads the environment by
itself: `Settings.from_environment(os.environ)` is called once, at the edge.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assistant.errors import InputError

DEFAULT_TOP_K = 5  # passages shown with an answer
MAX_TOP_K = 20  # passages; more is no longer an answer
_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose.

    Attributes:
        corpus: Folder of the documents.
        index: Folder of the generated index.
        model: A sentence-transformers folder or id; empty for the packaged MiniLM.
        host: Address to listen on.
        port: TCP port to listen on, 0 for any free one.
        embed_origins: Those whose pages may frame the widget ("https://meeting.example"), besides its own.
        log_questions: File that questions are kept in; None to keep none.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = ""
    host: str = "127.0.0.1"
    port: int = 7860
    embed_origins: tuple[str, ...] = ()
    log_questions: Path | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the `ASSISTANT_…` variables; what is unset or empty keeps its default.

        Raises:
            InputError: The port is no port, or an origin no origin.
        """
        default = cls()
        return cls(
            corpus=Path(environ.get("ASSISTANT_CORPUS") or default.corpus),
            index=Path(environ.get("ASSISTANT_INDEX") or default.index),
            model=environ.get("ASSISTANT_MODEL") or default.model,
            host=environ.get("ASSISTANT_HOST") or default.host,
            port=parse_port(environ.get("ASSISTANT_PORT") or str(default.port), name="ASSISTANT_PORT"),
            embed_origins=parse_origins(environ.get("ASSISTANT_EMBED_ORIGINS", ""), name="ASSISTANT_EMBED_ORIGINS"),
            log_questions=Path(environ["ASSISTANT_LOG_QUESTIONS"]) if environ.get("ASSISTANT_LOG_QUESTIONS") else None,
        )


def parse_port(value: str, *, name: str) -> int:
    """Turn text into a TCP port, 0 to 65535.

    Raises:
        InputError: It is none; the message begins with `name`.
    """
    if not (value.isascii() and value.isdigit() and int(value) <= _HIGHEST_PORT):
        raise InputError(f"{name}: {value!r} is no port; give a whole number from 0 to 65535.")
    return int(value)


def parse_origins(value: str, *, name: str) -> tuple[str, ...]:
    """Turn a list with commas into web origins.

    >>> parse_origins("https://meetings.example.org, http://127.0.0.1:8000", name="origins")
    ('https://meetings.example.org', 'http://127.0.0.1:8000')

    Raises:
        InputError: One of them is none; the message begins with `name`.
    """
    origins = dict.fromkeys(each.strip().lower() for each in value.split(",") if each.strip())
    for each in origins:
        found = _ORIGIN.fullmatch(each)
        if not found or int(found["port"] or 0) > _HIGHEST_PORT:
            raise InputError(
                f"{name}: {each!r} is no origin; give https://host or https://host:port, without a path, "
                "parted by commas."
            )
    return tuple(origins)
