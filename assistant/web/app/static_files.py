"""Scripts, styles and pictures that are composed once and served often, under names that change with them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastapi import Request, Response

from assistant.web.app.http_parts import is_known

HOUR = "public, max-age=3600"
FOR_EVER = "public, max-age=31536000, immutable"
_STATIC = Path(__file__).parents[1] / "static"
_DARK = re.compile(r'^:root\[data-theme="dark"\] (\{.*?^\})', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class StaticFile:
    """A file in memory."""

    content: bytes
    media_type: str

    @cached_property
    def version(self) -> str:
        """A short name of what it holds."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def answer(self, request: Request, headers: Mapping[str, str]) -> Response:
        """Send it, unless the browser has it already."""
        tag = f'"{self.version}"'
        headers = {**headers, "ETag": tag, "X-Content-Type-Options": "nosniff"}
        if is_known(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


def read_static(*names: str) -> str:
    """Return the text of files of the folder `static`, one after another."""
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)


def read_picture(name: str) -> bytes:
    """Return a picture of the folder `static`."""
    return (_STATIC / name).read_bytes()


def unindented(script: str) -> str:
    """Return a script without its comment lines and its indentation, which only its authors read."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def shortened_style(style: str) -> str:
    """Return a stylesheet without its comments and the spaces that only its authors read.

    >>> shortened_style("/* Links */ a:hover, b > i { color: red; }")
    'a:hover,b > i{color: red}'
    """
    rules, *commented = style.split("/*")
    rules += "".join(each.partition("*/")[2] for each in commented)
    spaced = " ".join(rules.split())
    return re.sub(r" ?([{};,]) ?", r"\1", spaced).replace(";}", "}")


def following_device(style: str) -> str:
    """Let a stylesheet be dark on a dark device where no theme was chosen, without a script."""
    dark = _DARK.search(style)
    by_device = (
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme]) {dark[1]} }}\n" if dark else ""
    )
    return by_device + style
