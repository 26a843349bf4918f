"""A text in any language that questions are read in -> what is done with it, where that isn't asking one thing.

Greeting and thanking, ordering a machine about, asking several things at once: patterns in a table by language
(`dialogue_acts.toml`), no model. A greeting or a command is known without knowing its language first, since one or two
words seldom tell that. This module knows nothing of documents.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

_TABLE = Path(__file__).with_name("dialogue_acts.toml")
_UNSPACED = frozenset({"zh"})  # languages that put no space between words
_PREFIXING = frozenset({"ar"})  # those that write "and" as part of the next word
# Characters in which "rules" follow "ignore"; and, where there are no spaces, "poem" follows "write".
_NEAR, _NEAR_UNSPACED = 40, 10
_BETWEEN = 3  # words between "write" and "poem"
_MOST_PARTS = 8
_LONGEST_GREETING = 200  # characters
_LEAST_WORDS, _LEAST_CHARACTERS = 3, 4  # of a question; one that is shorter leans on the other
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[\u0400-\u04ff]")
# What a text in a language holds a letter of, in lower case and without accents.
_SCRIPTS = {
    "ru": _CYRILLIC,
    "uk": _CYRILLIC,
    "ar": re.compile("[\u0600-\u06ff]"),
    "zh": re.compile("[\u3400-\u9fff]"),
}
_ENDS = re.compile(r"(?<=[?？؟;；؛])(?![?？؟;；؛!！])\s*")
_ASKED = re.compile(r"[?？؟]\s*$")
_NEVER = r"(?!)"

Kind = Literal["greeting", "bare", "command"]
_KINDS: tuple[Kind, ...] = ("greeting", "bare", "command")


@dataclass(frozen=True, slots=True)
class Act:
    """What a text does.

    Attributes:
        kind: A "greeting", thanks or small talk included; a "bare" word of asking, which says nothing unless something
            was asked before; a "command".
        language: ISO 639-1 ("fr").
    """

    kind: Kind
    language: str


class _Manners:
    """How one language does things; each pattern is made when it is first needed, since that takes its time."""

    def __init__(self, language: str, row: Mapping[str, Any]) -> None:
        self._row = row
        self._is_spaced = language not in _UNSPACED
        self._edge, self._space = (r"\b", r"\s+") if self._is_spaced else ("", r"\W*")
        self._after = r"\s*" if language in _PREFIXING else self._space
        self._script = _SCRIPTS.get(language, _LATIN)

    def does(self, kind: Kind, folded: str) -> bool:
        """Whether a text does something."""
        if not self._script.search(folded):
            return False
        if kind == "command":
            return bool(self.command.search(folded))
        return bool((self.greeting if kind == "greeting" else self.bare).fullmatch(folded))

    @cached_property
    def greeting(self) -> re.Pattern[str]:
        return _phrases((*self._row["greetings"], "ok", "okay"), is_spaced=self._is_spaced)

    @cached_property
    def bare(self) -> re.Pattern[str]:
        return _phrases(self._row.get("bare", ()), is_spaced=self._is_spaced)

    @cached_property
    def command(self) -> re.Pattern[str]:
        is_known = "write" in self._row
        return re.compile(_folded(_command(self._row, is_spaced=self._is_spaced)) if is_known else _NEVER)

    @cached_property
    def connected(self) -> re.Pattern[str]:
        """What begins with "and"."""
        return re.compile(rf"^\W*(?:{self._joints}){self._space}", re.IGNORECASE)

    @cached_property
    def joint(self) -> re.Pattern[str]:
        """An "and" with such as a question word follows, and that may be left out."""
        any_question = f"(?:{self._questions}|{self._row.get('relatives', self._questions)}){self._edge}"
        ahead = rf"(?=(?:\w+\W+){{0,2}}?{any_question})" if self._is_spaced else ""
        return re.compile(rf"^\W*(?:{self._joints}){self._after}{ahead}", re.IGNORECASE)

    @cached_property
    def inside(self) -> re.Pattern[str]:
        """The same inside of a sentence."""
        ahead = rf"(?=(?:\w+\s+)?(?:{self._questions})\b)"
        pattern = rf"[,;،]?\s+(?:{self._joints}){self._after}{ahead}"
        return re.compile(pattern if self._is_spaced else _NEVER, re.IGNORECASE)

    @cached_property
    def question(self) -> re.Pattern[str]:
        return re.compile(f"{self._edge}(?:{self._questions}){self._edge}", re.IGNORECASE)

    @cached_property
    def asking(self) -> re.Pattern[str]:
        return re.compile(f"{self._edge}(?:{self._row.get('asking', _NEVER)}){self._edge}", re.IGNORECASE)

    @property
    def _joints(self) -> str:
        return str(self._row.get("joints", _NEVER))

    @property
    def _questions(self) -> str:
        return str(self._row.get("questions", _NEVER))


@lru_cache(maxsize=64)  # a question is looked at several times before it is answered
def act_of(text: str) -> Act | None:
    """Tell what a text does; None where it asks, or may do so.

    >>> act_of("Bonjour, comment ça va ?")
    Act(kind='greeting', language='fr')
    """
    folded = _folded(text).lower().strip()
    for kind in _KINDS:
        if kind != "command" and len(folded) > _LONGEST_GREETING:
            continue
        for language, manners in _manners().items():
            if manners.does(kind, folded):
                return Act(kind, language)
    return None


def parts_of(question: str, language: str) -> tuple[str, ...]:
    """Part a question that asks for several things; none where it asks for one.

    >>> parts_of("Combien de frontières ont fermé ? Et qui a rédigé la note ?", "fr")
    ('Combien de frontières ont fermé ?', 'qui a rédigé la note ?')
    """
    manners = _manners().get(language)
    sentences = [sentence for sentence in _ENDS.split(question.strip()) if sentence]
    if manners is None or not sentences or not all(_asks(sentence, manners) for sentence in sentences):
        return ()
    pieces = [piece for sentence in sentences for piece in manners.inside.split(sentence)]
    parts = tuple(manners.joint.sub("", piece).strip(" ,;，；،؛") for piece in pieces)
    stand = all(_says_enough(part, language) and not manners.connected.match(part) for part in parts)
    return parts if stand and 1 < len(parts) <= _MOST_PARTS else ()


def is_beside(question: str, language: str) -> bool:
    """Whether a question says anything but that it asks what something says.

    >>> is_beside("Que dit le ?", "fr"), is_beside("Que dit le sur les enfants ?", "fr")
    (False, True)
    """
    manners = _manners().get(language)
    left = manners.asking.sub(" ", question) if manners else question
    return bool(re.search(r"[^\W_]", left))


def _asks(sentence: str, manners: _Manners) -> bool:
    return bool(_ASKED.search(sentence) or manners.question.search(sentence))


def _says_enough(part: str, language: str) -> bool:
    if language in _UNSPACED:
        return len(re.findall(r"[^\W_]", part)) >= _LEAST_CHARACTERS
    return len(re.findall(r"[^\W_]+", part)) >= _LEAST_WORDS


def _folded(text: str) -> str:
    """A text without accents and vowel signs, and with one kind of apostrophe."""
    parts = unicodedata.normalize("NFKD", text.replace("'", "’"))
    return "".join(character for character in parts if unicodedata.category(character) != "Mn")


@cache
def _manners() -> Mapping[str, _Manners]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {language: _Manners(language, row) for language, row in table.items()}


def _phrases(phrases: Sequence[str], *, is_spaced: bool) -> re.Pattern[str]:
    """One or more phrases, whatever stands between them; it never goes back, lest a long text take long."""
    gap = r"[\W_]+" if is_spaced else r"[\W_]*"
    longest_first = sorted({_folded(phrase).lower() for phrase in phrases}, key=len, reverse=True)
    either = "|".join(r"[\W_]+".join(map(re.escape, re.findall(r"\w+", phrase))) for phrase in longest_first)
    edge = r"\b" if is_spaced else ""
    return re.compile(rf"[\W_]*+(?>(?:{either}){edge})(?>{gap}(?:{either}){edge})*+[\W_]*" if either else _NEVER)


def _command(row: Mapping[str, str], *, is_spaced: bool) -> str:
    """What orders a machine about: to forget its rules, to write or translate something, to say what it is told."""
    edge = r"\b" if is_spaced else ""
    please = f"{edge}(?:{row['please']})"
    # At the beginning of a sentence, or where somebody is asked kindly.
    start = rf"(?:(?:^|[.;:,!?>¡¿。、،؛؟\n])\s*|{please}\W*)"
    between = rf"\W+(?:\w+\W+){{0,{_BETWEEN}}}?" if is_spaced else rf".{{0,{_NEAR_UNSPACED}}}?"
    near = f".{{0,{_NEAR}}}?"
    kindly = rf"{please}\W*(?:\w+\W+)?"
    return "|".join(
        (
            rf"{start}(?:{row['ignore']}){edge}{near}{edge}(?:{row['rules']})",
            rf"{start}(?:{row['write']}){edge}{between}(?:{row['works']}){edge}",
            rf"{kindly}(?:{row.get('to_write', _NEVER)}){edge}{between}(?:{row['works']}){edge}",
            rf"{start}(?:{row['translate']}){edge}{between}(?:{row['texts']}){edge}",
            rf"{kindly}(?:{row.get('to_translate', _NEVER)}){edge}{between}(?:{row['texts']}){edge}",
            rf"{start}(?:{row['obey']})",
            rf"{edge}(?:{row['anywhere']})",
        )
    )
