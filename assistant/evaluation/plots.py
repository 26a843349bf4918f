"""Draw an evaluation with matplotlib, which only development needs and which is imported only here."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.evaluate import Evaluation, RiskCoverage
from assistant.evaluation.metrics import Bin
from assistant.files import write_bytes

_FEWEST = 5  # questions in a bin that is drawn; the report's table shows all
# Okabe and Ito's colours, which the colour-blind can tell apart; dashes tell the lines apart without colour.
_STYLES = (("#0072b2", "-"), ("#d55e00", "--"), ("#00795a", ":"))
# Text stays text, and the same figures give the same file.
_SVG = {"svg.fonttype": "none", "svg.hashsalt": "evaluation", "font.family": "sans-serif"}


def check_matplotlib() -> None:
    """Make sure that plots can be drawn.

    Raises:
        InputError: matplotlib isn't installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise InputError(
            "The report's plots need matplotlib, which isn't installed; run: pip install -r requirements-dev.txt"
        ) from error


def save_plots(evaluation: Evaluation, folder: Path) -> None:
    """Write `reliability.svg` and `risk-coverage.svg` into a folder."""
    from matplotlib import rc_context

    with rc_context(_SVG):
        _save(_draw_reliability(evaluation.reliability), folder / "reliability.svg")
        _save(_draw_risk(evaluation.risks), folder / "risk-coverage.svg")


def _draw_reliability(reliability: Mapping[str, Sequence[Bin]]) -> Any:
    figure, axes = _square("Reliability", across="chance, as the assistant sees it", up="share that turned out")
    axes.plot([0, 1], [0, 1], color="#767676", linewidth=1, label="as foretold")
    for (name, bins), (colour, dashes) in zip(reliability.items(), _STYLES, strict=False):
        drawn = [each for each in bins if each.count >= _FEWEST]
        means, shares = [each.mean for each in drawn], [each.share for each in drawn]
        axes.plot(means, shares, color=colour, linestyle=dashes, marker="o", label=name)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _draw_risk(risks: Mapping[str, RiskCoverage]) -> Any:
    figure, axes = _square(
        "Risk and coverage",
        across="coverage: share of questions answered",
        up="risk: share of the answered that are wrong",
    )
    for (name, risk), (colour, dashes) in zip(risks.items(), _STYLES, strict=False):
        across, up = zip(*risk.points, strict=True) if risk.points else ((), ())
        axes.plot(across, up, color=colour, linestyle=dashes, label=f"{name} (dot: as set)")
        axes.plot(*risk.chosen, color=colour, marker="o")
    if risks:
        figure.legend(loc="outside right upper", frameon=False)
    return figure


def _square(title: str, *, across: str, up: str) -> tuple[Any, Any]:
    """Return a drawing and its axes, both from 0 to 1."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.grid(color="#dcdcdc")
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    drawn = BytesIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    write_bytes(path, drawn.getvalue())
