"""Blanks: passages that have a place for what is asked, and nothing in it.

A form's bare label ("Focal point:"), and the row of a table whose cell under the asked heading is empty.
"""

import re
from itertools import zip_longest

from assistant.language import stems_of
from assistant.records import Passage

_LABEL_WORDS = 8
_TO_FILL_IN = " \u00a0\n|_.…☐"  # stands where something would be written
# Nothing is known: no letter or digit, or "n/a".
_NOTHING = re.compile(r"[\W_]*(?:n[./]{0,2}a\.?)?[\W_]*", re.IGNORECASE)


def is_blank(question: str, passage: Passage) -> bool:
    """Return whether a passage leaves open what a question asks for."""
    own = passage.text[passage.body :]
    label = own.strip(_TO_FILL_IN)
    if label.endswith((":", "：")) and len(label.split()) <= _LABEL_WORDS:
        return True
    cells = own.split("|")
    return len(cells) > 1 and (
        sum(not _NOTHING.fullmatch(cell) for cell in cells) < 2 or _is_empty_where_asked(question, passage.lead, cells)
    )


def _is_empty_where_asked(question: str, header: str, cells: list[str]) -> bool:
    """Return whether all cells are empty that stand under a heading of which the question has every word."""
    asked = set(stems_of(question))
    found = [
        cell
        for heading, cell in zip_longest(header.split("|"), cells, fillvalue="")
        if (named := set(stems_of(heading))) and named <= asked and not (set(stems_of(cell)) or {""}) <= asked
    ]
    return bool(found) and all(_NOTHING.fullmatch(cell) for cell in found)
