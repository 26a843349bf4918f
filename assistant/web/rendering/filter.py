"""The objectives -> HTML: native checkboxes that narrow a search, grouped by roundtable.

Pure functions; this module knows nothing of Gradio or of answers.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape

from assistant.records import THIS_ROUND_TABLE, Objective
from assistant.web.rendering.cards import objective_attributes, render_plate, short_name
from assistant.web.rendering.strings import Strings


def render_filter(objectives: Sequence[Objective], strings: Strings) -> str:
    """Write a folded choice of objectives, this roundtable's first."""
    tables = sorted({each.round_table for each in objectives}, key=lambda n: (n != THIS_ROUND_TABLE, n))
    groups = "".join(_group(n, [each for each in objectives if each.round_table == n], strings) for n in tables)
    title = escape(strings.text("filter.narrow"))
    # The page's script counts, and "{n}" is where its number goes; the stylesheet shows the one or the other.
    forms = json.dumps(dict(strings.forms("filter.chosen")))
    return (
        f'<aside class="aside" aria-label="{title}"><details class="fold" id="filter-fold"><summary>'
        f"<strong>{title}</strong> "
        f'<span class="quiet none-chosen">{escape(strings.text("filter.all"))}</span>'
        f'<span class="quiet" data-chosen data-forms="{escape(forms)}"></span></summary>'
        f"<div>{groups}"
        f'<p data-clear hidden><button type="button" class="text-action">{escape(strings.text("filter.clear"))}'
        "</button></p></div></details></aside>"
    )


def _group(round_table: int, objectives: Iterable[Objective], strings: Strings) -> str:
    name = strings.text("round_table", n=round_table)
    name += f" ({strings.text('round_table.this')})" if round_table == THIS_ROUND_TABLE else ""
    return (
        f'<fieldset class="filter-group"><legend>{escape(name)}</legend>'
        f"{''.join(_choice(objective, strings) for objective in objectives)}</fieldset>"
    )


def _choice(objective: Objective, strings: Strings) -> str:
    return (
        f'<label class="choice" {objective_attributes(objective)}>'
        f'<input type="checkbox" name="objective" value="{objective.number}">{render_plate(objective.number)}'
        f'<span><span class="visually-hidden">{objective.number} </span>{escape(short_name(objective, strings))}</span>'
        "</label>"
    )


def chosen_numbers(text: str, known: Collection[int]) -> frozenset[int]:
    """Read what the page sends of the boxes that are ticked.

    >>> sorted(chosen_numbers("3,7,99,x", range(1, 24)))
    [3, 7]
    """
    numbers = {int(each) for each in text.split(",") if each.isascii() and each.isdigit() and len(each) <= 2}
    return frozenset(numbers & set(known))


def names_of(numbers: Iterable[int], table: Mapping[int, Objective], strings: Strings) -> str:
    """Name objectives in a line: "3 Information; 7 Vulnerabilities"."""
    return strings.semicolon.join(
        f"{n} {short_name(table[n], strings)}" if n in table else str(n) for n in sorted(numbers)
    )
