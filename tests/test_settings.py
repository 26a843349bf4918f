from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import Settings


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
    }

    assert Settings.from_environment(environ) == Settings(Path("briefs"), Path("cache"), "models/own", "0.0.0.0", 8080)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "7.5", "७"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(InputError, match="ASSISTANT_PORT"):
        Settings.from_environment({"ASSISTANT_PORT": port})
