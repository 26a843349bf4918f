from assistant.language.messages import messages_in


def test_a_language_without_messages_gets_the_english_ones() -> None:
    assert messages_in("sw") == messages_in("en")


def test_every_message_of_a_refusal_has_room_for_what_was_searched() -> None:
    languages = "en fr ru es ar zh de it pt tr uk".split()

    assert all("{searched}" in messages_in(language).nothing for language in languages)


def test_whoever_can_not_be_read_is_told_so_in_their_language() -> None:
    assert "français" in messages_in("fr").unread
    assert all("ask in English" in messages_in(language).unread for language in ("fr", "ru", "zh", "uk"))
