"""The interface's own words, by key. Documents are never translated."""

import json
from collections.abc import Mapping
from pathlib import Path

_LOCALES = Path(__file__).parent / "locales"


class Strings:
    """What the interface says in one language."""

    def __init__(self, language: str, table: Mapping[str, str | Mapping[str, str]]) -> None:
        """Take a table from key to a text, or to a text for each plural category."""
        self.language = language
        self._table = table

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def text(self, key: str, **values: object) -> str:
        """Return a text with its {braces} filled in; where it has plural forms, `n` chooses.

        >>> Strings("en", {"found": {"one": "{n} passage", "other": "{n} passages"}}).text("found", n=2)
        '2 passages'

        Raises:
            KeyError: There is no such text.
        """
        found = self._table[key]
        if not isinstance(found, str):
            found = found["one" if values["n"] == 1 else "other"]
        return found.format(**values)


def read_strings(language: str) -> Strings:
    """Read the texts of a language from its file."""
    return Strings(language, json.loads((_LOCALES / f"{language}.json").read_text(encoding="utf-8")))
