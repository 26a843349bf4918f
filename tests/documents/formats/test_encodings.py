import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.formats.encodings import decode, decode_declared

TEXT = "Café “quoted” – 5 € in Zürich"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "with mark", "utf-16", "big-endian", "le, no mark", "be, no mark", "windows-1252"],
)
def test_each_encoding_gives_the_same_text(content: bytes) -> None:
    assert decode(content) == TEXT


@pytest.mark.parametrize(
    "content",
    [
        b"words\x00and more",
        b"caf\xe9\x81",
        "Дом и школа".encode("cp1251"),
        b"\xff\xfea",
        bytes(range(256)),
    ],
    ids=["zero", "no code page", "Cyrillic", "half a letter", "all bytes"],
)
def test_what_is_no_western_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(content)


@given(st.binary(max_size=200))
def test_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        text = decode(content)
    except UnicodeDecodeError:
        return

    assert "\x00" not in text
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode(f"word {text}".encode()) == f"word {text}"


def test_utf8_with_a_wrong_byte_stays_utf8() -> None:
    assert decode("été à la gare école été".encode() * 5 + b"\x92") == "été à la gare école été" * 5 + "\ufffd"


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("iso-8859-1", "utf-8", "Zürich – réfugiés"),
        ("iso-8859-1", "cp1252", "“Zürich” – réfugiés"),
        ("gb2312", "gb18030", "移民劳工的权利"),
        ("windows-1251", "cp1251", "Дом"),
        ("utf-16", "ascii", "Words"),
        ("nonsense", "utf-8", "Zürich"),
        ("", "utf-16", "Zürich"),
    ],
)
def test_a_page_is_read_in_its_encoding_whatever_it_declares(declared: str, encoding: str, text: str) -> None:
    assert decode_declared(text.encode(encoding), declared) == text
