import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.language.profiles import ENGLISH, UNITED_NATIONS, Profile, messages_in, profiles, read_profile


def patterns(value: object) -> Iterator[str]:
    """Yield the texts in a table of a profile, tables in it included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from patterns(each)
    elif isinstance(value, list):
        for each in value:
            yield from patterns(each)


def test_english_comes_first_and_the_languages_of_the_united_nations_follow() -> None:
    assert tuple(profiles())[:6] == (ENGLISH, *UNITED_NATIONS)


@pytest.mark.parametrize("profile", profiles().values(), ids=profiles().keys())
def test_every_pattern_of_a_profile_is_one(profile: Profile) -> None:
    held = [text for name, table in profile.tables.items() if name != "messages" for text in patterns(table)]

    for text in held:
        re.compile(text)  # raises where it isn't


@pytest.mark.parametrize("profile", profiles().values(), ids=profiles().keys())
def test_ordinals_are_as_many_as_their_numbers(profile: Profile) -> None:
    assert len(profile.listed("places", "ordinals")) in (0, 10)
    assert len(profile.listed("places", "cardinals")) in (0, 10)


def test_alternatives_may_be_listed(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text("[writing]\n[messages]\n[parts]\njoints = ['and', 'or']\n", encoding="utf-8")

    profile = read_profile(path)

    assert profile.language == "xx"
    assert profile.pattern("parts", "joints") == "and|or"
    assert not re.search(profile.pattern("parts", "questions"), "anything")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[writing", "mend its TOML"),
        ("[writing]\n[messages]\n[grammar]\n", r"no rule reads the table \[grammar\]"),
        ("[writing]\n[messages]\n[parts]\njoint = 'and'\n", r"no rule reads joint in \[parts\]"),
        ("[writing]\n", r"lacks the table \[messages\]"),
    ],
)
def test_a_profile_that_no_rule_can_read_is_told_from_its_file(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=rf"xx\.toml: .*{complaint}"):
        read_profile(path)


def test_a_language_without_messages_gets_the_english_ones() -> None:
    assert messages_in("sw") == messages_in("en")


def test_every_message_of_a_refusal_has_room_for_what_was_searched() -> None:
    languages = "en fr ru es ar zh de it pt tr uk".split()

    assert all("{searched}" in messages_in(language).nothing for language in languages)


def test_whoever_can_not_be_read_is_told_so_in_their_language() -> None:
    assert "français" in messages_in("fr").unread
    assert all("ask in English" in messages_in(language).unread for language in ("fr", "ru", "zh", "uk"))
