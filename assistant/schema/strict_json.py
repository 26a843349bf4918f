"""Read JSON that every program reads alike: UTF-8, no field twice, no number that isn't JSON, only whole characters."""

import json
from typing import NoReturn

from assistant.errors import InputError

MAX_DEPTH = 32  # lists and objects inside one another; an id may be any JSON
_SHOWN = 40  # characters of what was sent that a message repeats
_TOO_DEEP = f"This is nested more than {MAX_DEPTH} deep; send fewer lists and objects inside one another."


def read_json(content: bytes) -> object:
    """Read JSON strictly.

    Raises:
        InputError: It isn't UTF-8 or JSON, names a field twice, is nested too deep or holds half a character; in one
            line.
    """
    try:
        sent = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_unique_fields,
            parse_float=_finite,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError as error:
        raise InputError(f"This isn't UTF-8 (byte {error.start + 1}); send UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InputError(f"This isn't JSON ({error.msg} at character {error.pos + 1}).") from None
    except ValueError:  # from Python's limit on digits
        raise InputError("This holds a number with too many digits; send it as text.") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None
    _check_depth(sent)
    _check_characters(sent)
    return sent


def _unique_fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise InputError(f"{shown(name)}: is there twice; send it once.")
        fields[name] = value
    return fields


def _finite(digits: str) -> float:
    number = float(digits)
    return number if abs(number) != float("inf") else _refuse_number(digits)


def _refuse_number(text: str) -> NoReturn:
    raise InputError(f"This holds {shown(text)}, which isn't a number in JSON or is too large.")


def _check_depth(sent: object) -> None:
    level = [sent]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in _containers(each)]
        if not level:
            return
    raise InputError(_TOO_DEEP)


def _containers(value: object) -> list[object]:
    """Return the lists and objects directly inside a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in inner if isinstance(each, (list, dict))]


def _check_characters(sent: object) -> None:
    for name, value in sent.items() if isinstance(sent, dict) else ():
        try:
            json.dumps({name: value}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise InputError(f"{shown(name)}: holds half a character (a lone surrogate); send whole ones.") from None


def shown(value: object) -> str:
    """Write what was sent so that a message of one line can repeat it.

    >>> shown("two" + chr(10) + "lines")
    'two?lines'
    """
    text = str(value)
    cut = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(character if character.isprintable() else "?" for character in cut)
