import pytest

from assistant.documents.formats.front_matter import FrontMatter, split_front_matter


@pytest.mark.parametrize(
    ("matter", "title", "date"),
    [
        (
            '---\ntitle: "Shelter: a report"\ndate: 2020-05-01\ntags:\n- a\n- b\n---\n',
            "Shelter: a report",
            "1 May 2020",
        ),
        ("---\r\ntitle: It is here # not this\r\n---\r\n", "It is here", ""),
        ("\n---\nTitle: 'It''s here'\ndate: Spring 2020\n...\n", "It's here", "Spring 2020"),
        ("---\ntitle: >-\n  Shelter\n  report\nauthor:\n  - name: A\n---\n", "Shelter report", ""),
        ("+++\ntitle = 'Rooms'\ndate = 2020-05-01T10:00:00Z\n[extra]\ntitle = 'no'\n+++\n", "Rooms", "1 May 2020"),
        ("---\nlayout: page\n---\n", "", ""),
    ],
)
def test_front_matter_is_split_from_the_text(matter: str, title: str, date: str) -> None:
    assert split_front_matter(f"{matter}Words.\n") == (FrontMatter(title, date), "Words.\n")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA rule, and text.\n\n---\n",
        "---\nNote: one\nand its second line\n---\n",
        "+++\nno TOML\n+++\n",
        "---\ntitle: never ends\n",
        "Words.\n---\ntitle: T\n---\n",
    ],
)
def test_a_text_between_rules_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == (FrontMatter(), text)
