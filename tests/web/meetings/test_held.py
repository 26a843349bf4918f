import asyncio
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.records import ReportProgress
from assistant.web.app import Answering, Opening
from assistant.web.meetings.held import Held, Running
from tests.web.asgi_client import request, scope_of
from tests.web.fake_assistant import FakeAssistant


@dataclass
class Meeting:
    """A meeting whose starts and stops are counted; time goes on when a test says so."""

    fails: bool = False
    started: int = 0
    stopped: int = 0
    now: float = 0.0
    answer: asyncio.Event = field(default_factory=asyncio.Event)

    def run(self) -> Running:
        self.started += 1
        app = FastAPI()

        async def reply(scope: Scope, receive: Receive, send: Send) -> None:
            await self.answer.wait()
            await PlainTextResponse("an answer")(scope, receive, send)

        app.mount("/", reply)
        return Running(Opening(self._open), app, self._stop)

    def held(self) -> Held:
        return Held("A meeting", self.run, clock=lambda: self.now)

    def _open(self, _: ReportProgress) -> Answering:
        if self.fails:
            raise AssistantError("No documents.")
        return FakeAssistant()

    def _stop(self) -> None:
        self.stopped += 1


def test_a_meeting_is_opened_when_it_is_first_asked_and_once() -> None:
    async def work() -> tuple[Meeting, Held, bool]:
        meeting = Meeting()
        meeting.answer.set()
        held = meeting.held()
        before = held.is_open
        await asyncio.gather(*(request(held, scope_of("/")) for _ in range(5)))
        return meeting, held, before

    meeting, held, before = asyncio.run(work())

    assert (before, held.is_open, meeting.started) == (False, True, 1)


def test_it_is_closed_when_idle_but_never_while_somebody_asks_and_opened_again() -> None:
    async def work() -> list[tuple[bool, int]]:
        meeting, states = Meeting(), list[tuple[bool, int]]()
        held = meeting.held()

        def look() -> None:
            held.close(idle=60)
            states.append((held.is_open, meeting.stopped))

        asking = asyncio.create_task(request(held, scope_of("/")))
        while not held.is_open:
            await asyncio.sleep(0.001)
        meeting.now = 1000
        look()
        meeting.answer.set()
        await asking
        meeting.now = 1059
        look()
        meeting.now = 1060
        look()
        await request(held, scope_of("/"))
        look()
        return states

    assert asyncio.run(work()) == [(True, 0), (True, 0), (False, 1), (True, 1)]


def test_documents_that_cannot_be_opened_keep_nobody_waiting() -> None:
    async def work() -> tuple[int, bool]:
        meeting = Meeting(fails=True)
        meeting.answer.set()
        held = meeting.held()
        return (await request(held, scope_of("/"))).status, held.is_open

    assert asyncio.run(work()) == (200, False)
