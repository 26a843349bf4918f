"""A web page becomes the links in it."""

from html.parser import HTMLParser


def links_of(page: bytes) -> tuple[str, ...]:
    """Return the targets of a web page's links, each once, in order."""
    finder = _LinkFinder()
    finder.feed(page.decode("utf-8", "replace"))
    finder.close()
    return tuple(dict.fromkeys(finder.targets))


class _LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        target = dict(attrs).get("href") if tag == "a" else None
        if target and target.strip():
            self.targets.append(target.strip())
