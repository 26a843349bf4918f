"""Cells become rows in which each stands under its heading: empty cells keep their place, merged ones are repeated."""

from dataclasses import dataclass, field

_MOST_COLUMNS = 200
_MOST_ROWS = 1000  # that a cell reaches into
_LONGEST_REPEATED = 300  # characters; what is longer stands in the first of its places alone


@dataclass(slots=True)
class Grid:
    """The rows of a table, one after the other."""

    _row: list[str] = field(default_factory=list)
    _above: list[str] = field(default_factory=list)
    _own: int = 0  # cells of this row that don't reach down from above
    # By column: the text of a cell that reaches down, and into how many rows from this one on.
    _reaching: dict[int, tuple[str, int]] = field(default_factory=dict)

    def add(self, text: str, *, columns: int = 1, rows: int = 1) -> None:
        """Add a row's next cell, which may be as wide as several columns and as high as several rows."""
        self._fill()
        self._own += 1
        repeated = text if len(text) <= _LONGEST_REPEATED else ""
        for place in range(max(min(columns, _MOST_COLUMNS - len(self._row)), 1)):
            if rows > 1:
                self._reaching[len(self._row)] = repeated, min(rows, _MOST_ROWS)
            self._row.append(repeated if place else text)

    def add_from_above(self, *, columns: int = 1) -> None:
        """Add the part of a cell that reaches down from the row above."""
        for column in range(len(self._row), len(self._row) + min(columns, _MOST_COLUMNS)):
            above = self._above[column] if column < len(self._above) else ""
            self._row.append(above if len(above) <= _LONGEST_REPEATED else "")

    def end_row(self) -> str:
        """End a row, and return its cells parted by " | "; nothing for a row that is empty."""
        self._fill()
        while any(column > len(self._row) for column in self._reaching):
            self._row.append("")
            self._fill()
        cells, own = self._row, self._own
        self._row, self._above, self._own = [], cells, 0
        self._reaching = {column: (text, rows - 1) for column, (text, rows) in self._reaching.items() if rows > 1}
        if own == 1 and len(set(cells)) == 1:
            return cells[0]  # a heading over all columns
        return " | ".join(cells).strip() if own and any(cells) else ""

    def _fill(self) -> None:
        """Add what reaches down from the rows above into the next places."""
        while len(self._row) in self._reaching:
            self._row.append(self._reaching[len(self._row)][0])
