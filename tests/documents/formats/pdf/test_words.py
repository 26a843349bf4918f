from collections import Counter

from assistant.documents.formats.pdf.words import count_words, joined


def test_a_divided_word_is_joined_and_a_hyphen_of_its_own_is_kept() -> None:
    assert joined(["mi-", "gration of well-", "trained people"], Counter()) == "migration of well-trained people"
    assert joined(["COVID-", "19 and the data/", "figures"], Counter()) == "COVID-19 and the data/figures"


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert joined(["移民劳工", "的权利", "and words"], Counter()) == "移民劳工的权利 and words"


def test_other_lines_show_whether_a_word_has_a_hyphen() -> None:
    words = count_words(["a co-operation of towns", "a cooperative of towns"])

    assert joined(["co-", "operation"], words) == "co-operation"
    assert joined(["co-", "operative"], words) == "cooperative"
