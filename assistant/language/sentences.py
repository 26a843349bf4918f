"""Sentences and clauses of a text, by rules for the way in which UN texts are written.

Spans are half-open, in order, without surrounding white space, and together they hold every other character.
"""

import re

from assistant.records import Span

# A period after one of these doesn't end a sentence: "para. 7", "art. 12", "No. 4", "e.g. data".
_ABBREVIATIONS = frozenset(
    "para paras art arts no nos vol vols p pp ch chap sect sects fig figs cf e.g i.e eg ie viz approx ca incl excl"
    " resp ed eds mr mrs ms dr prof st vs al op cit ibid rev add corr gen dept govt u.n u.s u.k".split()
)
_END = re.compile(
    r"(?<![.?!…؟۔])(?P<mark>[.?!…؟۔]++)(?P<close>(?:[”’\"')\]“]|\s?»)*)(?P<space>\s+)|"
    r"(?P<full>[。！？]++)[”’」』）》]*\s*"  # no space follows these
)
# The characters of Chinese and Japanese: no space parts their words, and each counts as one.
_DENSE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_DENSE_CHARACTER = re.compile(f"[{_DENSE}]")
WORD = re.compile(rf"[{_DENSE}]|[^\s{_DENSE}]+")
_LAST_WORD = re.compile(r"(?<![\w.])[\w.]*\Z")
# Begins a line that is an item of its own: "(a) ", "2. ", "- ".
LIST_MARKER = re.compile(r"(?:\(\w{1,4}\)|\d{1,3}[.)]|[-*•–])\s")
_LINE_BREAK = re.compile(r"(?<!\s)\s*[\n\r\f\v\x85\u2028\u2029]\s*")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n|\r\n[^\S\n]*\r\n|\f")
_SHORT_LINE = 60  # characters; a shorter line was ended on purpose and isn't wrapped
_INDENT = 200  # characters before the number of an item at the most
_PARENTHESIS = 1000  # characters of one that belongs to the sentence before it
_LINE_ENDS = "\n\r\f"
# The ends of clauses, after which a sentence may be cut, the best first.
_CLAUSE_ENDS = (re.compile(r"[;؛]\s+|；\s*"), re.compile(r"[:]\s+|：\s*|\s[–—]\s"), re.compile(r"[,،，、]\s*(?=\D)\s*"))


def sentence_spans(text: str) -> list[Span]:
    """Split a text into sentences; a heading, a list item or a line ended on purpose is one of its own.

    >>> [ "See para. 7. It ends."[a:b] for a, b in sentence_spans("See para. 7. It ends.") ]
    ['See para. 7.', 'It ends.']
    """
    cuts = {match.end() for match in _END.finditer(text) if _ends_sentence(text, match)}
    cuts |= {match.end() for match in _LINE_BREAK.finditer(text) if _ends_line(text, match)}
    return _spans_between(text, sorted(cuts))


def clause_spans(text: str, *, level: int = 0) -> list[Span]:
    """Split a sentence after its semicolons (level 0), its colons and dashes (1), or its commas (2)."""
    return _spans_between(text, [match.end() for match in _CLAUSE_ENDS[level].finditer(text)])


CLAUSE_LEVELS = len(_CLAUSE_ENDS)


def word_count(text: str) -> int:
    """Count the words that white space separates."""
    return len(text.split())


def reading_length(text: str) -> int:
    """Count the words; in Chinese and Japanese, the characters.

    >>> reading_length("two words"), reading_length("移民数据")
    (2, 4)
    """
    if text.isascii() or not _DENSE_CHARACTER.search(text):
        return word_count(text)
    return sum(1 for _ in WORD.finditer(text))


def _spans_between(text: str, cuts: list[int]) -> list[Span]:
    spans = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + piece.index(stripped)
            spans.append((begin, begin + len(stripped)))
    return spans


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 1]
    if not following or following.islower():
        return False
    if following == "(" and _rest_is_parenthesis(text, match.end()):
        return False
    if match["full"] or match["mark"] != ".":
        return True
    word = _LAST_WORD.search(text[max(0, match.start() - 20) : match.start()])
    before = word.group().lower() if word else ""
    if before.isdigit():
        return not _is_list_number(text, match.start() - len(before))
    return before not in _ABBREVIATIONS and not (len(before) == 1 and before.isalpha())


def _is_list_number(text: str, start: int) -> bool:
    """Return whether the number at `start` begins its line ("2. What partnerships …")."""
    before = text[max(0, start - _INDENT) : start].rstrip(" \t")
    return before[-1] in _LINE_ENDS if before else start <= _INDENT


def _rest_is_parenthesis(text: str, start: int) -> bool:
    """Return whether the line ends with the parenthesis that opens here, which then belongs to the sentence before."""
    line, *rest = re.split(r"[\n\r\f]", text[start : start + _PARENTHESIS], maxsplit=1)
    is_whole = bool(rest) or start + _PARENTHESIS >= len(text)
    return is_whole and line.rstrip().endswith((")", ").")) and line.count("(") == 1


def _ends_line(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 1]
    if not following or LIST_MARKER.match(text, match.end()):
        return True
    if following.islower():
        return False  # a sentence that a page break or a wrapped line interrupts
    if _BLANK_LINE.search(match.group()):
        return True
    before = text[max(0, match.start() - _SHORT_LINE) : match.start()]
    return len(before) < _SHORT_LINE or any(mark in before for mark in _LINE_ENDS)


_QUOTABLE_WORDS = 30  # a longer sentence with semicolons is quoted by its clauses


def quotable_spans(text: str, start: int = 0) -> tuple[Span, ...]:
    """Split the text from `start` on into what may be quoted alone: sentences, and the clauses of long ones."""
    spans = []
    for first, last in sentence_spans(text[start:]):
        sentence = text[start + first : start + last]
        clauses = clause_spans(sentence) if reading_length(sentence) > _QUOTABLE_WORDS else [(0, len(sentence))]
        spans += [(start + first + begin, start + first + end) for begin, end in clauses]
    # The punctuation between two clauses belongs to neither.
    return tuple((first, first + len(text[first:last].rstrip(";,；，؛"))) for first, last in spans)
