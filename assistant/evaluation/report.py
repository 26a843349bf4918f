"""Show an evaluation: as text on a terminal, or between two marks of a Markdown file, with plots beside it."""

import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from assistant.errors import InputError
from assistant.evaluation.evaluate import Evaluation, RiskCoverage
from assistant.evaluation.metrics import Bin, Figure
from assistant.evaluation.plots import check_matplotlib, save_plots
from assistant.files import write_bytes

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_COVERAGES = (0.25, 0.5, 0.75, 1.0)  # columns of the table of risks


def render_text(evaluation: Evaluation) -> str:
    """Render figures and reliability as plain text."""
    lines = [f"{evaluation.split} questions, documents {evaluation.corpus[:15]}…, {evaluation.encoder}", ""]
    lines += render_figures(evaluation.figures)
    for name, bins in evaluation.reliability.items():
        lines += ["", f"Reliability: {name}", "chance          mean   share      n"]
        lines += [f"{_range(each)}   {each.mean:.3f}   {each.share:.3f}   {each.count:4}" for each in bins]
    return "\n".join(lines)


def render_figures(figures: Sequence[Figure]) -> list[str]:
    """Render a line for each figure."""
    return [f"{each.name:52} {_value(each):>9}  {_interval(each):18} n = {each.count}" for each in figures]


def check_report(path: Path) -> None:
    """Make sure that a report can be written into a file.

    Raises:
        InputError: The file, one of its two marks or matplotlib is missing.
    """
    _split_at_marks(path)
    check_matplotlib()


def write_report(evaluation: Evaluation, path: Path, *, today: date) -> None:
    """Replace the text between the two marks of a Markdown file, and the plots in the folder of the same name.

    Raises:
        InputError: The file or one of its two marks is missing.
    """
    before, after = _split_at_marks(path)
    plots = path.with_suffix("")
    plots.mkdir(exist_ok=True)
    save_plots(evaluation, plots)
    write_bytes(path, f"{before}{BEGIN}\n{_render_markdown(evaluation, plots.name, today)}{END}{after}".encode())


def _split_at_marks(path: Path) -> tuple[str, str]:
    """Return the text before the first mark and the text after the second."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the report can't be read ({error}).") from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise InputError(f"{path}: no place for the figures; mark it with a line {BEGIN} and, below it, a line {END}.")
    return before, after


# Markdown ------------------------------------------------------------------------------------------------------------


def _render_markdown(evaluation: Evaluation, plots: str, today: date) -> str:
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()})"
    return f"""
{today.day} {today:%B %Y}, {machine}; the questions whose names end in "{evaluation.split}"; {evaluation.encoder};
documents `{evaluation.corpus}`. Brackets hold 95 % bootstrap intervals.

{_table(["Figure", "Value", "95 % interval", "Questions"], map(_cells, evaluation.figures))}

## Answering only what is sure

![Risk by coverage; the table below says the same]({plots}/risk-coverage.svg)

{_risk_table(evaluation.risks)}

## Chances and what turned out

![Share that turned out by chance; the table below says the same]({plots}/reliability.svg)

{_reliability_table(evaluation.reliability)}

"""


def _cells(figure: Figure) -> Sequence[str]:
    return figure.name, _value(figure), _interval(figure), str(figure.count)


def _risk_table(risks: Mapping[str, RiskCoverage]) -> str:
    rows = []
    for name, risk in risks.items():
        at = [next((f"{wrong:.2f}" for share, wrong in risk.points if share >= c), "") for c in _COVERAGES]
        share, wrong = risk.chosen
        rows.append([name, *at, f"{wrong:.2f} at {share:.0%}"])
    return _table(["Share wrong", *(f"{coverage:.0%} answered" for coverage in _COVERAGES), "as set"], rows)


def _reliability_table(reliability: Mapping[str, Sequence[Bin]]) -> str:
    ranges = sorted({_range(each) for bins in reliability.values() for each in bins})
    columns = [{_range(each): f"{each.share:.2f} of {each.count}" for each in bins} for bins in reliability.values()]
    rows = [[chance, *(column.get(chance, "") for column in columns)] for chance in ranges]
    return _table(["Chance", *reliability], rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Render a Markdown table: its first column aligned left, the others right."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))


def _value(figure: Figure) -> str:
    return f"{_number(figure.value, figure)} ms" if figure.kind == "time" else _number(figure.value, figure)


def _interval(figure: Figure) -> str:
    return f"[{_number(figure.low, figure)}, {_number(figure.high, figure)}]"


def _number(value: float, figure: Figure) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.1f}" if figure.kind == "time" else f"{value:.3f}"


def _range(each: Bin) -> str:
    return f"{each.low:.1f} to {each.high:.1f}"
