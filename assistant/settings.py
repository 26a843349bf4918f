"""Every dial, its default and its unit.

Only the edges and the pipeline see `Settings`; they hand plain arguments down. Nothing here reads the environment by
itself: `Settings.from_environment(os.environ)` is called once, at the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assistant.errors import InputError

DEFAULT_TOP_K = 5  # passages shown with an answer
MAX_TOP_K = 20  # passages; more is no longer an answer


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose.

    Attributes:
        corpus: Folder of the documents.
        index: Folder of the generated index.
        model: A sentence-transformers folder or id; empty for the packaged MiniLM.
        host: Address to listen on.
        port: TCP port to listen on, 0 for any free one.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = ""
    host: str = "127.0.0.1"
    port: int = 7860

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the `ASSISTANT_…` variables; what is unset or empty keeps its default.

        Raises:
            InputError: The port is no port.
        """
        default = cls()
        return cls(
            corpus=Path(environ.get("ASSISTANT_CORPUS") or default.corpus),
            index=Path(environ.get("ASSISTANT_INDEX") or default.index),
            model=environ.get("ASSISTANT_MODEL") or default.model,
            host=environ.get("ASSISTANT_HOST") or default.host,
            port=parse_port(environ.get("ASSISTANT_PORT") or str(default.port), name="ASSISTANT_PORT"),
        )


def parse_port(value: str, *, name: str) -> int:
    """Turn text into a TCP port, 0 to 65535.

    Raises:
        InputError: It is none; the message begins with `name`.
    """
    if not (value.isascii() and value.isdigit() and int(value) <= 65535):
        raise InputError(f"{name}: {value!r} is no port; give a whole number from 0 to 65535.")
    return int(value)
