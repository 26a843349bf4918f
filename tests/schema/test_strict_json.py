import pytest

from assistant.errors import InputError
from assistant.schema.strict_json import MAX_DEPTH, read_json, shown

TOO_DEEP = f"This is nested more than {MAX_DEPTH} deep"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "This isn't JSON (Expecting property name enclosed in double quotes at character 2)."),
        (b"", "This isn't JSON (Expecting value at character 1)."),
        (b'{"question": "a"} {}', "This isn't JSON (Extra data at character 19)."),
        (b'{"question": "a\0"}', "This isn't JSON ("),
        (b"question=a", "This isn't JSON (Expecting value at character 1)."),
        (b'{"question": "\xe9"}', "This isn't UTF-8 (byte 15); send UTF-8."),
        ('{"question": "a"}'.encode("utf-16"), "This isn't UTF-8 (byte 1); send UTF-8."),
        (b'{"id": NaN}', "This holds NaN, which isn't a number in JSON or is too large."),
        (b'{"id": [-Infinity]}', "This holds -Infinity, which isn't a number in JSON or is too large."),
        (b'{"id": 1e999}', "This holds 1e999, which isn't a number in JSON or is too large."),
        (b'{"id": %s}' % (b"9" * 5_000), "This holds a number with too many digits; send it as text."),
        (b'{"question": "a", "question": "b"}', "question: is there twice; send it once."),
        (b'{"id": {"b": 1, "b": 1}}', "b: is there twice; send it once."),
        (b'{"question": "\\ud800"}', "question: holds half a character"),
        (b'{"history": ["\\udc00"]}', "history: holds half a character"),
        (b'{"id": {"\\udc00": 1}}', "id: holds half a character"),
        (b'{"\\ud83d": 1}', "?: holds half a character"),
        (b"[" * 60_000, TOO_DEEP),
        (b'{"a":' * 12_000, TOO_DEEP),
        (b'{"id": %s%s}' % (b"[" * 32, b"]" * 32), TOO_DEEP),
    ],
)
def test_what_is_no_strict_json_is_told_in_one_line(content: bytes, why: str) -> None:
    with pytest.raises(InputError) as raised:
        read_json(content)

    assert str(raised.value).startswith(why)
    assert str(raised.value).isprintable()


def test_whole_characters_and_a_byte_order_mark_are_read() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "😀"
    assert read_json(b"\xef\xbb\xbf[1]") == [1]


def test_json_may_be_nested_as_deep_as_is_said() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_a_long_text_is_shown_cut_and_in_one_line() -> None:
    assert shown("a\n" * 40) == "a?" * 20 + "…"
