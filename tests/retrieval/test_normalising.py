import pytest

from assistant.retrieval.normalising import OwnTerms, QueryNormaliser, defined_acronyms

HELD = {"xenophobia", "migrants", "network"}


@pytest.fixture
def mender() -> QueryNormaliser:
    """A mender for documents of three words, and a model that knows one more."""
    return QueryNormaliser(
        holds=HELD.__contains__,
        knows={"weather"}.__contains__,
        corrected={"xenophbia": "xenophobia", "weather": "network"}.get,
        own=OwnTerms({"wtb": "World Trade Board"}, ({"en": ["reception centre", "RC", "hotspot"]},)),
    )


def test_a_slip_gives_way_to_the_documents_word(mender: QueryNormaliser) -> None:
    assert mender.normalise("What about Xenophbia?") == "What about xenophobia?"


def test_a_word_that_the_model_knows_is_no_slip(mender: QueryNormaliser) -> None:
    assert mender.normalise("weather and Migrants") == "weather and Migrants"


def test_a_word_that_is_like_no_other_stays(mender: QueryNormaliser) -> None:
    assert mender.normalise("qwrtz") == "qwrtz"


@pytest.mark.parametrize("question", ["asdfgh qwertz", "qwrtz?", "lkjh-gfds"])
def test_keys_struck_at_random_are_noise(mender: QueryNormaliser, question: str) -> None:
    assert mender.is_gibberish(question)


@pytest.mark.parametrize("question", ["Ouagadougou", "xenophbia", "the wtb", "миграция", "weather qwrtz", "2020", "?"])
def test_names_slips_and_other_scripts_are_no_noise(mender: QueryNormaliser, question: str) -> None:
    assert not mender.is_gibberish(question)


def test_acronyms_are_spelt_out_after_themselves(mender: QueryNormaliser) -> None:
    assert mender.normalise("Is the WTB for IDPs?") == (
        "Is the WTB (World Trade Board) for IDPs (internally displaced persons)?"
    )


def test_acronyms_are_found_where_a_text_defines_them() -> None:
    texts = ["by the Joint Panel on Border Aid (JPBA), and a thing (of note) or the Other (ABC)."]

    assert defined_acronyms(texts) == {"jpba": "Joint Panel on Border Aid"}


def test_an_acronym_is_spelt_out_where_it_stands_first(mender: QueryNormaliser) -> None:
    mended = mender.normalise("WTB and WTB and " + "wtb " * 400)

    assert mended.count("World Trade Board") == 1
    assert mended.startswith("WTB (World Trade Board) and WTB and wtb")


@pytest.mark.parametrize(
    ("question", "normalised"),
    [
        ("What of the hotspots?", "What of the hotspots (reception centre)?"),
        ("What of the RC, and of the RC?", "What of the RC (reception centre), and of the RC?"),
        ("Reception centres for migrants", "Reception centres for migrants"),
        ("receptions and centres", "receptions and centres"),
    ],
)
def test_a_term_of_the_meeting_is_followed_by_the_forms_that_the_documents_have(question: str, normalised: str) -> None:
    held = {"reception", "centre", "centres", "migrants"}
    mender = QueryNormaliser(
        holds=held.__contains__,
        knows={"receptions"}.__contains__,
        corrected={"hotspots": "migrants"}.get,
        own=OwnTerms({}, ({"en": ["reception centre", "RC", "hotspot"], "fr": ["centre d'accueil"]},)),
    )

    assert mender.normalise(question) == normalised
    assert not mender.is_gibberish(question.lower())
