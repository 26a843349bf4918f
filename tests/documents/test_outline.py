import pytest

from assistant.documents.lines import lines_of
from assistant.documents.structure import paragraphs_of

CLAUSE = "Recalling the ferries that crossed the sound in every winter before the bridge was built,"


def locators(*lines: str) -> list[str]:
    return [paragraph.locator for paragraph in paragraphs_of("\n".join(lines))]


def prose(number: int) -> str:
    return f"{number}. The commission met in the port and spoke about the ferries of the sound all day long."


REPORT = (
    "A. Draft decision",
    prose(1),
    "Draft decision",
    "The Council takes note of the report of the commission on the ferries of the sound.",
    "B. Draft resolutions",
    prose(2),
    "Draft resolution I",
    "Ferries",
    "The Economic and Social Council,",
    CLAUSE,
    "1. Calls upon States to sail;",
    "(a) By day;",
    "2. Decides to go on.",
    "Draft resolution II",
    "Bridges",
    "The Economic and Social Council,",
    CLAUSE,
    "1. Calls upon States to build;",
    "2. Decides to go on.",
    "C. Other matters",
    prose(3),
    prose(4),
)


def test_drafts_inside_a_report_are_cited_by_their_names() -> None:
    assert locators(*REPORT) == [
        "para. 1",
        "draft decision, para. 1",
        "para. 2",
        "draft resolution I, preambular para. 1",
        "draft resolution I, para. 1",
        "draft resolution I, para. 1 (a)",
        "draft resolution I, para. 2",
        "draft resolution II, preambular para. 1",
        "draft resolution II, para. 1",
        "draft resolution II, para. 2",
        "para. 3",
        "para. 4",
    ]


def test_resolutions_side_by_side_are_cited_by_their_numbers() -> None:
    lines = []
    for number in ("12/4", "12/5"):
        lines += [
            f"{number}. Ferries",
            "The General Assembly,",
            CLAUSE,
            "1. Decides to sail;",
            "2. Sails.",
            "3 May 2031",
        ]

    assert locators(*lines)[:4] == [
        "resolution 12/4, preambular para. 1",
        "resolution 12/4, para. 1",
        "resolution 12/4, para. 2",
        "closing line 1",
    ]
    assert "resolution 12/5, para. 2" in locators(*lines)


def test_parts_of_a_resolution_are_cited_by_their_letters() -> None:
    parts = [
        line
        for letter in "AB"
        for line in (letter, "The General Assembly,", CLAUSE, "1. Decides to sail;", "2. Decides to row.")
    ]

    found = locators("12/4. Ferries", *parts)

    assert [each for each in found if each.endswith(", para. 2")] == [
        "resolution 12/4 A, para. 2",
        "resolution 12/4 B, para. 2",
    ]


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("I. Ferries", "II. Bridges", "section II"),
        ("Part I", "Part II", "Part II"),
        ("Commitment 1. Ferries", "Commitment 2. Bridges", "Commitment 2"),
        ("Ferries", "Bridges", "Bridges"),
    ],
)
def test_a_section_whose_numbers_begin_again_is_named(first: str, second: str, name: str) -> None:
    found = locators(first, *map(prose, range(1, 5)), second, *map(prose, range(1, 4)))

    assert found[-1] == f"{name}, para. 3"
    assert len({locator.split(",")[0] for locator in found}) == 2


def test_a_section_of_a_resolution_whose_numbers_begin_again_is_named() -> None:
    parts = [line for n in ("I", "II") for line in (n, "Ferries", CLAUSE, CLAUSE, "1. Decides to sail;", "2. Sails.")]

    found = locators("12/4. Matters", "The General Assembly,", *parts)

    places = ("preambular para. 1", "preambular para. 2", "para. 1", "para. 2")
    assert found[-4:] == [f"section II, {place}" for place in places]


def test_a_text_inside_a_report_is_a_part_of_its_section() -> None:
    inner = [prose(number) for number in range(1, 6)]
    lines = [
        "I. What is to be done",
        prose(1),
        "Ferries",
        *inner[:3],
        "Bridges",
        *inner[3:],
        "II. More",
        prose(2),
        prose(3),
    ]

    assert locators(*lines) == ["para. 1", *(f"Ferries, para. {n}" for n in range(1, 6)), "para. 2", "para. 3"]


def test_a_list_under_a_paragraph_is_no_part() -> None:
    items = ["1. A ferry.", "(a) With sails.", "2. A bridge.", "3. A port."]

    found = locators(prose(1), prose(2), *items, *(prose(number) for number in range(3, 8)))

    assert found[2:7] == ["para. 2, item 1", "para. 2, item 1 (a)", "para. 2, item 2", "para. 2, item 3", "para. 3"]


def test_a_number_that_is_lost_in_reading_changes_no_other() -> None:
    found = locators(*(prose(number) for number in (1, 2, 4, 5, 9)))

    assert found == ["para. 1", "para. 2", "para. 4", "para. 5", "para. 9"]


def test_numbers_that_go_on_under_headings_count_paragraphs_however_much_else_there_is() -> None:
    talk = ["The port has a long history of ferries, of which a good deal is told here in many words."] * 4

    found = locators("Title", *talk, "Ferries", prose(1), prose(2), "Bridges", prose(3), *talk)

    assert {"para. 1", "para. 2", "para. 3"} <= set(found)


def test_articles_are_cited_with_their_paragraphs() -> None:
    text = (
        "Charter of ferries",
        "Article 18",
        "Right to sail",
        "The right to sail shall be guaranteed.",
        "Article 19",
        "Protection in the event of storms and of all that is like them at sea, on rivers and in the harbours",
        "1. Ferries shall wait.",
        "2. (a) No ferry may leave.",
        "(b) No passenger may board.",
        "Article 20",
        "Everyone may swim.",
        "Nobody must.",
    )

    paragraphs = paragraphs_of("\n".join(text))

    assert [paragraph.locator for paragraph in paragraphs] == [
        "Article 18", "Article 19 (1)", "Article 19 (2) (a)", "Article 19 (2) (b)", "Article 20", "Article 20, para. 2",
    ]  # fmt: skip
    assert [paragraph.heading.split()[0] for paragraph in paragraphs] == [
        "Right", "Protection", "Protection", "Protection", "Article", "Article",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    ["Article 3. Ferries", "ARTICLE 3 – Ferries", "Art. 3: Ferries", "Artículo 3. Ferries", "Статья 3. Паромы"],
)
def test_an_article_may_stand_on_one_line_with_its_title(heading: str) -> None:
    paragraphs = paragraphs_of(f"{heading}\n1. Ferries sail.\n2. They return.\n")

    assert [paragraph.locator for paragraph in paragraphs] == ["Article 3 (1)", "Article 3 (2)"]


def test_an_article_may_stand_on_one_line_with_its_first_sentence() -> None:
    text = "Art. 1. Ferries shall sail.\nArt. 2. They shall return:\n(1) By night;\n(2) By day.\n"

    paragraphs = paragraphs_of(text)

    assert [paragraph.locator for paragraph in paragraphs] == [
        "Article 1",
        "Article 2",
        "Article 2 (1)",
        "Article 2 (2)",
    ]
    assert text[paragraphs[0].start : paragraphs[0].end] == "Ferries shall sail."


def test_a_report_may_have_numbered_paragraphs_under_articles_of_another_text() -> None:
    found = locators("Article 3", prose(1), prose(2), "Article 5", prose(3), prose(4), "Article 6", prose(5))

    assert found == [f"para. {number}" for number in range(1, 6)]


def test_a_sentence_about_an_article_is_no_article() -> None:
    kinds = [line.kind for line in lines_of("Article 33 of the Convention forbids it.\nArticle 5, paragraph 2, too.\n")]

    assert "article" not in kinds


JOURNAL = """\
REGULATION 17 OF THE COUNCIL
on the lighting of ferries
THE COUNCIL OF THE SOUND,
Having regard to the Treaty on the Sound, and in particular Article 16 of it on ferries,
Having regard to the opinion of the committee on light and on all that gives it (1),
Whereas:
(1)

The lighting of ferries is a right of all who travel by night.

(1) OJ C 229, 31.7.2030, p. 90.

(2)

It should respect the sea.

HAS ADOPTED THIS REGULATION:
Article 1
Definitions
In this Regulation:
(1) ‘ferry’ means a ship;
(2) ‘light’ means what burns.
(4) OJ L 281, 23.11.2029, p. 31.
"""


def test_recitals_keep_their_text_and_footnotes_stand_apart() -> None:
    paragraphs = {each.locator: " ".join(JOURNAL[each.start : each.end].split()) for each in paragraphs_of(JOURNAL)}

    assert paragraphs["recital 1"] == "(1) The lighting of ferries is a right of all who travel by night."
    assert paragraphs["recital 2"] == "(2) It should respect the sea."
    assert paragraphs["footnote 1"].startswith("(1) OJ")
    assert paragraphs["Article 1 (2)"] == "(2) ‘light’ means what burns."
    assert paragraphs["footnote 4"].startswith("(4) OJ")


def test_articles_of_two_annexes_are_cited_with_them() -> None:
    articles = ("Article 1", "Ferries shall sail.", "Article 2", "They shall return.")

    found = locators(
        "12/4. Ferries", "The General Assembly", "1. Sails;", "2. Rows.", "Annex I", *articles, "Annex II", *articles
    )

    assert found[-2:] == ["annex II, Article 1", "annex II, Article 2"]


def test_numbers_that_begin_again_in_the_sections_of_one_resolution_are_cited_with_these() -> None:
    lines = ["72/9. Ferries and bridges", "The General Assembly,", CLAUSE]
    for section in ("I. Ferries", "II. Bridges"):
        lines += [section, "1. Decides to sail;", "2. Requests a report;"]

    assert locators(*lines)[-5:] == ["preambular para. 1"] + [
        f"section {number}, para. {para}" for number in ("I", "II") for para in (1, 2)
    ]


def test_a_heading_in_markdown_names_a_resolution_as_any_other() -> None:
    lines = [line for number in ("12/4", "12/5") for line in (f"## {number}. Ferries", "The General Assembly,", CLAUSE)]

    assert locators(*lines) == ["resolution 12/4, preambular para. 1", "resolution 12/5, preambular para. 1"]
