"""Builds that are killed at any moment: what is opened next is whole, and who serves meanwhile goes on serving.

Which bytes are on disk after a kill is `test_storage`'s matter; here it is what a person gets.
"""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant import Assistant
from assistant.journeys.building.build import load_build
from assistant.records import ReportProgress
from assistant.settings import Settings
from assistant.web.api.routes import add_api
from assistant.web.app.opening import Opening
from assistant.web.app.reloading import Reloading, state_of
from tests.conftest import ROOT, small_table
from tests.fakes import BagOfWordsEncoder

LONG = os.environ.get("ASSISTANT_TEST_LONG") == "1"
KILLS = 100 if LONG else 6
SEED = 11
KILL = signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM
QUESTION = "When do boats leave?"
# Serves documents that change for ever, as long as it lives: it opens the first edition, and each one anew.
RELOAD_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from assistant.web.app.opening import Opening
from tests.test_kills import Opener, write_edition
folder = Path(sys.argv[1])
opening = Opening(Opener(folder))
opening.start().result()
for number in count(int(sys.argv[2])):
    write_edition(folder, number)
    print(number, flush=True)
    opening.renew()
"""


def write_edition(folder: Path, number: int) -> None:
    """Write an edition of the document in one step, as a careful publisher does."""
    lines = [f"{n}. Boats of line {n} leave at noon, says edition {number}." for n in range(1, lines_of(number) + 1)]
    written = folder / "written"
    written.write_text("Boats\n\n" + "\n\n".join(lines), encoding="utf-8")
    written.replace(folder / "corpus" / "boats.txt")


def lines_of(number: int) -> int:
    """How many lines an edition has; its neighbours have others."""
    return 20 + 3 * (number % 5)


class Opener:
    """Opens the documents of a folder as a service does, with an encoder that has no weights to load."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._encoder = BagOfWordsEncoder()

    def __call__(self, report: ReportProgress) -> Assistant:
        settings = Settings(self._folder / "corpus", self._folder / "index")
        return Assistant.from_settings(settings, encoder=self._encoder, report=report, must_keep=True)


def opened(folder: Path) -> Assistant:
    return Opener(folder)(lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the first edition, and its index."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "objectives.toml").write_text(small_table(), encoding="utf-8")
    write_edition(tmp_path, 0)
    opened(tmp_path)
    return tmp_path


def kill_at(folder: Path, moments: random.Random, *, first: int) -> int:
    """Let another process serve, and kill it while it opens some edition anew.

    Returns:
        The edition that is there now.
    """
    command = [sys.executable, "-c", RELOAD_FOR_EVER, str(folder), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        for _ in range(moments.randint(1, 4)):
            service.stdout.readline()
        time.sleep(moments.uniform(0.0, 0.05))  # an edition is opened in less
        service.send_signal(KILL)
    assert service.returncode != 0
    return edition_of([(folder / "corpus" / "boats.txt").read_text(encoding="utf-8")])


def edition_of(texts: list[str]) -> int:
    """The edition that some texts are of, all of them, and whole."""
    (number,) = {int(each) for text in texts for each in re.findall(r"says edition (\d+)", text)}
    assert sum(text.count("says edition") for text in texts) == lines_of(number)
    return number


def test_what_a_killed_build_leaves_is_whole_and_is_opened_and_answers(folder: Path) -> None:
    moments = random.Random(SEED)
    number = 0

    for _ in range(KILLS):
        before, number = number, kill_at(folder, moments, first=number + 1)
        found = load_build(folder / "index").passages
        assistant = opened(folder)
        answer = assistant.ask(QUESTION)

        assert before <= edition_of([passage.text for passage in found.passages]) <= number
        assert edition_of([passage.text for passage in assistant.passages]) == number
        assert answer.corpus == assistant.corpus_hash
        assert all(f"says edition {number}." in hit.passage.text for hit in (*answer.hits, *answer.nearest))
        assert answer.hits or answer.nearest


@contextmanager
def asking(client: TestClient) -> Iterator[list[tuple[int, str]]]:
    """Ask all the time, and give what came: statuses and the editions that were quoted."""
    came: list[tuple[int, str]] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            response = client.post("/api/ask", json={"question": QUESTION})
            came.append((response.status_code, response.text))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield came
    finally:
        is_over.set()
        thread.join()


def test_a_service_answers_all_the_time_while_others_are_killed_at_its_index(folder: Path) -> None:
    opening = Opening(Opener(folder))
    opening.start().result()
    reloading = Reloading(opening, partial(state_of, folder / "corpus"), every=0.01)
    app = FastAPI()
    add_api(app, opening)
    moments = random.Random(SEED + 1)
    number = 0

    reloading.start()
    with asking(TestClient(app)) as came:
        for _ in range(KILLS):
            number = kill_at(folder, moments, first=number + 1)
    reloading.stop()

    quoted = [sorted(set(re.findall(r"says edition (\d+)", text))) for _, text in came]
    assert {status for status, _ in came} == {200}
    assert {len(editions) for editions in quoted} == {1}
    assert len({editions[0] for editions in quoted}) > 1


def test_a_service_comes_to_the_last_edition_once_nobody_builds(folder: Path) -> None:
    opening = Opening(Opener(folder))
    opening.start().result()
    reloading = Reloading(opening, partial(state_of, folder / "corpus"))

    number = kill_at(folder, random.Random(SEED + 2), first=1)
    reloading.look()
    reloading.look()

    assert opening.assistant
    assert edition_of([passage.text for passage in opening.assistant.passages]) == number
