"""The frame of the conversation: questions to start with, how far the opening has come, what is searched."""

from collections.abc import Sequence
from typing import TypeAlias

from assistant.records import Progress, Source
from assistant.web.app import page_of
from assistant.web.rendering.strings import Strings
from assistant.web.rendering.templates import render

_SEARCHED = 12  # documents that are named beside the conversation

Example: TypeAlias = tuple[int | None, str]  # the number of the objective that a question concerns, if any, and its key

# A question for each objective of this roundtable that the background note answers; one on logistics.
NOTE_EXAMPLES: tuple[Example, ...] = tuple(
    zip((None, 1, 3, 7, 17, 23), (f"example.{n}" for n in range(1, 7)), strict=True)
)


def render_getting_ready(progress: Progress | None, strings: Strings) -> str:
    """Say how far the opening of the documents has come."""
    body, spoken = strings.text("getting_ready.opening"), strings.text("live.opening")
    if progress:
        done, total = progress.done, progress.total
        keys = {"reading": "getting_ready.body", "languages": "getting_ready.encoding"}
        body = strings.text(keys.get(progress.stage, f"getting_ready.{progress.stage}"), done=done, total=total)
        if progress.stage == "reading":
            spoken = strings.text("live.getting_ready", done=done, total=total)
    return render("page/getting_ready.html", body=body, spoken=spoken, progress=progress, strings=strings)


def render_searched(sources: Sequence[Source], strings: Strings, *, languages: Sequence[str] = ("en",)) -> str:
    """List the documents, of many the first ones, and the languages to ask in; nothing before they are known."""
    page = page_of(sorted(sources, key=lambda source: source.kind == "link"), size=_SEARCHED)
    has_digests = any(source.kind == "digest" for source in sources)
    return render("page/searched.html", page=page, has_digests=has_digests, languages=languages, strings=strings)
