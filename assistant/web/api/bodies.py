"""The body of a request -> JSON, read no further than a cap and as strictly as programs must write it.

A refusal is an HTTPException with one line for whoever wrote the program. This module knows nothing of what is asked.
"""

import json
import re
from collections.abc import Mapping
from typing import NoReturn

from fastapi import HTTPException, Request

from assistant.web.app import TooLargeError, read_capped

MAX_BODY = 64 * 1024  # bytes
MAX_DEPTH = 32  # lists and objects inside one another; an id may be any JSON
_SHOWN = 40  # characters of what was sent that a refusal repeats
_TOO_DEEP = f"The body is nested more than {MAX_DEPTH} deep."
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_UTF_8 = ("utf-8", "utf8", "us-ascii")  # the last is part of it


class SentRequest(Request):
    """A request whose body is read no further than the cap, as JSON without what JSON doesn't allow."""

    async def body(self) -> bytes:
        """Read the bytes; FastAPI asks for them once."""
        _check_headers(self.headers)
        try:
            self._body = await read_capped(self, MAX_BODY)
        except TooLargeError:
            raise HTTPException(413, f"The body is larger than {MAX_BODY // 1024} kB; send less.") from None
        return self._body

    async def json(self) -> object:
        """Read what they say."""
        return read_json(self._body)


def _check_headers(headers: Mapping[str, str]) -> None:
    kind, _, parameters = headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":  # which no other site's form can send
        raise HTTPException(415, "Send JSON, with the header Content-Type: application/json.")
    charset = _CHARSET.search(parameters)
    if charset and charset[1].lower() not in _UTF_8:
        raise HTTPException(415, f"charset: {shown(charset[1])} isn't read; send UTF-8.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "Content-Encoding: send the body as it is, not compressed.")


def read_json(content: bytes) -> object:
    """Read JSON as strictly as programs must write it.

    Raises:
        HTTPException: It isn't UTF-8 or JSON, names a field twice, is nested too deep or holds half a character; with
            status 422 and one line.
    """
    try:
        sent = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_float=_finite,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError:
        raise HTTPException(422, "The body isn't UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise HTTPException(422, f"The body isn't JSON; see {where}.") from None
    except ValueError:  # more digits than Python reads
        raise HTTPException(422, "The body holds a number with too many digits.") from None
    except RecursionError:
        raise HTTPException(422, _TOO_DEEP) from None
    _check_depth(sent)
    _check_characters(sent)
    return sent


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise HTTPException(422, f"{shown(name)}: is there twice; send it once.")
        fields[name] = value
    return fields


def _finite(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _refuse_number(digits)


def _refuse_number(said: str) -> NoReturn:
    raise HTTPException(422, f"The body holds {shown(said)}, which isn't a number in JSON or too large.")


def _check_depth(sent: object) -> None:
    level = [sent]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise HTTPException(422, _TOO_DEEP)


def _inside(value: object) -> list[object]:
    """The lists and objects that one holds."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in inner if isinstance(each, (list, dict))]


def _check_characters(sent: object) -> None:
    for name, value in sent.items() if isinstance(sent, dict) else ():
        try:
            json.dumps({name: value}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            said = f"{shown(name)}: holds half a character (a lone surrogate); send whole ones."
            raise HTTPException(422, said) from None


def shown(value: object) -> str:
    """Write what was sent, as far as it can be repeated in one line.

    >>> shown("two" + chr(10) + "lines")
    'two?lines'
    """
    text = str(value)
    cut = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(character if character.isprintable() else "?" for character in cut)
