"""An evaluation -> what a person reads: a table for the terminal, or a part of a Markdown file with plots beside it.

The rest of that file is written by hand, and stays. This module knows nothing of how figures are measured.
"""

import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from assistant.errors import InputError
from assistant.evaluation.figures import Evaluation, RiskCoverage
from assistant.evaluation.metrics import Bin, Figure
from assistant.evaluation.plots import Series, render_plot

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_FEWEST = 5  # questions of a bin that is drawn; the table has them all
_COVERAGES = (0.25, 0.5, 0.75, 1.0)  # at which the risk is told in words


def render_text(evaluation: Evaluation) -> str:
    """Write figures and reliability as plain text."""
    lines = [f"{evaluation.split} questions, documents {evaluation.corpus[:15]}…, {evaluation.encoder}", ""]
    lines += [f"{each.name:44} {_value(each):>9}  {_interval(each):18} n = {each.count}" for each in evaluation.figures]
    for name, bins in evaluation.reliability.items():
        lines += ["", f"Reliability: {name}", "chance          mean   share      n"]
        lines += [f"{_range(each)}   {each.mean:.3f}   {each.share:.3f}   {each.count:4}" for each in bins]
    return "\n".join(lines)


def check_report(path: Path) -> None:
    """Make sure that a report can be written into a file.

    Raises:
        InputError: The file or one of its two marks is missing.
    """
    _around(path)


def write_report(evaluation: Evaluation, path: Path, *, today: date) -> None:
    """Replace what stands between the two marks of a Markdown file, and the plots in the folder of the same name.

    Raises:
        InputError: The file or one of its two marks is missing.
    """
    before, after = _around(path)
    plots = path.with_suffix("")
    plots.mkdir(exist_ok=True)
    for name, drawing in _drawings(evaluation).items():
        _write(plots / name, drawing)
    _write(path, f"{before}{BEGIN}\n{_markdown(evaluation, plots.name, today)}{END}{after}")


def _around(path: Path) -> tuple[str, str]:
    """The text before the first mark and that after the second."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the report can't be read ({error}).") from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise InputError(f"{path}: no place for the figures; mark it with a line {BEGIN} and, below it, a line {END}.")
    return before, after


def _write(path: Path, text: str) -> None:
    """Write a file in one step, so that nobody reads half of it."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


# Plots ---------------------------------------------------------------------------------------------------------------


def _drawings(evaluation: Evaluation) -> dict[str, str]:
    return {
        "reliability.svg": render_plot(
            "Reliability",
            across="chance, as the assistant sees it",
            up="share that turned out",
            series=[
                Series(name, points := [(each.mean, each.share) for each in bins if each.count >= _FEWEST], dots=points)
                for name, bins in evaluation.reliability.items()
            ],
            diagonal="as foretold",
        ),
        "risk-coverage.svg": render_plot(
            "Risk and coverage",
            across="coverage: share of questions answered",
            up="risk: share of the answered that are wrong",
            series=[
                Series(f"{name} (dot: as set)", risk.points, dots=[risk.chosen])
                for name, risk in evaluation.risks.items()
            ],
        ),
    }


# Markdown ------------------------------------------------------------------------------------------------------------


def _markdown(evaluation: Evaluation, plots: str, today: date) -> str:
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
    """A table in Markdown: words to the left, numbers to the right."""
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
