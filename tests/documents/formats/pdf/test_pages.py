from assistant.documents.formats.pdf.pages import Piece, follows, lines_of, rows_of
from tests.documents.formats.pdf.pieces import piece, run


def test_a_run_follows_one_that_ends_where_it_begins() -> None:
    assert follows(run("one", 100, 400), run("two", 117, 400))
    assert not follows(run("one", 100, 400), run("two", 150, 400)), "a gap that may part columns"
    assert not follows(run("one", 100, 400), run("two", 117, 380)), "the line below"


def test_rows_are_read_from_the_top_and_from_the_left() -> None:
    rows = rows_of([piece("below", 50, 300), piece("right", 200, 400), piece("left", 50, 401)])

    assert [[each.text for each in row] for row in rows] == [["left", "right"], ["below"]]


def test_a_line_is_cut_where_a_gap_is_as_wide_as_between_cells() -> None:
    (line,) = lines_of([piece("Lissen", 50, 400), piece("12", 200, 400)], 4)

    assert line.cells == ("Lissen", "12")
    assert (line.text, line.page) == ("Lissen 12", 4)


def test_a_raised_figure_after_a_word_leads_to_a_note_and_is_left_out() -> None:
    (line,) = lines_of([Piece((run("shelter", 50, 400), run("3", 85, 404, size=6), run(" stays", 88, 400)))], 1)

    assert line.text == "shelter stays"
