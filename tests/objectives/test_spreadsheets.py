import csv
import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import openpyxl
import pytest

from assistant.errors import InputError
from assistant.objectives.spreadsheets import SheetOutcome, classify_sheet, correct_sheet, ranked_rows
from assistant.records import Objective, ObjectiveMatch

Rows: TypeAlias = list[list[str]]


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

    outcome = classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)

    result = written(tmp_path / "out.csv", encoding, delimiter)
    assert outcome.remarks == ()
    assert [row[:3] for row in result] == rows
    assert result[0][3:6] == ["objective_1", "title_1", "confidence_1"]
    assert result[1][3:6] == ["17", "Aim 17", "0.500"]
    assert len(result[1]) == 12


def test_objectives_that_are_hardly_possible_leave_their_cells_blank(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic\nfootball\n", encoding="utf-8")
    aims = [Objective(n, f"Aim {n}", "", 0, 1) for n in (7, 2, 3)]
    ranked = tuple(ObjectiveMatch(aim, "inferred", chance) for aim, chance in zip(aims, (0.6, 0.19, 0.01), strict=True))

    classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", lambda topics: iter([ranked for _ in topics]))

    assert written(tmp_path / "out.csv")[1] == ["football", "7", "Aim 7", "0.600", *[""] * 6]


def classified(folder: Path, content: bytes, delimiter: str = ",", encoding: str = "utf-8") -> tuple[list[str], Rows]:
    """Return what is remarked on a sheet, and its rows with their topic's first objective."""
    (folder / "in.csv").write_bytes(content)
    outcome = classify_sheet(folder / "in.csv", folder / "out.csv", rank)
    return [remark.split(": ", 1)[1] for remark in outcome.remarks], written(folder / "out.csv", encoding, delimiter)


def test_every_row_comes_out_in_order_and_what_is_amiss_is_named(tmp_path: Path) -> None:
    remarks, rows = classified(tmp_path, b"topic,n\na,1\n,2\nb,3,extra\n\nc\n?!,5\n,\nd,6,,\n")

    assert [row[:4] for row in rows] == [
        ["topic", "n", "", "objective_1"],
        ["a", "1", "", "2"],
        ["", "2", ""],
        ["b", "3", "extra", "2"],
        [],
        ["c", "", "", "2"],
        ["?!", "5", ""],
        ["", ""],
        ["d", "6", "", "2"],
    ]
    assert remarks == [
        "line 3: no words in the topic; no objectives.",
        "line 4: 3 cells instead of 2.",
        "line 7: no words in the topic; no objectives.",
    ]


def test_a_topic_that_can_not_be_read_gets_no_objectives(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic,n\na,1\nça,2\nb,3\n", encoding="utf-8")

    outcome = classify_sheet(
        tmp_path / "in.csv", tmp_path / "out.csv", rank, unread=lambda topic: "Illisible ici." if topic == "ça" else ""
    )

    assert [row[1] for row in written(tmp_path / "out.csv")[1:]] == ["1", "2", "3"]
    assert [remark.split(": ", 1)[1] for remark in outcome.remarks] == ["line 3: Illisible ici; no objectives."]
    assert outcome.ranked == 2


@pytest.mark.parametrize(
    ("content", "delimiter", "topics"),
    [
        (b"sep=;\r\nid;topic\r\n1;visas, permits\r\n", ";", ["visas, permits"]),
        (b"\n\n,,\nTopics of the meeting,,\nid,topic,\n1,visas,\n2,work,\n", ",", ["visas", "work"]),
        (b'id,"Topic\r\n"\r\n1,visas\r\n', ",", ["visas"]),
        (b'"date\nof receipt",topic\n1,"visas\nand work"\n2,x\n', ",", ["visas\nand work", "x"]),
        (b"id,topic\n1,visas,\n2,work,\n", ",", ["visas", "work"]),
    ],
    ids=["sep", "lines-above", "break-in-topic", "break-in-header", "comma-more"],
)
def test_what_programs_put_around_a_header_is_kept(
    tmp_path: Path, content: bytes, delimiter: str, topics: Sequence[str]
) -> None:
    remarks, rows = classified(tmp_path, content, delimiter)

    header = next(i for i, row in enumerate(rows) if "objective_1" in row)
    assert [row[1] for row in rows[header + 1 :]] == topics
    assert all(row[rows[header].index("confidence_1")] == "0.500" for row in rows[header + 1 :])
    assert remarks == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(tmp_path: Path, encoding: str) -> None:
    _, rows = classified(tmp_path, "id,topic\n1,début\n2,travail\n".encode(encoding), encoding=encoding)

    assert [row[1] for row in rows[1:]] == ["début", "travail"]


@pytest.mark.parametrize(
    ("stray", "cells"),
    [
        ('2,"visas,x', ["2", '"visas', "x"]),
        ('2,"visas" for all,x', ["2", '"visas" for all', "x"]),
        ('2,"work, visas","x" y', ["2", "work, visas", '"x" y']),
    ],
)
def test_a_stray_quotation_mark_is_named_with_its_line_and_costs_no_row(
    tmp_path: Path, stray: str, cells: Sequence[str]
) -> None:
    content = f'id,topic,n\n1,"a\nb",x\n{stray}\n3,"c, d",x\n4,e,x\n'

    remarks, rows = classified(tmp_path, content.encode())

    assert [row[:3] for row in rows[1:]] == [["1", "a\nb", "x"], cells, ["3", "c, d", "x"], ["4", "e", "x"]]
    assert remarks == ["line 4: a quotation mark without its partner; read as it stands."]


def test_a_workbook_becomes_a_csv_that_excel_opens(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("Topics")
    for row in ([], ["id", "Topic", "day"], [1, "visas", datetime.date(2026, 3, 9)], [], [3.0, "été, emploi", None]):
        sheet.append(row)
    book.save(tmp_path / "in.xlsx")

    outcome = classify_sheet(tmp_path / "in.xlsx", tmp_path / "out.csv", rank)

    rows = written(tmp_path / "out.csv", "utf-8-sig")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert [row[:4] for row in rows] == [
        [],
        ["id", "Topic", "day", "objective_1"],
        ["1", "visas", "2026-03-09", "6"],
        [],
        ["3", "été, emploi", "", "12"],
    ]
    assert outcome == SheetOutcome(2, ())


def test_a_workbook_comes_out_where_the_target_is_one_and_may_be_the_source(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["topic", "n"], ["visas", "007"], [], ["=SUM(A1)", "#N/A"], ["été", 3]):
        book.active.append(row)
    book.active["A4"].data_type = "s"
    book.save(tmp_path / "in.xlsx")

    classify_sheet(tmp_path / "in.xlsx", tmp_path / "in.xlsx", rank)

    sheet = openpyxl.load_workbook(tmp_path / "in.xlsx").active
    rows = [list(row)[:5] for row in sheet.values]
    assert rows[0] == ["topic", "n", "objective_1", "title_1", "confidence_1"]
    assert rows[1] == ["visas", "007", 6, "Aim 6", 0.5]
    assert rows[2] == [None] * 5
    assert rows[3][:2] == ["=SUM(A1)", "#N/A"]
    assert [cell.data_type for cell in sheet[4][:2]] == ["s", "s"]
    assert rows[4] == ["été", 3, 4, "Aim 4", 0.5]


def test_a_workbook_is_not_replaced_by_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["topic"])
    book.save(tmp_path / "in")

    with pytest.raises(InputError, match="give the result another name"):
        classify_sheet(tmp_path / "in", tmp_path / "in", rank)


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        ('id,topic\n1,visas\n\n2,?\n,\n3,"a\nb"\n', "utf-8", ","),
        ('sep=;\nid;topic\n1;visas\n\n2;?\n;\n3;"a\nb"\n', "utf-16", ";"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_person_chose_stands_in_the_result_and_the_rest_stays(
    tmp_path: Path, content: str, encoding: str, delimiter: str, kind: str
) -> None:
    (tmp_path / "in.csv").write_bytes(content.encode(encoding))
    classify_sheet(tmp_path / "in.csv", tmp_path / "out.csv", rank)
    before = written(tmp_path / "out.csv", encoding, delimiter)
    topics = list(ranked_rows(tmp_path / "out.csv"))
    table = {n: Objective(n, f"Aim {n}", "", 0, 1) for n in range(1, 24)}

    chosen = {topics[0].number: [9, 2], topics[1].number: [], topics[2].number: [11]}
    correct_sheet(tmp_path / "out.csv", tmp_path / f"corrected.{kind}", chosen, table)

    assert [(row.topic, row.objectives[:1]) for row in topics] == [
        ("visas", ((6, 0.5),)),
        ("?", ()),
        ("a\nb", ((4, 0.5),)),
    ]
    if kind == "csv":
        after = written(tmp_path / "corrected.csv", encoding, delimiter)
    else:
        sheet = openpyxl.load_workbook(tmp_path / "corrected.xlsx").active
        after = [["" if each is None else str(each) for each in row] for row in sheet.values]
    first = len(content.splitlines()) - 6  # of the rows, below the header
    assert len(after) == len(before)
    assert after[first][:8] == [
        "1",
        "visas",
        "9",
        "Aim 9",
        "by hand",
        "2",
        "Aim 2",
        "0.500" if kind == "csv" else "0.5",
    ]
    assert not any(after[first][8:])
    assert not any(after[first + 1])
    assert after[first + 2][:3] == ["2", "?", ""]
    assert not any(after[first + 3])
    assert after[first + 4][:5] == ["3", "a\nb", "11", "Aim 11", "by hand"]


def test_a_file_that_is_no_result_is_not_corrected(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("topic\nvisas\n", encoding="utf-8")

    with pytest.raises(InputError, match="holds no objectives yet"):
        correct_sheet(tmp_path / "in.csv", tmp_path / "out.csv", {}, {})


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
        (b"PK\x03\x04 and no more", "no Excel workbook, or a damaged one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file, or one with a password"),
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
