import pytest

from assistant.answering.blanks import is_blank
from assistant.records import Passage, Source

YEARS = "Country | 2018 | 2019 | 2020"


def passage(text: str, lead: str = "") -> Passage:
    return Passage(Source(id="a", title="A"), 1, "", "row 1", text, 0, len(text), lead=lead)


@pytest.mark.parametrize(
    ("question", "text", "header"),
    [
        ("How many arrivals did Ruritania have in 2018?", "Ruritania |  |  | 512", YEARS),
        ("How many arrivals did Syldavia have in 2019?", "Syldavia | - | n/a | 7", YEARS),
        ("How many arrivals did Odrin have in 2020?", "Odrin | 12 | 14 |", YEARS),
        ("How many permits did Ruritania issue in 2018?", "Ruritania | 2018 |", "State | Year | Permits"),
        ("كم عدد الوافدين إلى أودرين عام 2018؟", "أودرين | … | 7", "البلد | 2018 | 2019"),
        ("Who is the focal point?", "Focal point:", ""),
        ("What is the name of the State?", "Name of the State: ________", ""),
        ("What is the name of the State?", "Name of the State |", ""),
    ],
)
def test_a_bare_label_or_an_empty_cell_leaves_open_what_is_asked(question: str, text: str, header: str) -> None:
    assert is_blank(question, passage(text, header))


@pytest.mark.parametrize(
    ("question", "text", "header"),
    [
        ("How many arrivals did Ruritania have in 2020?", "Ruritania |  |  | 512", YEARS),
        ("In which years did Ruritania have arrivals?", "Ruritania |  |  | 512", YEARS),
        ("Which country had 512 arrivals in 2020?", "Ruritania |  |  | 512", YEARS),
        ("How many permits did Ruritania issue in 2018?", "Ruritania | 2018 | 4", "State | Year | Permits"),
        ("Who is the focal point?", "Focal point: the ministry of ferries", ""),
        ("What is recommended?", "The Committee recommends the adoption of all that follows on the next page:", ""),
    ],
)
def test_what_is_asked_may_be_there_though_other_places_are_empty(question: str, text: str, header: str) -> None:
    assert not is_blank(question, passage(text, header))
