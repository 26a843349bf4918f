import pytest

from assistant.errors import InputError
from tests.collation.shelf import DOCUMENTS, checked, told
from tests.test_linear import TOLERATED, grows


@pytest.mark.parametrize(
    "draft",
    [
        "“protect the rights of all migrants, regardless of their status”",
        "‘uphold the child's best interests.’",
        "« Les États s'engagent à protéger\n les droits de l'homme »",
        "„обеспечивать доступ к основным услугам“",
        "「并确保他们获得基本服务」",
        "«تلتزم الدول بحماية حقوق الإنسان لجميع المهاجرين»",
        "“[S]tates shall protect the rights of all [the] migrants … and uphold the child’s best interests”",
        "“States shall [...] uphold the child’s best interests”",
        "“to promote wel‑being”".replace("to", "To").replace("wel", "well"),
        "We say: states shall protect the rights of all migrants, regardless of their sta-\ntus.",
        "“and a rest day. To promote well-being”",  # the letter of an item isn't part of its words
    ],
)
def test_what_a_document_says_is_exact_however_it_is_marked(draft: str) -> None:
    (found,) = checked(draft)

    assert (found.status, found.differences) == ("exact", ())
    assert found.source in next(each.text for each in DOCUMENTS if each.source is found.document)


@pytest.mark.parametrize(
    ("draft", "difference"),
    [
        ("“States must protect the rights of all migrants”", ("changed", "must", "shall")),
        ("“States shall protect the rights of migrants”", ("left out", "", "all")),
        ("“States shall protect the rights of all vulnerable migrants”", ("added", "vulnerable", "")),
        ("“States shall the protect rights of all migrants”", ("changed", "the protect", "protect the")),
        ("“protect the rights of all migrants regardless of their status”", ("left out", "", ",")),
        ("“at least 1,300 euros a month”", ("changed", "1,300", "1,200")),
        ("“wellbeing and long-term integration”", ("changed", "wellbeing", "well-being")),
        ("«защищать права человека всех беженцев независимо»", ("changed", "беженцев", "мигрантов")),
        ("「各国承诺保护所有难民的人权」", ("changed", "难", "移")),
        ("Here states shall guard the rights of all migrants, we say.", ("changed", "guard", "protect")),
    ],
)
def test_what_was_altered_is_named_word_by_word(draft: str, difference: tuple[str, str, str]) -> None:
    ((status, _, differences),) = told(draft)

    assert (status, differences) == ("altered", [difference])


def test_two_sentences_that_were_joined_lack_what_stands_between() -> None:
    (found,) = checked("“regardless of their status, and a rest day”")

    assert found.status == "altered"
    assert found.differences[0].kind == "left out"
    assert "Decent work" in found.differences[0].source


@pytest.mark.parametrize(
    "draft",
    ["“the moon is made of green cheese, said the minister”", "“zebra”", "'in the year of the flood'"],
)
def test_what_no_document_says_is_absent(draft: str) -> None:
    ((status, document, differences),) = told(draft)

    assert (status, document, differences) == ("absent", None, [])


def test_what_only_a_digest_says_is_ours() -> None:
    (found,) = checked("“borders should be managed in an orderly and humane manner”")

    assert found.status == "absent"
    assert found.is_ours


def test_seven_words_without_marks_are_no_quotation() -> None:
    assert told("Here protect the rights of all migrants again") == []


def test_an_apostrophe_ends_no_quotation_that_goes_on() -> None:
    (found,) = checked("‘uphold the child’s best interests’, and the migrants’ rights.")

    assert (found.status, found.text) == ("exact", "uphold the child’s best interests")


def test_quotations_come_in_order_with_their_places_in_the_draft() -> None:
    draft = "A “status” and “zebra”, then «Le présent Pacte repose sur la Charte»."

    found = checked(draft)

    assert [draft[each.start : each.end] for each in found] == [each.text for each in found]
    assert [each.status for each in found] == ["exact", "absent", "exact"]


@pytest.mark.parametrize(
    "unit",
    [
        "“States shall protect the rights” 12 May 2020, ",
        "States shall protect the rights of all migrants, regardless of their status, ",
        "the rights of all zebras regardless of their status ",
        "“the rights … status … ",
        "« a",
    ],
)
def test_a_draft_of_one_paragraph_takes_linear_time(unit: str) -> None:
    assert grows(checked, "", unit) < TOLERATED


def test_a_draft_with_too_many_quotations_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match=r"text: holds more than 3,000 quotations; check it in parts\."):
        checked("“a” " * 3001)
