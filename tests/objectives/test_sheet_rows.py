from pathlib import Path

from assistant.objectives.sheet_rows import Row, open_sheet


def test_rows_begin_on_their_lines_and_what_stands_above_the_header_is_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'sep=;\n\nid;"Topic\n"\n1;"a\nb"\n\n2;"c\n3;d\n')

    sheet = open_sheet(tmp_path / "in.csv")

    assert sheet.above == (["sep=", ""], [])
    assert (sheet.header, sheet.topic) == (("id", "Topic\n"), 1)
    assert list(sheet.rows()) == [
        Row(5, ["1", "a\nb"]),
        Row(7, []),
        Row(8, ["2", '"c'], is_stray=True),
        Row(9, ["3", "d"]),
    ]


def test_a_quotation_mark_that_is_never_closed_costs_one_row_of_a_long_file(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'topic\n"a\n' + b"b\n" * 5000)

    rows = list(open_sheet(tmp_path / "in.csv").rows())

    assert len(rows) == 5001
    assert [row.line for row in rows if row.is_stray] == [2]
