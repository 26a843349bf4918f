import argparse

import pytest

from assistant.__main__ import _COMMANDS
from assistant.errors import InputError
from assistant.settings import Settings
from assistant.terminal import make_parser

PARSER = make_parser(Settings())


def test_every_command_of_the_line_has_its_function() -> None:
    (commands,) = (each for each in PARSER._actions if isinstance(each, argparse._SubParsersAction))

    assert set(commands.choices) == _COMMANDS.keys()


def test_what_is_not_said_is_left_to_the_settings() -> None:
    chosen = PARSER.parse_args(["ask", "Which hashtags can be used?"])

    assert (chosen.command, chosen.corpus, chosen.meeting, chosen.document) == ("ask", None, None, [])


def test_a_wrong_call_is_told_in_one_line() -> None:
    with pytest.raises(InputError, match=r"--top-k: invalid int value: 'x' \(see: python -m assistant ask --help\)$"):
        PARSER.parse_args(["ask", "--top-k", "x"])
