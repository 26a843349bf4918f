"""Items of lists under a paragraph, "(b) (ii)": which level a mark belongs to, and what introduces it."""

from dataclasses import dataclass, field

from assistant.language import sentence_spans, word_count

_ROMAN = dict(
    zip("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), range(1, 21), strict=True)
)
_LEAD_WORDS = 40  # a longer introduction isn't repeated before each item
_LEAD_CHARACTERS = 1000  # more than so many words have


@dataclass(slots=True)
class _Level:
    """A list that is open."""

    style: str
    number: int
    mark: str
    introduction: str


@dataclass(slots=True)
class Items:
    """The marks that are open under a paragraph, outermost first."""

    own_introduction: str = ""  # the words by which the paragraph introduces its items
    levels: list[_Level] = field(default_factory=list)

    @property
    def marks(self) -> str:
        """The marks as a citation names them: " (b) (ii)"."""
        return "".join(f" ({level.mark})" for level in self.levels)

    @property
    def lead(self) -> str:
        """The words that introduce the current item."""
        return self.levels[-2].introduction if len(self.levels) > 1 else self.own_introduction

    @property
    def introduction(self) -> str:
        """The words by which the current item, or else the paragraph, introduces what follows."""
        return self.levels[-1].introduction if self.levels else self.own_introduction

    def continues(self, mark: str) -> bool:
        """Return whether a mark is the next one of a list that is open."""
        return any((level.style, level.number + 1) in _readings(mark) for level in self.levels)

    def take(self, mark: str, *, following: str, text: str) -> None:
        """Go to an item.

        A mark may be read in several ways: "(i)" follows "(h)" or begins a list of its own.

        Args:
            following: The mark of the next line, which tells such readings apart.
            text: The item's.
        """
        readings = _readings(mark)
        after = _readings(following)
        depth = len(self.levels) - 1
        while depth >= 0 and (self.levels[depth].style, self.levels[depth].number + 1) not in readings:
            depth -= 1
        opened = next((style for style, number in readings if number == 1 and not self._has(style)), "")
        if opened and depth >= 0:
            goes_on = (self.levels[depth].style, self.levels[depth].number + 2) in after
            begins = (opened, 2) in after
            is_introduced = bool(self.levels[-1].introduction)
            opened = opened if (begins or is_introduced) and not goes_on else ""
        if opened:
            self.levels.append(_Level(opened, 1, "1" if opened == "1" else mark, introduction(text)))
            return
        if depth < 0:  # a mark is missing, or a list begins again
            depth = max(
                (i for i, level in enumerate(self.levels) if level.style in dict(readings)), default=len(self.levels)
            )
        style, number = readings[0]
        if depth < len(self.levels):
            style = self.levels[depth].style
            number = dict(readings)[style]
        self.levels[depth:] = [_Level(style, number, mark, introduction(text))]

    def _has(self, style: str) -> bool:
        return any(level.style == style for level in self.levels)


def _readings(mark: str) -> tuple[tuple[str, int], ...]:
    """Return the styles and numbers that a mark may stand for, the likeliest first.

    >>> _readings("i"), _readings("l"), _readings("bb")
    ((('a', 9), ('i', 1)), (('a', 12), ('1', 1)), (('a', 28), ('aa', 2)))
    """
    if mark.isdecimal():
        return (("1", int(mark)),)
    readings = []
    if mark and len(set(mark)) == 1 and mark.isascii():
        number = ord(mark[0]) - ord("a") + 1
        readings = [("a", number)] if len(mark) == 1 else [("a", 26 + number), ("aa", number)]
    if mark in _ROMAN:
        readings.append(("i", _ROMAN[mark]))
    if mark == "l":  # as scans have it
        readings.append(("1", 1))
    return tuple(readings) or (("a", 0),)


def introduction(text: str) -> str:
    """Return the sentence that ends in a colon and so introduces what follows, if it is short enough to repeat."""
    if not text.endswith(":"):
        return ""
    tail = text[-_LEAD_CHARACTERS:]
    start, end = sentence_spans(tail)[-1]
    if start == 0 and len(tail) < len(text):
        return ""
    sentence = tail[start:end]
    return " ".join(sentence.split()) if word_count(sentence) <= _LEAD_WORDS else ""
