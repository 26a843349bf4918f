import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.errors import InputError
from assistant.evaluation.evaluate import Evaluation, RiskCoverage
from assistant.evaluation.metrics import Bin
from assistant.evaluation.plots import check_matplotlib, save_plots

SVG = "{http://www.w3.org/2000/svg}"
EVALUATION = Evaluation(
    split="test",
    corpus="sha256:0",
    encoder="bag-of-words",
    figures=(),
    reliability={"documents": (Bin(0.2, 0.3, 0.25, 0.5, 4), Bin(0.7, 0.8, 0.75, 1.0, 5))},
    risks={"documents": RiskCoverage(points=((0.25, 0.0), (1.0, 0.5)), chosen=(0.75, 0.25))},
)


def texts_of(path: Path) -> set[str]:
    return {"".join(each.itertext()).strip() for each in ElementTree.parse(path).getroot().iter(f"{SVG}text")}


def test_each_plot_names_itself_its_axes_and_its_lines(tmp_path: Path) -> None:
    save_plots(EVALUATION, tmp_path)

    assert {"Reliability", "share that turned out", "documents", "as foretold"} <= texts_of(
        tmp_path / "reliability.svg"
    )
    assert {"Risk and coverage", "coverage: share of questions answered", "documents (dot: as set)"} <= texts_of(
        tmp_path / "risk-coverage.svg"
    )


def test_the_same_figures_draw_the_same_files(tmp_path: Path) -> None:
    folders = tmp_path / "once", tmp_path / "again"

    for folder in folders:
        folder.mkdir()
        save_plots(EVALUATION, folder)

    once, again = ([each.read_bytes() for each in sorted(folder.iterdir())] for folder in folders)
    assert once == again
    assert len(once) == 2


def test_nothing_measured_is_an_empty_plot(tmp_path: Path) -> None:
    nothing = Evaluation("dev", "sha256:0", "none", (), {"documents": ()}, {"documents": RiskCoverage((), (0.0, 0.0))})

    save_plots(nothing, tmp_path)

    assert "documents" in texts_of(tmp_path / "reliability.svg")


def test_without_matplotlib_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(InputError, match=r"isn't installed; run: pip install -r requirements-dev\.txt$"):
        check_matplotlib()
