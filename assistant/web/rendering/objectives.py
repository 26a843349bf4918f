"""The objectives as HTML: the ranking of a topic, and the choice that narrows a search."""

from collections.abc import Collection, Sequence

from assistant.records import THIS_ROUND_TABLE, Classification, Objective, Source
from assistant.web.app import page_of
from assistant.web.rendering.passages import Context
from assistant.web.rendering.strings import Strings
from assistant.web.rendering.templates import render
from assistant.web.rendering.wording import short_name, standing_in_words

_CHOICES = 20  # documents that are offered at once


def render_ranking(classification: Classification, context: Context) -> str:
    """Write the objectives of a topic, and what the documents say on it."""
    spoken = ranking_announcement(classification, context.strings)
    return render("objectives/ranking.html", classification=classification, context=context, spoken=spoken)


def ranking_announcement(classification: Classification, strings: Strings) -> str:
    """Return what a screen reader is told when a ranking has arrived, as plain text."""
    first = classification.objectives[0]
    known = standing_in_words(first, strings)
    title = short_name(first.objective, strings)
    return strings.text("live.ranked", n=first.objective.number, title=title, percent=known)


def render_filter(
    objectives: Sequence[Objective], strings: Strings, *, sources: Sequence[Source] = (), finds: bool = True
) -> str:
    """Write a folded choice of objectives by roundtable, this one first, and one of documents where there are several.

    Args:
        sources: The documents with text.
        finds: Whether its page can search very many of them; otherwise there is no choice among these.
    """
    choice = render_choice(sources, strings) if finds or len(sources) <= _CHOICES else ""
    tables = sorted({each.round_table for each in objectives}, key=lambda n: (n != THIS_ROUND_TABLE, n))
    groups = [(n, [each for each in objectives if each.round_table == n]) for n in tables]
    return render("objectives/filter.html", groups=groups, choice=choice, strings=strings)


def render_choice(sources: Sequence[Source], strings: Strings, *, find: str = "", chosen: Collection[str] = ()) -> str:
    """Write the choice among several documents: all, or of very many those that are chosen or were searched for."""
    if len(sources) <= 1:
        return ""
    few = len(sources) <= _CHOICES
    page = page_of(sources, size=_CHOICES, find="" if few else find)
    above = [] if few else [source for source in sources if source.id in chosen]
    below = [source for source in page.sources if source not in above] if few or find.strip() else []
    values = {"few": few, "page": page, "above": above, "below": below, "chosen": chosen}
    return render("objectives/choice.html", strings=strings, **values)


def chosen_numbers(text: str, known: Collection[int]) -> frozenset[int]:
    """Read which boxes of the choice are ticked, as a page sends it.

    >>> sorted(chosen_numbers("3,7,99,x", range(1, 24)))
    [3, 7]
    """
    numbers = {int(each) for each in text.split(",") if each.isascii() and each.isdigit() and len(each) <= 2}
    return frozenset(numbers & set(known))
