import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.objectives.spreadsheets import classify_sheet
from assistant.records import Objective, ObjectiveMatch


def rank(topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
    """Ranks by the topic's length, so that a row's place can be told."""
    for topic in topics:
        numbers = [len(topic) % 23 + 1, 2, 3]
        yield tuple(ObjectiveMatch(Objective(n, f"Aim {n}", "", 0, 1), "inferred", 0.5) for n in numbers)


def written(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_a_spreadsheet_writes_is_read_and_written_alike(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["id", "Topic", "note"], ["1", 'Début, "fin"; ok', "é"], ["2", "two\nlines", ""]]
    with (tmp_path / "in.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)

    problems = classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    result = written(tmp_path / "out.csv", encoding, delimiter)
    assert problems == []
    assert [row[:3] for row in result] == rows
    assert result[0][3:6] == ["objective_1", "title_1", "confidence_1"]
    assert result[1][3:6] == ["17", "Aim 17", "0.500"]
    assert len(result[1]) == 12


def test_a_bad_row_is_reported_and_left_out_and_the_order_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic,n\na,1\n,2\nb,3,extra\n\nc,4\n?!,5\nd,6\n", encoding="utf-8")

    problems = classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    assert [row[1] for row in written(tmp_path / "out.csv")[1:]] == ["1", "4", "6"]
    assert [problem.split(": ", 1)[1] for problem in problems] == [
        "line 3: no words in the topic; left out.",
        "line 4: 3 cells instead of 2; left out.",
        "line 7: no words in the topic; left out.",
    ]


def test_a_topic_that_can_not_be_read_is_reported_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic,n\na,1\nça,2\nb,3\n", encoding="utf-8")

    problems = classify_sheet(
        tmp_path / "in.csv", tmp_path / "out.csv", rank, unread=lambda topic: "Illisible ici." if topic == "ça" else ""
    )

    assert [row[1] for row in written(tmp_path / "out.csv")[1:]] == ["1", "3"]
    assert [problem.split(": ", 1)[1] for problem in problems] == ["line 3: Illisible ici; left out."]


def test_progress_counts_every_row(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic\n" + "data\n" * 600, encoding="utf-8")
    told: list[tuple[int, int]] = []

    classify_sheet(
        tmp_path / "in.csv", tmp_path / "out.csv", rank, report=lambda done, total: told.append((done, total))
    )

    assert told == [(256, 600), (512, 600), (600, 600)]


def test_a_file_may_be_replaced_by_its_result(tmp_path: Path) -> None:
    path = tmp_path / "same.csv"
    path.write_text("topic\ndata\n", encoding="utf-8")

    classify_sheet(path, path, rank)

    assert written(path)[1][0] == "data"
    assert list(tmp_path.iterdir()) == [path]


def test_columns_of_an_earlier_run_are_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic,objective_1\ndata,5\n", encoding="utf-8")

    classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    assert written(tmp_path / "out.csv")[0][:3] == ["topic", "objective_1", "objective_1_new"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name,n\na,1\n", 'line 1 names no column "topic"'),
        (b"", 'line 1 names no column "topic"'),
        (b"\xff\xfet\x00o\x00p", "not text that can be read|names no column"),
        (b'topic\n"' + b"x" * 1_100_000, "not a CSV that can be read"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "in.csv").write_bytes(content)

    with pytest.raises(InputError, match=message) as caught:
        classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_target_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic\ndata\n", encoding="utf-8")

    with pytest.raises(InputError, match="can't be written"):
        classify_sheet(tmp_path / "in.csv", tmp_path / "none" / "out.csv", rank)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=HYPERLINK(A1)",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\r=1",
        "＝1",
    ],
)
def test_a_formula_is_written_as_text(tmp_path: Path, cell: str) -> None:
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["topic", "note"], [f"{cell} diplomas", cell]])

    classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    assert written(tmp_path / "out.csv")[1][:2] == [f"'{cell} diplomas", f"'{cell}"]


@pytest.mark.parametrize("cell", ["-5", "+3.5", "- 1 000,50", "-12%", "a=b", "children - and parents"])
def test_numbers_and_words_stay_as_they_are(tmp_path: Path, cell: str) -> None:
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["topic", "note"], ["diplomas", cell]])

    classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    assert written(tmp_path / "out.csv")[1][:2] == ["diplomas", cell]
