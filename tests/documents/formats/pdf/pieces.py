"""Pieces of text at places of a made-up page."""

from assistant.documents.formats.pdf.pages import Page, Piece, Run

SIZE = 10.0  # points


def run(text: str, left: float, base: float, *, size: float = SIZE, bold: bool = False) -> Run:
    """Set a text in letters half as wide as high."""
    right = left + len(text) * size / 2
    first = text.split(" ", maxsplit=1)[0] or text
    return Run(text, left, right, base, size, left + len(first) * size / 2, bold)


def piece(text: str, left: float, base: float, *, size: float = SIZE) -> Piece:
    """Make a piece of one run."""
    return Piece((run(text, left, base, size=size),))


def page(*pieces: Piece, number: int = 1) -> Page:
    """Make a page that is 800 points high."""
    return Page(number, 800.0, pieces)
