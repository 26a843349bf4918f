"""A draft that was sent becomes a page with its quotations, or a Word file with comments."""

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from assistant.documents import format_of, read_one
from assistant.errors import ReadError
from assistant.records import CheckedDraft, Quotation, anchor_of
from assistant.web.rendering import Strings, cite, difference_in_words, place_of, render

_TEXT = ".txt"  # as which a file of another kind is read


@dataclass(frozen=True, slots=True)
class Shown:
    """A quotation as it is shown.

    Attributes:
        address: Of the place in the page that shows whole documents; empty where no document has it.
    """

    quotation: Quotation
    citation: str
    address: str


def read_draft(name: str, content: bytes) -> str:
    """Read a file that somebody sent, in a process of its own where it isn't plain text.

    Raises:
        ReadError: It can't be read; the message doesn't tell where it lay.
    """
    suffix = PurePath(name).suffix.lower() if format_of(name) else _TEXT
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        path = Path(folder, f"draft{suffix}")
        path.write_bytes(content)
        try:
            return read_one(path).text
        except ReadError as error:
            said = str(error).removeprefix(f"{path}: ")
            raise ReadError(said[:1].upper() + said[1:]) from None


def render_draft(
    strings: Strings, *, style: str, text: str = "", checked: CheckedDraft | None = None, problem: str = ""
) -> str:
    """Write the page on which a draft is checked.

    Args:
        style: Address of its stylesheet.
        text: What stands in the box.
        checked: What came of it; None before.
        problem: Why it can't be checked; empty where it can.
    """
    shown = [_shown(each, strings) for each in checked.quotations] if checked else []
    return render(
        "comparisons/draft.html",
        strings=strings,
        style=style,
        text=text,
        checked=checked,
        shown=shown,
        problem=problem,
        difference_in_words=difference_in_words,
    )


def _shown(quotation: Quotation, strings: Strings) -> Shown:
    source = quotation.document
    if source is None or quotation.is_ours:
        return Shown(quotation, "", "")
    marks = [(quotation.source_start, quotation.source_end)]
    return Shown(
        quotation,
        cite(source, quotation.locator, strings),
        f"./{place_of(source, anchor_of(quotation.locator), marks)}",
    )
