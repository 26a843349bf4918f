"""What the README says exists, exists."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.terminal import make_parser
from assistant.web.app.opening import Opening
from assistant.web.server import create_app
from tests.conftest import ROOT
from tests.served import served
from tests.web.fake_assistant import FakeAssistant

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 150


def test_every_package_is_in_the_table_and_no_other() -> None:
    packages = {path.parent.name for path in (ROOT / "assistant").glob("*/__init__.py")}

    assert set(re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE)) == packages


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^):#]+)\)", README))))
def test_a_linked_file_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m assistant (\w+)", README))))
def test_a_named_command_exists(command: str) -> None:
    arguments = [
        command,
        *{"ask": ["question"], "check": ["draft.txt"], "log": ["purge"], "questions": ["--report"]}.get(command, []),
    ]

    assert make_parser(Settings()).parse_args(arguments).command


def test_every_setting_is_documented() -> None:
    source = (ROOT / "assistant" / "settings.py").read_text(encoding="utf-8")

    assert set(re.findall(r"ASSISTANT_\w+", source)) == set(re.findall(r"`(ASSISTANT_\w+)`", README))


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)$", README, re.MULTILINE))
def test_a_named_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_example_of_a_program_prints_an_answer() -> None:
    example = next(code for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "/api/ask" in code)
    opening = Opening(lambda _: FakeAssistant())
    opening.start().result()

    with served(create_app(opening)) as origin, contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(example.replace("http://127.0.0.1:7860", origin), {})

    assert json.loads(printed.getvalue())["question"] == "Which hashtags can be used?"


def test_every_test_that_the_page_on_security_names_exists() -> None:
    named, missing = 0, []
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines():
        source = ""
        for path, test in re.findall(r"`(tests/[\w/]+\.py)`|`(test_\w+)`", line):
            named += 1
            if path:
                source = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
            if not source or (test and f"def {test}(" not in source):
                missing.append(path or test)

    assert named > 50
    assert missing == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_what_a_page_of_the_documentation_links_to_exists(page: Path) -> None:
    links = re.findall(r"\]\(([^):#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
