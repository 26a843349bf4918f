import pytest

from assistant.documents.formats.blocks import clean


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  two \t words\n", "two words"),
        ("mi\u00adgra\u200btion\ufeff", "migration"),
        ("o\ufb03ce and \ufb01eld", "office and field"),
        ("\x00\x1f\ud800", ""),
        ("F A M I L Y  R E U N I O N", "FAMILY REUNION"),
        ("R É S O L U T I O N 5", "RÉSOLUTION 5"),
        ("groups A B C D E and a b c d", "groups A B C D E and a b c d"),
    ],
)
def test_text_is_cleaned_of_what_nobody_sees_or_types(written: str, read: str) -> None:
    assert clean(written) == read
