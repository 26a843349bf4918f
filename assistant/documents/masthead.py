"""The masthead of a document of the United Nations: its title, symbol and date, as a citation gives them.

Other documents give their title in a heading or in their first line, and neither symbol nor date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.lines import markdown_title
from assistant.documents.outline import NUMBERED_TITLE
from assistant.language import SYMBOL

_PAGE = 4000  # characters at the beginning among which the masthead stands
_TITLE_WORDS = 25  # a longer first line is running text, not a title
_LINE = 300  # characters; a longer one is looked through for no symbol
_SHORT = 14  # words of a line that says where a document belongs
_AUTHOR_WORDS = 14
_ORGANIZATION = "(?:United Nations|Nations Unies|Naciones Unidas|Организация Объединенных Наций|الأمم المتحدة|联合国)"
_PROSE_WORDS = 15
_SENTENCE_WORDS = 9
# A line that ends so goes on on the next: "keeping the".
_OPEN_END = re.compile(
    r" (?:an?|the|of|and|or|in|on|for|to|by|at|de|la|les?|du|des|et|en|el|los|las|del|y|para|sur|pour)\Z"
)
_SIGNS = 2  # lines that make a masthead
_CELL = re.compile(r" \| |<!--(?:(?!<!--).)*?-->|[\n\r\f\v\x85\u2028\u2029]")
_DAY = (
    r"\d{1,2}(?:er|º|\.)?\s+(?:de\s+)?[^\W\d]{2,}(?:/[^\W\d]+)?\.?\s+(?:de\s+)?\d{4}"
    r"|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
)
_DATE = re.compile(rf"(?<![-–—\d])(?<!to )(?<!and )(?<!\bau )(?<!\bal )(?:{_DAY})(?!\d|\s*(?:[-–]|and\b|to\b))")
# What tells a masthead, and is no title.
_FURNITURE = re.compile(
    r"\bDistr\b|\bOriginal\s?:|^United Nations\b|^(?!report\b).*\bsession\b.{0,40}$|^(?:agenda )?items? \d|^\[.*\]$"
    r"|^(?:resolution|decision)s? adopted\b|^adopted by\b|^official records\b|^supplement no\b|^[\w-]+ year$",
    re.IGNORECASE,
)
_ADOPTED = re.compile(
    r"(?P<decision>\bdecision )?\b(?:adopted by the|adoptée par l[ea’']?|aprobada por (?:la|el))\s?"
    r"(?P<organ>[\w\s-]{5,60}?)"
    rf"(?:\sat its [^,]{{1,60}})?(?:,?\s(?:on|le|el)\s(?P<date>{_DAY})|\n|\Z)",
    re.IGNORECASE,
)
_BESIDE_SYMBOL = re.compile(rf"{_ORGANIZATION}.{{0,60}}")
_JOINT = re.compile(rf"[–—]({SYMBOL.pattern})")  # a second symbol of a joint letter
_MEETING = re.compile(rf"\bmeeting,?\s+(?P<date>{_DAY})", re.IGNORECASE)
_MEETING_TITLE = re.compile(r"\d{1,5}(?:st|nd|rd|th) (?:\w+ )?meeting$")
# Whose document it is, below or above its title.
_AUTHOR = re.compile(
    r"(?:report|(?:identical )?letters?|notes?(?: verbales?)?|statement|(?:working|conference room) paper|memorandum"
    r"|communication)\s+(?:of|by|from|dated|submitted)\b|(?:prepared|submitted) by\b"
    r"|(?:rapport|notes?|lettres?|exposé|document)\s+(?:du|de|des|présenté|établi|datée?)\b"
    r"|(?:informe|nota|cartas?|documento|exposición)\s+(?:del?|presentad|preparad|de fecha)"
    r"|(?:доклад|записка|письмо|заявление)\s|(?:تقرير|مذكرة|رسالة|بيان)\s|.*的(?:报告|说明|信)$"
    r"|\w+\s?: (?:Mr|Ms|Mrs|Mme|M|Sr|Sra)\b"
    r"|.*: (?:(?:revised )?draft (?:resolution|decision)|projet de .{5,30}|proyecto de .{5,30})$",
    re.IGNORECASE,
)
# A volume's title stands above its series: "Official Records".
_VOLUME = re.compile(r"(?:report|rapport|informe|доклад|تقرير)\b", re.IGNORECASE)
_LETTER = re.compile(
    r"(?:identical )?letters? dated|notes? verbales? dated|(?:lettres?|notes? verbales?) datée|cartas? .{0,12}de fecha",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:(?:(?:executive )?summary|contents|abstract|note|corrigendum|addendum|résumé|sommaire|table des matières"
    r"|rectificatif|additif|resumen|índice|corrección|adición|резюме|содержание|исправление|добавление|موجز|المحتويات"
    r"|تصويب|إضافة|摘要|目录|更正|增编)(?: \d)?\*{0,3}\Z|\d{1,3}\.\s|I\. |the [\w\s]+,$)",
    re.IGNORECASE,
)
# The symbol of a resolution begins so where the file doesn't show it.
_OLD_STYLE = re.compile(r" \((?=[A-Z])")  # A/RES/1514(XV), but S/RES/1325 (2000)
_SERIES = {
    "general assembly": "A/RES/",
    "human rights council": "A/HRC/RES/",
    "economic and social council": "E/RES/",
    "security council": "S/RES/",
}


@dataclass(frozen=True, slots=True)
class Masthead:
    """The data by which a document is cited; each empty where the document doesn't give it."""

    title: str = ""
    symbol: str = ""
    date: str = ""  # of adoption where the text says so, else of distribution


def read_masthead(text: str, known_title: str = "") -> Masthead:
    """Read the masthead of a text.

    Args:
        known_title: The title that its file gives, taken where the masthead gives none.
    """
    lines = list(_head(text))
    given = (known_title or _first_line(text)).rstrip("*†‡ ")
    signs = sum(bool(_FURNITURE.search(line)) + bool(_symbol_in(line)) for line in lines)
    if signs < _SIGNS and not _numbered_title(lines):
        return Masthead(given)
    symbol = _symbol(lines)
    return Masthead(_title(lines, symbol) or given, symbol, _date(lines, text))


def _head(text: str) -> Iterator[str]:
    """Yield the lines of the first page down to its first running text, each with the line in which it goes on."""
    held = ""
    for cell in _CELL.split(text[:_PAGE]):
        words = " ".join(cell.split()).lstrip("#").strip()
        if held and words and (words[0].islower() or _OPEN_END.search(held)):
            held += f" {words}"
        elif words:
            if held:
                yield held
            if _ends(held):
                return
            held = words
    if held:
        yield held


def _ends(line: str) -> bool:
    words = len(line.split())
    is_prose = words >= _PROSE_WORDS and line.endswith((";", ",", ":"))
    return is_prose or (words >= _SENTENCE_WORDS and line.endswith(".")) or bool(_ENDS.match(line))


def _is_furniture(line: str) -> bool:
    """Return whether a line says where a document belongs: its organ, session, symbol, date or agenda item."""
    if len(line.split()) > _SHORT:
        return False
    return bool(_FURNITURE.search(line) or _symbol_in(line) or _says_when(line))


def _says_when(line: str) -> bool:
    return bool(re.search(_DAY, line)) and len(line.split()) <= 8


def _symbol_in(line: str) -> str:
    """Return the symbol that a line of a masthead shows: by itself, or beside the organization's name."""
    match = SYMBOL.search(line) if len(line) <= _LINE else None
    if not match or line.startswith("["):
        return ""
    beside = line.replace(match[0], "").strip()
    shows = not beside or "Distr" in beside or _BESIDE_SYMBOL.fullmatch(beside)
    if not shows:
        return ""
    joint = _JOINT.match(line, match.end())
    return f"{match[0]}–{joint[1]}" if joint else match[0]


def _symbol(lines: Sequence[str]) -> str:
    shown = next((symbol for line in lines if (symbol := _symbol_in(line))), "")
    if shown:
        return shown
    number = next(
        (match["number"] + (match["letter"] or "") for line in lines if (match := NUMBERED_TITLE.match(line))), ""
    )
    joined = "\n".join(lines).lower()
    adopted = _ADOPTED.search(joined)
    speaking = {line.removesuffix(",") for line in joined.splitlines()}
    organs = [organ for organ in _SERIES if f"the {organ}" in speaking]
    organ = " ".join(adopted["organ"].split()) if adopted else next(iter(organs), "")
    if not number and (match := re.search(r"^resolution (\d+ \(\d{4}\))", joined, re.MULTILINE)):
        number = match[1]
    if not (number and organ in _SERIES):
        return ""
    series = _SERIES[organ].replace("RES", "DEC") if adopted and adopted["decision"] else _SERIES[organ]
    return f"{series}{_OLD_STYLE.sub('(', number)}"


def _numbered_title(lines: Sequence[str]) -> str:
    return next((line[match.end() :] for line in lines if (match := NUMBERED_TITLE.match(line))), "")


def _title(lines: Sequence[str], symbol: str) -> str:
    """Return the title: of a resolution behind its number, else the last line above or below the author's."""
    if numbered := _numbered_title(lines):
        return numbered.strip("*† ")
    if re.search(r"/(?:PV|SR)\.", symbol):
        return next((line for line in lines if _MEETING_TITLE.search(line)), "")
    begins = max((i for i, line in enumerate(lines) if _is_furniture(line)), default=-1) + 1
    candidates = [line.strip("*† ") for line in lines[begins:] if not (_ends(line) or line.startswith("*"))]
    titles = [line for line in candidates if not _is_author(line)]
    above = [line for line in lines[:begins] if not _is_furniture(line)]
    volumes = [line for line in above if _VOLUME.match(line)]
    return (titles or candidates or volumes or above or [""])[-1]


def _is_author(line: str) -> bool:
    match = _AUTHOR.match(line)
    return bool(match) and (len(line.split()) <= _AUTHOR_WORDS or bool(_LETTER.match(line)))


def _date(lines: Sequence[str], text: str) -> str:
    head = "\n".join(lines)
    if (adopted := _ADOPTED.search(head)) and adopted["date"]:
        return _spaced(adopted["date"])
    if _numbered_title(lines):
        above = (line for line in lines if not re.search(r"Distr|^\[|\d{4}\)?$", line) and len(line) <= _LINE)
        adopted_on = next((match for line in above if (match := _DATE.search(line)) and match[0] != line), None)
        if found := adopted_on or _MEETING.search(text):
            return _spaced(found["date"] if found.re is _MEETING else found[0])
    dates = (_DATE.search(line) for line in lines if _is_furniture(line))
    return next((_spaced(match[0]) for match in dates if match), "")


def _spaced(words: str) -> str:
    return " ".join(words.split())


def _first_line(text: str) -> str:
    """Return a text's first line where that is a heading, or no sentence."""
    first = next((words for line in _CELL.split(text[:_PAGE]) if (words := line.strip())), "")
    if title := markdown_title(first):
        return title
    return first if len(first.split()) <= _TITLE_WORDS and not first.endswith((".", ";", ":", ",")) else ""
