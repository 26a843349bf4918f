from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.errors import InputError
from assistant.evaluation.evaluate import Evaluation, RiskCoverage
from assistant.evaluation.metrics import Bin, Figure, figure
from assistant.evaluation.report import BEGIN, END, check_report, render_figures, render_text, write_report

EVALUATION = Evaluation(
    split="test",
    corpus="sha256:0123456789abcdef",
    encoder="bag-of-words",
    figures=(
        Figure("documents: recall@1", 0.75, 0.5, 1.0, 4),
        figure("documents: refused, far", []),
        Figure("latency: median", 12.34, 10, 20, 4, "time"),
    ),
    reliability={"documents": (Bin(0.2, 0.3, 0.25, 0.5, 2), Bin(0.7, 0.8, 0.75, 1.0, 1))},
    risks={"documents": RiskCoverage(points=((0.25, 0.0), (1.0, 0.5)), chosen=(0.75, 0.25))},
)
DAY = date(2026, 11, 24)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "how-well.md"
    page.write_text(f"# By hand\n\n{BEGIN}\nold figures\n{END}\n\nBy hand, too — “so”.\n", encoding="utf-8")
    return page


def test_a_terminal_gets_a_line_for_each_figure() -> None:
    lines = render_text(EVALUATION).splitlines()

    assert lines[0] == "test questions, documents sha256:01234567…, bag-of-words"
    assert lines[2].split() == ["documents:", "recall@1", "0.750", "[0.500,", "1.000]", "n", "=", "4"]
    assert lines[4].split() == ["latency:", "median", "12.3", "ms", "[10.0,", "20.0]", "n", "=", "4"]
    assert lines[-1].split() == ["0.7", "to", "0.8", "0.750", "1.000", "1"]


def test_figures_are_in_columns() -> None:
    lines = render_figures(EVALUATION.figures)

    assert len(lines) == len(EVALUATION.figures)
    assert len({line.index("n =") for line in lines}) == 1


def test_only_what_stands_between_the_marks_is_replaced(page: Path) -> None:
    write_report(EVALUATION, page, today=DAY)

    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# By hand\n\n{BEGIN}\n")
    assert text.endswith(f"{END}\n\nBy hand, too — “so”.\n")
    assert "old figures" not in text
    assert "24 November 2026" in text
    assert "sha256:0123456789abcdef" in text
    assert "| documents: recall@1 | 0.750 | [0.500, 1.000] | 4 |" in text
    assert "| documents: refused, far | – | [–, –] | 0 |" in text
    assert "| documents | 0.00 | 0.50 | 0.50 | 0.50 | 0.25 at 75% |" in text
    assert "| 0.7 to 0.8 | 1.00 of 1 |" in text


def test_a_report_written_again_is_the_same(page: Path) -> None:
    write_report(EVALUATION, page, today=DAY)
    first = page.read_bytes()

    write_report(EVALUATION, page, today=DAY)

    assert page.read_bytes() == first
    assert sorted(each.name for each in page.parent.iterdir()) == ["how-well", "how-well.md"]


def test_plots_stand_where_the_report_shows_them(page: Path) -> None:
    write_report(EVALUATION, page, today=DAY)

    for name in ("risk-coverage.svg", "reliability.svg"):
        assert f"](how-well/{name})" in page.read_text(encoding="utf-8")
        assert ElementTree.parse(page.parent / "how-well" / name).getroot().tag.endswith("svg")


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_page_without_both_marks_is_left_alone(page: Path, text: str) -> None:
    page.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="no place for the figures"):
        write_report(EVALUATION, page, today=DAY)

    assert page.read_text(encoding="utf-8") == text


def test_a_page_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.md"):
        check_report(tmp_path / "gone.md")


def test_the_projects_own_page_has_its_marks() -> None:
    check_report(Path(__file__).resolve().parents[2] / "docs" / "evaluation.md")


def test_no_figures_are_still_a_report(page: Path) -> None:
    nothing = Evaluation("dev", "sha256:0", "none", (figure("empty", []),), {}, {})

    write_report(nothing, page, today=DAY)

    assert "| empty | – |" in page.read_text(encoding="utf-8")
