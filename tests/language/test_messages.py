from assistant.language.messages import notices_in


def test_a_language_without_notices_gets_the_english_ones() -> None:
    assert notices_in("sw") == notices_in("en")


def test_every_notice_of_a_refusal_has_room_for_what_was_searched() -> None:
    languages = "en fr ru es ar zh de it pt tr uk".split()

    assert all("{searched}" in notices_in(language).nothing for language in languages)


def test_whoever_can_not_be_read_is_told_so_in_their_language() -> None:
    assert "français" in notices_in("fr").unread
    assert all("ask in English" in notices_in(language).unread for language in ("fr", "ru", "zh", "uk"))
