"""Show on standard error how far a build, a classification or a download has come."""

import sys
from typing import Any, Self

from tqdm import tqdm

from assistant.records import Progress

_UNITS = {"reading": "documents", "learning": "examples", "classifying": "rows"}  # by stage; else texts


class ProgressBar:
    """A bar for each stage of what goes on; as a context it is closed at the end."""

    def __init__(self, *, shown: bool) -> None:
        """Choose whether progress is shown; downloads always are."""
        self._shown = shown
        self._bar: Any = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def report(self, progress: Progress) -> None:
        """Move the bar; a new stage gets a bar of its own."""
        if self._shown:
            unit = _UNITS.get(progress.stage, "texts")
            self._move(progress.stage.capitalize(), progress.done, progress.total, unit=f" {unit}")

    def report_bytes(self, name: str, done: int, total: int | None) -> None:
        """Move the bar of a file that is being fetched; its total may be unknown."""
        self._move(name, done, total, unit="B", unit_scale=True)

    def _move(self, stage: str, done: int, total: int | None, **options: Any) -> None:
        if stage != self._stage:
            self.__exit__()
            self._bar = tqdm(total=total, desc=stage, file=sys.stderr, **options)
            self._stage = stage
        self._bar.total = total
        self._bar.update(done - self._bar.n)
