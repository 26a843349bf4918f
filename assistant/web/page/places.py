"""The places of the page, in one table: a place more is one row here, one template, and its words in the locales."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the page.

    Attributes:
        name: Its name in the page's scripts.
        label: The key of the words that lead to it.
        template: Its content; empty for a page of its own, which the scripts leave alone.
        addresses: The first parts of the paths that lead to it; its own address comes first.
    """

    name: str
    label: str
    template: str
    addresses: tuple[str, ...]


PLACES = (
    Place("ask", "place.ask", "page/ask.html", ("",)),
    Place("objective", "place.objective", "objectives/view.html", ("objective", "many", "coverage")),
    Place("documents", "place.documents", "documents/view.html", ("documents",)),
    Place("draft", "place.draft", "", ("draft",)),
)
