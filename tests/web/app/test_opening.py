import asyncio
import queue
import threading

import pytest

from assistant.errors import AssistantError, CorpusError
from assistant.records import Progress, ReportProgress
from assistant.web.app.opening import Opening
from tests.web.fake_assistant import FakeAssistant


def test_progress_is_seen_while_it_opens_and_the_assistant_when_it_is_open() -> None:
    may_go_on = threading.Event()
    has_reported = threading.Event()

    def open_slowly(report: ReportProgress) -> FakeAssistant:
        report(Progress("reading", 2, 4))
        has_reported.set()
        may_go_on.wait(10)
        return FakeAssistant()

    opening = Opening(open_slowly)
    waiting = opening.start()
    has_reported.wait(10)

    assert opening.progress == Progress("reading", 2, 4)
    assert opening.assistant is None
    assert opening.problem == ""
    may_go_on.set()
    assert opening.assistant is waiting.result(10) or waiting.result(10) is opening.assistant


def test_it_is_opened_once_for_all_who_wait() -> None:
    calls = []

    def open_once(_: ReportProgress) -> FakeAssistant:
        calls.append(1)
        return FakeAssistant()

    async def two_wait() -> bool:
        first, second = await asyncio.gather(opening.opened(), opening.opened())
        return first is second

    opening = Opening(open_once)

    assert asyncio.run(two_wait())
    assert calls == [1]


def test_a_problem_is_told_and_asking_again_tries_again() -> None:
    outcomes: list[Exception | FakeAssistant] = [CorpusError("corpus: no such folder."), FakeAssistant()]

    def open_at_second_try(_: ReportProgress) -> FakeAssistant:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    opening = Opening(open_at_second_try)

    with pytest.raises(CorpusError, match="no such folder"):
        asyncio.run(opening.opened())
    assert opening.problem == "corpus: no such folder."
    assert asyncio.run(opening.opened()) is opening.assistant
    assert opening.problem == ""


def test_a_fault_leaves_nobody_waiting_and_is_told_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    told: queue.Queue[type[BaseException]] = queue.Queue()
    monkeypatch.setattr(threading, "excepthook", lambda fault: told.put(fault.exc_type))

    def break_down(_: ReportProgress) -> FakeAssistant:
        raise ZeroDivisionError

    with pytest.raises(AssistantError, match="terminal"):
        asyncio.run(Opening(break_down).opened())
    assert told.get(timeout=60) is ZeroDivisionError


def test_one_who_stops_waiting_does_not_stop_the_opening() -> None:
    may_go_on = threading.Event()

    def open_slowly(_: ReportProgress) -> FakeAssistant:
        may_go_on.wait(10)
        return FakeAssistant()

    async def give_up() -> None:
        task = asyncio.create_task(opening.opened())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    opening = Opening(open_slowly)
    asyncio.run(give_up())
    may_go_on.set()

    assert opening.start().result(10) is opening.assistant


def test_after_several_failures_the_next_try_waits_unless_it_is_to_be_made_at_once() -> None:
    tries = []

    def fail(_: ReportProgress) -> FakeAssistant:
        tries.append(1)
        raise AssistantError("No such model.")

    opening = Opening(fail)
    for _ in range(6):
        with pytest.raises(AssistantError, match="No such model"):
            opening.start().result(10)

    assert len(tries) == 4
    with pytest.raises(AssistantError, match="No such model"):
        opening.start(at_once=True).result(10)
    assert len(tries) == 5
