"""A language's profile: what it writes, asks, names and greets by, read from one TOML file.

Every rule of this package reads profiles, so that another language is another file in `profiles/`; the README there
says what each key is for. Patterns are compiled by the modules that use them, when they are first needed.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

ENGLISH = "en"
# Languages that the index is taught to read beside English.
UNITED_NATIONS: tuple[str, ...] = ("fr", "ru", "es", "ar", "zh")
NEVER = "(?!)"  # a pattern that matches nothing
# No ending has more letters; a pattern that looked for more would take long for a text that is one word.
_ENDINGS = {r"\w*": r"\w{0,30}", r"\w+": r"\w{1,30}"}

_FOLDER = Path(__file__).with_name("profiles")
_TABLES: Mapping[str, frozenset[str]] = {
    "writing": frozenset({"script", "letters", "grammar", "is_spaced", "prefixes_joints"}),
    "messages": frozenset(
        "unclear nothing unread writing alone curated listed counted no_place objective no_objective".split()
    ),
    "acts": frozenset({"greetings", "bare"}),
    "parts": frozenset("joints before_questions questions relatives ends may_tell least_words least_telling".split()),
    "follow_ups": frozenset(
        "connected openings pointing reach present gatherings describing presenting of_it prepositions question_words"
        " pronouns relatives auxiliaries before_relatives".split()
    ),
    "places": frozenset(
        "joint to number nth before after last numerals counted mine frameworks ordinals cardinals nouns"
        " nouns_after_ordinals".split()
    ),
    "documents": frozenset({"nouns", "definite", "asked", "said"}),
    "asking": frozenset({"manner", "kinds"}),
    "glossary": frozenset({"unstemmed"}),
}


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages that stand beside an answer, in one language."""

    unclear: str  # to what is no question
    nothing: str  # when no passage answers; {searched} stands for what was searched
    unread: str  # when questions in this language can't be read here
    writing: str  # to what asks for a summary or another text of our own
    alone: str  # beside the answer to a follow-up without what it leans on, {earlier}
    curated: str  # beside an answer whose place the operator named
    listed: str  # before {known}, what the list of {count} documents says
    counted: str  # before {known}, numbers by document
    no_place: str  # when no {place} stands in the documents; {known} are the places that do
    objective: str  # the table's {number}, {title}, {paragraph}, {round_table} of one that no document names
    no_objective: str  # when there is none of this {number}, of {count}


@dataclass(frozen=True, slots=True)
class Profile:
    """The knowledge that the rules have of one language."""

    language: str  # ISO 639-1 ("fr")
    tables: Mapping[str, Mapping[str, Any]]  # the file's tables by name

    @property
    def script(self) -> str:
        """A pattern of one character of the script; empty for Latin letters."""
        return str(self.tables["writing"].get("script", ""))

    @property
    def is_spaced(self) -> bool:
        """Return whether spaces part the words."""
        return bool(self.tables["writing"].get("is_spaced", True))

    @property
    def prefixes_joints(self) -> bool:
        """Return whether "and" is written as part of the next word."""
        return bool(self.tables["writing"].get("prefixes_joints", False))

    def number(self, table: str, key: str, otherwise: int) -> int:
        """Return a number, or another where the file has none."""
        return int(self.tables.get(table, {}).get(key, otherwise))

    def has(self, table: str) -> bool:
        """Return whether the profile has a table."""
        return table in self.tables

    def pattern(self, table: str, key: str) -> str:
        """Return a pattern, of several alternatives where the file lists them; `NEVER` for none."""
        return _either(self.tables.get(table, {}).get(key, NEVER))

    def listed(self, table: str, key: str) -> tuple[str, ...]:
        """Return the entries of a list, or the words of a text; none where there is neither."""
        held = self.tables.get(table, {}).get(key, ())
        return tuple(held.split() if isinstance(held, str) else held)

    def patterns(self, table: str, key: str) -> Mapping[str, str]:
        """Return the patterns of a table in a table by name."""
        return {name: _either(held) for name, held in self.tables.get(table, {}).get(key, {}).items()}


def _either(held: str | Sequence[str]) -> str:
    return held if isinstance(held, str) else "|".join(held)


@cache
def profiles() -> Mapping[str, Profile]:
    """Read all profiles, once: English first, then the languages of the United Nations, then the others."""
    names = [path.stem for path in sorted(_FOLDER.glob("*.toml"))]
    first = [language for language in (ENGLISH, *UNITED_NATIONS) if language in names]
    ordered = dict.fromkeys([*first, *names])
    return MappingProxyType({language: read_profile(_FOLDER / f"{language}.toml") for language in ordered})


def profile_of(language: str) -> Profile:
    """Return the profile of a language; an empty one where it has none."""
    return profiles().get(language) or Profile(language, {"writing": {}})


def messages_in(language: str) -> Messages:
    """Return the messages of a language, or the English ones where it has none."""
    return Messages(**(profiles().get(language) or profiles()[ENGLISH]).tables["messages"])


def read_profile(path: Path) -> Profile:
    """Read one profile.

    Raises:
        ValueError: The file isn't TOML, or has a table or a key that no rule reads.
    """
    try:
        written = path.read_text(encoding="utf-8")
        for unbounded, bounded in _ENDINGS.items():
            written = written.replace(unbounded, bounded)
        tables = tomllib.loads(written)
    except ValueError as error:
        raise ValueError(f"{path}: can't be read ({error}); mend its TOML.") from error
    for name, table in tables.items():
        if name not in _TABLES:
            raise ValueError(f"{path}: no rule reads the table [{name}]; it may be one of {', '.join(_TABLES)}.")
        unknown = sorted(table.keys() - _TABLES[name])
        if unknown:
            raise ValueError(f"{path}: no rule reads {unknown[0]} in [{name}]; README.md beside it lists the keys.")
    for name in ("writing", "messages"):
        if name not in tables:
            raise ValueError(f"{path}: lacks the table [{name}]; README.md beside it says what that holds.")
    return Profile(path.stem, tables)
