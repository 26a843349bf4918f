import threading
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.records import ReportProgress
from assistant.web.app.opening import Opening
from assistant.web.app.reloading import Reloading, state_of
from tests.web.fake_assistant import FakeAssistant


class Opener:
    """Opens a new assistant each time, unless it was told to fail."""

    def __init__(self) -> None:
        self.problem = ""
        self.opened: list[FakeAssistant] = []

    def __call__(self, _: ReportProgress) -> FakeAssistant:
        if self.problem:
            raise CorpusError(self.problem)
        self.opened.append(FakeAssistant())
        return self.opened[-1]


class Served:
    """An opening that is looked after, and the state of its documents."""

    def __init__(self) -> None:
        self.opener = Opener()
        self.opening = Opening(self.opener)
        self.state = "first"
        self.reloading = Reloading(self.opening, lambda: self.state)

    def open(self) -> None:
        self.opening.start().exception()


def test_documents_that_stay_as_they_are_are_opened_once() -> None:
    served = Served()
    served.open()

    served.reloading.look()

    assert len(served.opener.opened) == 1


def test_a_change_is_opened_once_it_has_come_to_rest() -> None:
    served = Served()
    served.open()
    first = served.opening.assistant

    served.state = "half copied"
    served.reloading.look()
    served.state = "copied"
    served.reloading.look()
    between = served.opening.assistant
    served.reloading.look()
    served.reloading.look()

    assert between is first
    assert served.opening.assistant is served.opener.opened[1]
    assert len(served.opener.opened) == 2


def test_a_change_that_cannot_be_opened_leaves_the_old_one(caplog: pytest.LogCaptureFixture) -> None:
    served = Served()
    served.open()
    served.state, served.opener.problem = "broken", "corpus: nothing in it."

    served.reloading.look()
    served.reloading.look()
    still = served.opening.assistant
    served.state, served.opener.problem = "mended", ""
    served.reloading.look()
    served.reloading.look()

    assert still is served.opener.opened[0]
    assert "the old ones serve on. corpus: nothing in it." in caplog.text
    assert served.opening.assistant is served.opener.opened[1]


def test_what_failed_at_the_start_is_tried_until_it_is_mended() -> None:
    served = Served()
    served.opener.problem = "the model is missing."
    served.open()
    assert served.opening.problem == "the model is missing."

    served.reloading.look()
    served.opening.start().exception()
    served.opener.problem = ""
    served.reloading.look()
    served.opening.start().result()

    assert served.opening.assistant is served.opener.opened[0]


def test_requests_under_way_are_answered_by_the_one_they_began_with() -> None:
    served = Served()
    served.open()
    started, may_end = threading.Event(), threading.Event()
    answered: list[object] = []
    began_with = served.opening.assistant
    assert began_with is not None

    def ask() -> None:
        started.set()
        may_end.wait(5)
        answered.append(began_with.ask("What of children?"))

    thread = threading.Thread(target=ask)
    thread.start()
    started.wait(5)
    served.state = "new"
    served.reloading.look()
    served.reloading.look()
    may_end.set()
    thread.join()

    assert len(answered) == 1
    assert served.opening.assistant is not began_with


def test_the_state_of_a_folder_tells_files_that_come_change_and_go(tmp_path: Path) -> None:
    states = [state_of(tmp_path)]
    (tmp_path / "originals").mkdir()
    for step in (lambda path: path.write_text("a"), lambda path: path.write_text("longer"), Path.unlink):
        step(tmp_path / "originals" / "note.txt")
        states.append(state_of(tmp_path))

    assert states[0] == states[3] == ()
    assert len({states[0], states[1], states[2]}) == 3
    assert state_of(tmp_path / "nowhere") == ()


def test_a_fault_of_ours_is_told_and_the_next_change_is_opened(caplog: pytest.LogCaptureFixture) -> None:
    has_failed, is_renewed = threading.Event(), threading.Event()
    states = ["first"]

    def open_assistant(_: ReportProgress) -> FakeAssistant:
        if states[-1] == "second":
            has_failed.set()
            raise RuntimeError("a fault")
        if states[-1] == "third":
            is_renewed.set()
        return FakeAssistant()

    opening = Opening(open_assistant)
    opening.start().result()
    reloading = Reloading(opening, lambda: states[-1], every=0.01)
    reloading.start()

    states.append("second")
    assert has_failed.wait(10)
    states.append("third")

    assert is_renewed.wait(10)
    reloading.stop()
    assert "the old ones serve on" in caplog.text


def test_what_cannot_be_opened_is_tried_again_as_it_is_after_some_time(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served()
    served.open()
    served.state, served.opener.problem = "changed", "the model is missing."
    served.reloading.look()
    served.reloading.look()
    served.opener.problem = ""
    served.reloading.look()
    too_early = len(served.opener.opened)

    monkeypatch.setattr(served.reloading, "_next_try", 0.0)
    served.reloading.look()
    served.reloading.look()

    assert too_early == 1
    assert served.opening.assistant is served.opener.opened[1]
    assert len(served.opener.opened) == 2
