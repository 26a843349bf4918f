from tests.collation.shelf import checked


def test_numbers_and_dates_beside_a_quotation_are_looked_up_in_its_document() -> None:
    draft = "On 12 May 2020, and not in 1999, with 1200 euros: “a rest day”. In 1850 it was other."

    (found,) = checked(draft)

    assert [(each.text, each.is_there) for each in found.figures] == [
        ("12 May 2020", True),
        ("1999", False),
        ("1200", True),
    ]
    assert all(draft[each.start : each.end] == each.text for each in found.figures)


def test_a_place_named_beside_it_is_its_own_or_not() -> None:
    right, wrong = checked("“quel que soit leur statut” (para. 1).\n\n“repose sur la Charte” (para. 1).")

    assert [each.is_there for each in right.figures] == [True]
    assert [each.is_there for each in wrong.figures] == [False]
