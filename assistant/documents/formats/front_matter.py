"""Front matter: the lines of YAML or TOML above a text, for programs, which name its title and its date."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date

_MOST = 20_000  # characters
_YAML = re.compile(r"\s*---[^\S\n]*\r?\n(.*?)^(?:---|\.\.\.)[^\S\n]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\s*\+\+\+[^\S\n]*\r?\n(.*?)^\+\+\+[^\S\n]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
# In YAML each line has a key, or belongs to the one above it.
_LINE = re.compile(r"\s*|\w[\w .-]*:(?:\s.*)?|[ \t].*|-\s.*|#.*|[\]}],?\s*")
_VALUE = re.compile(r"^(?P<key>title|date):[^\S\n]*(?P<value>.*(?:\n[ \t]+.*)*)", re.MULTILINE | re.IGNORECASE)
_BLOCK = re.compile(r"[>|][+-]?\d?\s+")
_COMMENT = re.compile(r"\s#.*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The title and the date of a text; empty where it gives none."""

    title: str = ""
    date: str = ""  # as it would be cited: "13 November 2020"


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Split a text from its front matter, if it has any."""
    head = text[:_MOST]
    if match := _TOML.match(head):
        try:
            values = tomllib.loads(match[1])
        except tomllib.TOMLDecodeError:
            return FrontMatter(), text
    elif (match := _YAML.match(head)) and ":" in match[1] and all(map(_LINE.fullmatch, match[1].splitlines())):
        values = {found["key"].lower(): _scalar(found["value"]) for found in _VALUE.finditer(match[1])}
    else:
        return FrontMatter(), text
    return FrontMatter(str(values.get("title", "")), _cited(str(values.get("date", "")))), text[match.end() :]


def _scalar(written: str) -> str:
    """Return the text of a value in YAML, on one line."""
    value = " ".join(_BLOCK.sub("", written.strip(), count=1).split())
    if value[:1] in ("'", '"') and (end := value.find(value[0], 1)) > 0 and value[end : end + 2] != "''":
        return value[1:end]
    if value[:1] == "'":
        return value.strip("'").replace("''", "'")
    return _COMMENT.sub("", value)


def _cited(written: str) -> str:
    """Return a date as it is cited; another text unchanged.

    >>> _cited("2020-05-01T10:00:00Z")
    '1 May 2020'
    """
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return written
    return f"{day.day} {day:%B} {day.year}"
