"""Lines are joined, and with them the words that are divided at their ends."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import reduce

# Chinese and Japanese, which have no spaces between words.
UNSPACED = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LAST_WORD = re.compile(r"(?<![^\W\d_])(?<![^\W\d_]-)[^\W\d_]+(?:-[^\W\d_]+)*(?=.\Z)")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# After the first and before the second, a hyphen at a line's end usually belongs to the word.
_HYPHENATED = frozenset("anti cross non self twenty thirty forty fifty sixty seventy eighty ninety well".split())
_AFTER_HYPHEN = frozenset(
    "based building centred driven free income led level making oriented raising related responsive rights saving"
    " sensitive sharing specific term wide".split()
)


def count_words(lines: Iterable[str]) -> Counter[str]:
    """Count the undivided words of lines, which show whether a divided word has a hyphen of its own."""
    whole = [word for line in lines for word in _FIRST_WORD.findall(line.casefold())[:-1]]
    return Counter(whole) + Counter(part for word in whole if "-" in word for part in word.split("-"))


def joined(lines: Iterable[str], words: Counter[str]) -> str:
    """Join lines of which there is at least one.

    Args:
        words: The undivided words of the document.
    """
    return reduce(lambda before, line: _with_line(before, line, words), lines)


def _with_line(before: str, line: str, words: Counter[str]) -> str:
    if UNSPACED.match(before[-1:]) and UNSPACED.match(line):
        return before + line
    if before.endswith("\u00ad"):
        return before[:-1] + line
    if not before.endswith(("-", "\u2010")) or before.endswith(("--", " -", " \u2010")):
        return before + line if re.search(r"\w[/—]\Z", before) else f"{before} {line}"
    first, second = _LAST_WORD.search(before), _FIRST_WORD.match(line)
    if first is None or second is None or not line[0].islower():
        return before + line  # "COVID-" / "19", "Geneva-" / "Paris"
    return before + line if _has_hyphen(first[0].casefold(), second[0].casefold(), words) else before[:-1] + line


def _has_hyphen(first: str, second: str, words: Counter[str]) -> bool:
    """Return whether a word that is divided after a hyphen is also hyphenated within a line."""
    with_hyphen, without = words[f"{first}-{second}"], words[first + second]
    if with_hyphen or without:
        return with_hyphen > without
    first, second = first.rpartition("-")[2], second.partition("-")[0]
    return first in _HYPHENATED or second in _AFTER_HYPHEN or bool(words[first] and words[second])
