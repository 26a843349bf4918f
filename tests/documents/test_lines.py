from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.formats.blocks import BlockKind
from assistant.documents.lines import Stretch, lines_of, markdown_title, without_link_marks
from assistant.documents.structure import paragraphs_of

Known = list[tuple[str, BlockKind]]
PROSE = "Towns keep a register of rooms and place a family within a day, which costs little."


def known(*pieces: tuple[str, BlockKind], pages: tuple[int, ...] = (), label: str = "") -> tuple[str, list[Stretch]]:
    """A text of pieces whose kinds are known."""
    text, stretches = "", []
    for i, (piece, kind) in enumerate(pieces):
        text += "\n\n" if i else ""
        stretches.append(Stretch(len(text), len(text) + len(piece), kind, pages[i] if pages else 0, label))
        text += piece
    return text, stretches


def kinds(*pieces: tuple[str, BlockKind]) -> list[str]:
    return [line.kind for line in lines_of(*known(*pieces))]


def locators(*pieces: tuple[str, BlockKind], pages: tuple[int, ...] = (), label: str = "") -> list[str]:
    return [paragraph.locator for paragraph in paragraphs_of(*known(*pieces, pages=pages, label=label))]


@pytest.mark.parametrize(
    ("line", "title"),
    [("# A", "A"), ("###### A ##", "A"), ("####### A", None), ("#A", None), ("A", None), ("# ", ""), ("#", None)],
)
def test_a_heading_in_markdown_is_told_by_its_marks(line: str, title: str | None) -> None:
    assert markdown_title(line) == title


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("available [here](#).", "available here."),
        ("[Policy Brief](#): COVID-19", "Policy Brief: COVID-19"),
        ("the [account](https://a.org/b) (@UNMigNetwork)", "the account (@UNMigNetwork)"),
        ("[Compact](https://a.org/Compact_(2018))", "Compact"),
        ('[two\nlines](/a "A title")', "two\nlines"),
        ("a note [1] (see below), f[x](y z)", "a note [1] (see below), f[x](y z)"),
    ],
)
def test_a_link_is_read_by_its_words(text: str, read: str) -> None:
    assert without_link_marks(text) == read


def test_where_headings_are_known_a_short_line_is_none() -> None:
    pieces: Known = [("Rooms", "heading"), (PROSE, "paragraph"), ("Port", "paragraph"), ("Beds", "heading")]

    assert kinds(*pieces, (PROSE, "paragraph")) == ["heading", "plain", "plain", "heading", "plain"]
    assert kinds(*pieces[1:3], (PROSE, "paragraph")) == ["plain", "heading", "plain"]


def test_marks_that_wrapped_text_could_begin_with_count_where_paragraphs_are_known() -> None:
    assert kinds(("1.2 Rooms are kept.", "paragraph"), ("b. a bed", "paragraph")) == ["numbered", "lettered"]
    assert [line.kind for line in lines_of("1.2 Rooms are kept.\nb. a bed.")] == ["plain", "plain"]


def test_numbers_of_several_levels_are_cited_as_they_are() -> None:
    pieces: Known = [(f"{number} Rooms are kept.", "paragraph") for number in ("1.1", "1.2", "2.1")]

    assert locators(*pieces) == ["para. 1.1", "para. 1.2", "para. 2.1"]


def test_a_page_is_cited_only_where_there_is_no_number() -> None:
    prose: Known = [(PROSE, "paragraph")] * 4
    numbered: Known = [(f"{i}. {PROSE}", "paragraph") for i in range(1, 4)]

    assert locators(*prose, pages=(3, 3, 4, 4)) == [
        "p. 3, para. 1", "p. 3, para. 2", "p. 4, para. 1", "p. 4, para. 2",
    ]  # fmt: skip
    assert locators(*numbered, ("(a) a bed;", "paragraph"), pages=(1, 1, 2, 2)) == [
        "para. 1", "para. 2", "para. 3", "para. 3 (a)",
    ]  # fmt: skip


def test_a_heading_begins_no_new_count_on_a_page() -> None:
    pieces: Known = [("Rooms", "heading"), (PROSE, "paragraph"), ("Beds", "heading"), (PROSE, "paragraph")]

    assert locators(*pieces, pages=(1, 1, 1, 1)) == ["p. 1, para. 1", "p. 1, para. 2"]
    assert locators(*pieces) == ["para. 1", "Beds, para. 1"]


def test_notes_come_after_closing_lines_and_go_by_their_names() -> None:
    pieces: Known = [(f"{i}. {PROSE}", "paragraph") for i in range(1, 4)]

    told = locators(*pieces, ("12th meeting", "paragraph"), ("1 A note.", "note"), label="footnote 1")

    assert told == ["para. 1", "para. 2", "para. 3", "closing line 1", "footnote 1"]


def test_rows_are_counted_in_each_table() -> None:
    text, stretches = known(("a | b", "row"), ("c | d", "row"), ("e | f", "row"))
    labelled = [Stretch(s.start, s.end, s.kind, 0, f"table {1 + i // 2}") for i, s in enumerate(stretches)]

    paragraphs = paragraphs_of(text, labelled)

    assert [p.locator for p in paragraphs] == ["table 1, row 1", "table 1, row 2", "table 2, row 1"]
    assert [p.lead for p in paragraphs] == ["", "a | b", ""]


def test_an_annex_is_told_in_plain_paragraphs_too() -> None:
    body: Known = [(f"{i}. {PROSE}", "paragraph") for i in range(1, 4)]
    headings: Known = [("Rooms", "heading"), ("Beds", "heading")]

    told = locators(*headings, *body, ("Annex", "paragraph"), ("1. A bed.", "paragraph"))

    assert told[-1] == "annex, para. 1"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Rooms", "1. A bed.", "(a) a bed;", "(i) a bed", "• a bed", "Annex I", PROSE, "and more"]),
            st.sampled_from(["heading", "paragraph", "row", "note"]),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_known_pieces_make_paragraphs_in_order_with_unique_locators(pieces: list[tuple[str, BlockKind, int]]) -> None:
    ordered = sorted(pieces, key=lambda piece: (piece[1] == "note", piece[2]))
    text, stretches = known(*((piece, kind) for piece, kind, _ in ordered), pages=tuple(page for *_, page in ordered))

    paragraphs = paragraphs_of(text, stretches)

    assert all(first.end <= second.start for first, second in pairwise(paragraphs))
    assert len({paragraph.anchor for paragraph in paragraphs}) == len(paragraphs)


def test_marks_that_a_program_wrote_with_backslashes_are_marks() -> None:
    lines = lines_of("1\\. Decides to sail:\n\n\\(a\\) By day;\n\n\\(i\\) In winter;\n\n12\\. Decides to row.")

    assert [(line.kind, line.mark) for line in lines] == [
        ("numbered", "1"),
        ("lettered", "a"),
        ("lettered", "i"),
        ("numbered", "12"),
    ]
