from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import Settings, parse_origins


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_what_is_set_empty_keeps_its_default() -> None:
    assert Settings.from_environment({"ASSISTANT_PORT": "", "ASSISTANT_HOST": ""}) == Settings()


def test_the_environment_is_read() -> None:
    environ = {
        "ASSISTANT_CORPUS": "briefs",
        "ASSISTANT_INDEX": "cache",
        "ASSISTANT_MODEL": "models/own",
        "ASSISTANT_HOST": "0.0.0.0",
        "ASSISTANT_PORT": "8080",
        "ASSISTANT_EMBED_ORIGINS": "https://meeting.example",
    }

    assert Settings.from_environment(environ) == Settings(
        Path("briefs"), Path("cache"), "models/own", "0.0.0.0", 8080, ("https://meeting.example",)
    )


@pytest.mark.parametrize("port", ["http", "-1", "65536", "7.5", "७"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(InputError, match="ASSISTANT_PORT"):
        Settings.from_environment({"ASSISTANT_PORT": port})


def test_origins_are_read_in_order_and_once() -> None:
    text = " https://Meetings.example.org ,http://127.0.0.1:8000,, http://[::1]:80,https://meetings.example.org"

    assert parse_origins(text, name="origins") == (
        "https://meetings.example.org",
        "http://127.0.0.1:8000",
        "http://[::1]:80",
    )
    assert parse_origins("", name="origins") == ()


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "example.org",
        "https://",
        "https://*.example.org",
        "https://example.org/",
        "https://example.org/page",
        "https://user@example.org",
        "https://example.org:port",
        "https://example.org:99999",
        "ftp://example.org",
        "https://example.org; script-src *",
        "https://example.org 'unsafe-inline'",
        "https://exämple.org",
    ],
)
def test_what_is_no_origin_is_named(origin: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_origins(f"https://good.example.org,{origin}", name="ASSISTANT_EMBED_ORIGINS")

    assert f"ASSISTANT_EMBED_ORIGINS: {origin!r} is no origin" in str(raised.value)
