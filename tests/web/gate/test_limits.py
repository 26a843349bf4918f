import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.web.gate.limits import Limits, Rates
from assistant.web.rendering.strings import LANGUAGES, read_strings
from tests.web.asgi_client import Part, Reply, request, scope_of
from tests.web.skipped_time import run

RUN = "/gradio_api/run/predict"


class Service:
    """Answers each request after a while, and remembers what it was asked."""

    def __init__(self, *, takes: float = 0.0, begins: bool = False, fails: bool = False) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self.clients: list[str] = []
        self.working = 0
        self.most_at_once = 0
        self.finished = 0
        self._takes = takes
        self._begins = begins
        self._fails = fails

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        self.asked.append((scope["path"], body))
        self.clients.append(scope["client"][0])
        self.working += 1
        self.most_at_once = max(self.most_at_once, self.working)
        try:
            if self._fails:
                raise ZeroDivisionError
            if self._begins:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"one\n", "more_body": True})
            await asyncio.sleep(self._takes)
            self.finished += 1
            if self._begins:
                await send({"type": "http.response.body", "body": b"two\n"})
            else:
                await PlainTextResponse("an answer")(scope, receive, send)
        finally:
            self.working -= 1


class Visit:
    """A limited service, and those who come to it."""

    def __init__(
        self,
        service: Service,
        *,
        rate: float = 30,
        in_all: float = 6_000,
        is_open: Callable[[], bool] = lambda: True,
    ) -> None:
        self.service = service
        self.shed: list[int] = []
        self.limits = Limits(
            service,
            strings_of=read_strings,
            rates=Rates(rate, in_all),
            is_open=lambda _: is_open(),
            on_shed=self.shed.append,
            clock=lambda: asyncio.get_running_loop().time(),
        )

    async def get(self, path: str, **sent: Any) -> Reply:
        return await self.post(path, method="GET", **sent)

    async def post(
        self,
        path: str = "/api/ask",
        *,
        parts: tuple[Part, ...] = (b"{}",),
        leaves: asyncio.Event | None = None,
        method: str = "POST",
        client: str = "192.0.2.1",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        scope = scope_of(path, method=method, client=client, headers=headers)
        return await request(self.limits, scope, parts=parts, leaves=leaves)


# The rate ------------------------------------------------------------------------------------------------------------


def test_a_client_over_its_rate_is_told_when_to_come_back() -> None:
    async def work() -> tuple[list[int], Reply, list[int]]:
        visit = Visit(Service(), rate=30)
        replies = [await visit.post() for _ in range(11)]
        return [each.status for each in replies], replies[-1], visit.shed

    statuses, last, shed = run(work())

    assert statuses == [200] * 10 + [429]
    assert last.headers["retry-after"] == "2"
    assert last.json() == {"error": "Too many questions from this address; ask again in 2 s."}
    assert shed == [429]


@pytest.mark.parametrize(("path", "served"), [("/api/ask", 2), ("/embed/turn", 2), (RUN, 2), ("/export/markdown", 1)])
def test_long_questions_count_as_many(path: str, served: int) -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=30)
        return [(await visit.post(path, parts=(b"{" + b" " * 20_000,))).status for _ in range(3)]

    assert run(work()) == [200] * served + [429] * (3 - served)  # of ten questions at once


def test_whoever_comes_back_when_told_is_answered() -> None:
    async def work() -> Reply:
        visit = Visit(Service(), rate=30)
        replies = [await visit.post() for _ in range(11)]
        await asyncio.sleep(int(replies[-1].headers["retry-after"]))
        return await visit.post()

    assert run(work()).status == 200


def test_one_client_over_its_rate_leaves_the_others_theirs() -> None:
    async def work() -> tuple[int, int]:
        visit = Visit(Service())
        for _ in range(20):
            refused = await visit.post(client="2001:db8::1")
        return refused.status, (await visit.post(client="2001:db8:0:1::1")).status

    assert run(work()) == (429, 200)


def test_a_client_does_not_get_more_by_changing_its_address_within_its_network() -> None:
    async def work() -> list[int]:
        visit = Visit(Service())
        return [(await visit.post(client=f"2001:db8::{number:x}")).status for number in range(11)]

    assert run(work())[-1] == 429


def test_a_rate_of_nothing_is_no_limit_for_one_client() -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=0)
        return [(await visit.post()).status for _ in range(100)]

    assert run(work()) == [200] * 100


def test_all_clients_together_have_a_rate_too() -> None:
    async def work() -> list[Reply]:
        visit = Visit(Service(), in_all=600)
        return [await visit.post(client=f"198.51.{number // 250}.{number % 250}") for number in range(250)]

    replies = run(work())

    assert {each.status for each in replies[:200]} == {200}
    assert replies[-1].status == 503
    assert replies[-1].headers["retry-after"] == "5"


@pytest.mark.parametrize("path", ["/api/ask", "/api/classify", "/embed/turn", "/mcp", "/feedback", RUN])
def test_every_way_to_ask_counts(path: str) -> None:
    async def work() -> list[int]:
        visit = Visit(Service())
        return [(await visit.post(path)).status for _ in range(11)]

    assert run(work()) == [200] * 10 + [429]


@pytest.mark.parametrize("path", ["/classify.csv", "/export/docx", "/export/markdown"])
def test_a_file_counts_as_several_questions(path: str) -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=30)
        return [(await visit.post(each)).status for each in [path, path, path]]

    assert run(work()) == [200, 200, 429]


@pytest.mark.parametrize(("path", "served"), [("/?q=children", 10), ("/subject?q=children", 2), ("/subject", 11)])
def test_what_an_address_asks_counts_and_of_every_document_as_several_questions(path: str, served: int) -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=30)
        return [(await visit.get(path)).status for _ in range(11)]

    assert run(work()) == [200] * served + [429] * (11 - served)


@pytest.mark.parametrize("path", ["/", "/static/style.css", "/gradio_api/queue/data", "/api/documents", "/api/ask"])
def test_what_is_no_question_does_not_count_as_one(path: str) -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=30)
        await asyncio.gather(*(visit.get(path) for _ in range(300)))
        return [(await visit.post()).status for _ in range(10)]

    assert run(work()) == [200] * 10


def test_a_flood_of_anything_is_refused_but_for_the_questions_whether_it_is_alive() -> None:
    async def work() -> tuple[int, int, int]:
        visit = Visit(Service())
        replies = [await visit.get("/") for _ in range(2001)]
        alive = await visit.get("/healthz")
        return replies[1999].status, replies[2000].status, alive.status

    assert run(work()) == (200, 429, 200)


def test_nothing_counts_while_the_documents_are_being_opened() -> None:
    async def work() -> tuple[list[int], list[int]]:
        is_open = False
        visit = Visit(Service(), rate=30, is_open=lambda: is_open)
        before = [(await visit.post()).status for _ in range(50)]
        is_open = True
        return before, [(await visit.post()).status for _ in range(11)]

    before, after = run(work())

    assert before == [200] * 50
    assert after == [200] * 10 + [429]


def test_those_who_wait_for_the_opening_wait_as_long_as_it_takes_but_are_not_without_number() -> None:
    async def work() -> list[int]:
        visit = Visit(Service(takes=600), is_open=lambda: False)
        replies = await asyncio.gather(*(visit.post(client=f"198.51.100.{number % 250}") for number in range(501)))
        return sorted(each.status for each in replies)

    assert run(work()) == [200] * 500 + [503]


# In whose words ------------------------------------------------------------------------------------------------------


async def refused(path: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """What a client over its rate is told."""
    visit = Visit(Service(), rate=30)
    for _ in range(12):
        reply = await visit.post(path, headers=headers, parts=(body,))
    return reply


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_told_in_its_language(language: str) -> None:
    reply = run(refused(RUN, {"Cookie": f"language={language}"}, b"{}"))

    assert reply.status == 429
    assert reply.json() == {"error": read_strings(language).text("too_many.body", n=2)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widget_is_told_in_a_piece_of_its_page(language: str) -> None:
    reply = run(refused("/embed/turn", {"Accept-Language": language}, b"{}"))

    assert reply.status == 429
    assert reply.headers["content-type"].startswith("text/html")
    assert read_strings(language).text("too_many") in reply.text


def test_a_question_that_was_read_is_refused_in_the_language_that_it_names() -> None:
    async def work() -> Reply:
        visit = Visit(Service(takes=50))
        return await visit.post("/embed/turn", parts=(b'{"lang": "ru"}',), headers={"Accept-Language": "fr"})

    assert read_strings("ru").text("error.slow") in run(work()).text


def test_a_spreadsheet_is_told_in_a_line_of_the_kind_that_its_page_reads() -> None:
    reply = run(refused("/classify.csv?lang=fr", {}, b"topic\n"))

    assert reply.headers["content-type"].startswith("application/x-ndjson")
    assert read_strings("fr").text("csv.problem") in json.loads(reply.text)["html"]


def test_a_program_that_holds_a_model_is_told_as_programs_are() -> None:
    reply = run(refused("/mcp", {"Accept-Language": "fr"}, b"{}"))

    assert reply.json() == {"error": "Too many questions from this address; ask again in 2 s."}


def test_no_refusal_is_kept_by_anyone() -> None:
    assert run(refused("/embed/turn", {}, b"{}")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [RUN, "/api/ask", "/reader"])
def test_a_body_reaches_the_service_whole(path: str) -> None:
    async def work() -> list[tuple[str, bytes]]:
        visit = Visit(Service())
        await visit.post(path, parts=(b'{"fn_', b"", b'index": 3}'))
        return visit.service.asked

    assert run(work()) == [(path, b'{"fn_index": 3}')]


# Turns ---------------------------------------------------------------------------------------------------------------


def test_few_questions_are_worked_on_at_once_and_the_rest_wait() -> None:
    async def work() -> tuple[int, list[int]]:
        visit = Visit(Service(takes=1), rate=0)
        replies = await asyncio.gather(*(visit.post() for _ in range(12)))
        return visit.service.most_at_once, [each.status for each in replies]

    assert run(work()) == (3, [200] * 12)


def test_one_client_s_many_questions_do_not_stand_before_another_s_first() -> None:
    async def work() -> list[str]:
        visit = Visit(Service(takes=1), rate=0)
        many = [asyncio.create_task(visit.post(client="192.0.2.1")) for _ in range(20)]
        await asyncio.sleep(0.5)
        await visit.post(client="192.0.2.2")
        await asyncio.gather(*many)
        return visit.service.clients

    assert run(work()).index("192.0.2.2") <= 4


def test_a_question_that_waits_too_long_is_refused() -> None:
    async def work() -> list[tuple[int, str, int]]:
        visit = Visit(Service(takes=15), rate=0)
        replies = await asyncio.gather(*(visit.post(RUN) for _ in range(4)))
        told = read_strings("en").text("error.busy", seconds=5)
        return [(each.status, each.headers.get("retry-after", ""), told in each.text) for each in replies]

    assert run(work()) == [(200, "", False)] * 3 + [(503, "5", True)]


def test_a_full_queue_refuses_at_once() -> None:
    async def work() -> tuple[list[int], float]:
        visit = Visit(Service(takes=7), rate=0)
        others = [asyncio.create_task(visit.post()) for _ in range(3 + 256)]
        await asyncio.sleep(0.1)
        before = asyncio.get_running_loop().time()
        refused = await visit.post()
        waited = asyncio.get_running_loop().time() - before
        await asyncio.gather(*others)
        return [refused.status], waited

    assert run(work()) == ([503], 0)


def test_a_client_that_leaves_does_not_go_on_waiting() -> None:
    async def work() -> list[tuple[str, bytes]]:
        visit = Visit(Service(takes=5), rate=0)
        others = [asyncio.create_task(visit.post()) for _ in range(3)]
        await asyncio.sleep(1)
        leaves = asyncio.Event()
        leaves.set()
        await visit.post(parts=(b"of one who left",), leaves=leaves)
        await asyncio.gather(*others)
        return visit.service.asked

    assert run(work()) == [("/api/ask", b"{}")] * 3


def test_a_file_does_not_keep_questions_waiting() -> None:
    async def work() -> tuple[list[int], float]:
        visit = Visit(Service(takes=60), rate=0)
        files = [asyncio.create_task(visit.post("/export/docx")) for _ in range(2)]
        await asyncio.sleep(1)
        visit.service._takes = 0
        question = await visit.post()
        when = asyncio.get_running_loop().time()
        return [question.status, *[(await each).status for each in files]], when

    assert run(work()) == ([200, 200, 200], 1)


def test_one_client_s_spreadsheets_keep_no_other_from_beginning() -> None:
    async def work() -> tuple[int, float]:
        visit = Visit(Service(takes=600), rate=0)
        many = [asyncio.create_task(visit.post("/classify.csv")) for _ in range(8)]
        await asyncio.sleep(1)
        visit.service._takes = 0
        other = await visit.post("/classify.csv", client="192.0.2.2")
        when = asyncio.get_running_loop().time()
        await asyncio.gather(*many)
        return other.status, when

    assert run(work()) == (200, 1)


@pytest.mark.parametrize("path", ["/export/docx", "/classify.csv"])
def test_whoever_waited_for_a_file_in_vain_is_not_told_to_come_back_at_once(path: str) -> None:
    async def work() -> Reply:
        visit = Visit(Service(takes=1000, begins=True), rate=0)
        replies = await asyncio.gather(*(visit.post(path) for _ in range(4)))
        return max(replies, key=lambda each: each.status)

    reply = run(work())

    assert (reply.status, reply.headers["retry-after"]) == (503, "60")


def test_a_failure_of_the_service_gives_its_turn_back() -> None:
    async def work() -> int:
        visit = Visit(Service(fails=True), rate=0)
        outcomes = await asyncio.gather(*(visit.post() for _ in range(9)), return_exceptions=True)
        return sum(isinstance(each, ZeroDivisionError) for each in outcomes)

    assert run(work()) == 9


# Time ----------------------------------------------------------------------------------------------------------------


def test_an_answer_that_takes_too_long_is_no_longer_waited_for() -> None:
    async def work() -> tuple[Reply, list[int]]:
        visit = Visit(Service(takes=50))
        return await visit.post(RUN), visit.shed

    reply, shed = run(work())

    assert (reply.status, reply.ended, shed) == (504, 20, [504])
    assert reply.json() == {"error": read_strings("en").text("error.slow")}
    assert "retry-after" not in reply.headers


def test_work_that_cannot_be_stopped_keeps_its_turn_until_it_is_done() -> None:
    async def work() -> tuple[int, int, int]:
        visit = Visit(Service(takes=50), rate=0)
        first = [asyncio.create_task(visit.post()) for _ in range(3)]
        await asyncio.sleep(30)  # they have been told
        refused = await visit.post()
        await asyncio.gather(*first)
        visit.service._takes = 0
        return visit.service.most_at_once, refused.status, (await visit.post()).status

    assert run(work()) == (3, 503, 200)


def test_an_answer_in_steps_that_takes_too_long_is_broken_off() -> None:
    async def work() -> tuple[Reply, int, list[int], float]:
        visit = Visit(Service(takes=9999, begins=True))
        reply = await visit.post("/classify.csv")
        return reply, visit.service.finished, visit.shed, asyncio.get_running_loop().time()

    reply, finished, shed, when = run(work())

    assert (reply.text, reply.is_whole, finished, shed, when) == ("one\n", True, 0, [504], 1200)


def test_an_answer_in_steps_that_is_done_in_time_comes_whole() -> None:
    async def work() -> Reply:
        return await Visit(Service(takes=200, begins=True)).post("/classify.csv")

    assert run(work()).text == "one\ntwo\n"


def test_a_file_may_take_longer_than_a_question() -> None:
    async def work() -> int:
        return (await Visit(Service(takes=100)).post("/export/docx")).status

    assert run(work()) == 200


# Bodies --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/ask", "/embed/turn", RUN, "/classify.csv", "/gradio_api/upload", "/nowhere"])
def test_a_body_that_falls_silent_is_not_waited_for(path: str) -> None:
    async def work() -> tuple[Reply, int]:
        visit = Visit(Service())
        reply = await visit.post(path, parts=(b"{", 11.0, b"}"))
        return reply, len(visit.service.asked)

    reply, asked = run(work())

    assert (reply.status, reply.ended, asked) == (408, 10, 0)
    assert reply.headers["connection"] == "close"


def test_a_body_that_comes_drop_by_drop_is_not_waited_for() -> None:
    async def work() -> tuple[int, float]:
        visit = Visit(Service())
        drops: tuple[Part, ...] = (b" ", 9.0) * 10
        reply = await visit.post(parts=(*drops, b"{}"))
        return reply.status, asyncio.get_running_loop().time()

    assert run(work()) == (408, 30)


def test_a_body_that_comes_slowly_keeps_nobody_waiting() -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=0)
        slow = [asyncio.create_task(visit.post(parts=(b"{", 9.0, b"}"))) for _ in range(5)]
        await asyncio.sleep(1)
        statuses = [(await visit.post()).status]
        when = asyncio.get_running_loop().time()
        return [*statuses, int(when), *[(await each).status for each in slow]]

    assert run(work()) == [200, 1] + [200] * 5


def test_a_client_that_leaves_within_its_body_is_let_go() -> None:
    async def work() -> tuple[int, list[tuple[str, bytes]]]:
        visit = Visit(Service())

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            raise AssertionError(message)

        await visit.limits(scope_of("/api/ask"), receive, send)
        return len(visit.shed), visit.service.asked

    assert run(work()) == (0, [])


def test_a_call_of_the_page_that_is_too_large_is_refused() -> None:
    async def work() -> tuple[Reply, int]:
        visit = Visit(Service())
        reply = await visit.post(RUN, parts=(b"x" * 600_000, b"x" * 600_000, b"x"))
        return reply, len(visit.service.asked)

    reply, asked = run(work())

    assert (reply.status, asked) == (413, 0)
    assert reply.json() == {"error": read_strings("en").text("error.too_long")}


def test_what_refuses_a_large_body_in_its_own_words_gets_to_see_it() -> None:
    async def work() -> bytes:
        visit = Visit(Service())
        await visit.post("/api/ask", parts=(b"x" * 60_000, b"x" * 60_000, b"y"))
        return visit.service.asked[0][1]

    assert run(work()) == b"x" * 120_000 + b"y"


@pytest.mark.parametrize("path", ["/nowhere", "/gradio_api/upload", "/healthz/", "/embed"])
def test_of_a_body_that_nobody_takes_next_to_nothing_is_read(path: str) -> None:
    async def work() -> tuple[int, str, int]:
        visit = Visit(Service())
        reply = await visit.post(path, parts=(b"x" * 5000, 60.0))  # whatever waits for more, waits in vain
        return reply.status, reply.headers["connection"], len(visit.service.asked)

    assert run(work()) == (413, "close", 0)


@pytest.mark.parametrize(
    ("path", "largest"),
    [
        ("/api/ask", 64 * 1024),
        ("/embed/turn", 64 * 1024),
        ("/feedback", 16_384),
        ("/gradio_api/run/predict", 256 * 1024),
        ("/export/docx", 300_000),
        ("/classify.csv", 10 * 1024 * 1024),
    ],
)
def test_the_largest_body_that_an_address_takes_is_read_ahead(path: str, largest: int) -> None:
    async def work() -> tuple[int, int]:
        visit = Visit(Service())
        slow = asyncio.create_task(visit.post(path, parts=(b"x" * (largest - 1), 9.0, b"x")))
        await asyncio.sleep(1)
        asked = len(visit.service.asked)
        return asked, (await slow).status

    assert run(work()) == (0, 200)


async def held_bodies(visit: Visit, path: str, size: int, clients: Sequence[str]) -> "list[asyncio.Task[Reply]]":
    """Bodies that are almost there."""
    sent = [asyncio.create_task(visit.post(path, parts=(b"x" * size, 9.0, b"x"), client=each)) for each in clients]
    await asyncio.sleep(1)
    return sent


def test_what_is_read_ahead_of_all_clients_is_bounded_and_those_beyond_are_told_when_to_come_back() -> None:
    async def work() -> tuple[list[int], Reply, int]:
        visit = Visit(Service(), rate=0)
        clients = [f"192.0.2.{number}" for number in range(100)]
        replies = [await each for each in await held_bodies(visit, RUN, 250_000, clients)]
        return (
            sorted(each.status for each in replies),
            max(replies, key=lambda each: each.status),
            visit.shed.count(503),
        )

    statuses, refused, shed = run(work())

    assert statuses == [200] * 67 + [503] * 33  # 16 MB
    assert (refused.headers["retry-after"], refused.headers["connection"], shed) == ("5", "close", 33)


def test_what_was_read_ahead_gives_its_room_back() -> None:
    async def work() -> list[int]:
        visit = Visit(Service(), rate=0)
        body = (b"x" * 10_000_000,)
        return [(await visit.post("/classify.csv", parts=body)).status for _ in range(10)]

    assert run(work()) == [200] * 10


@pytest.mark.parametrize(("path", "size"), [("/export/docx", 290_000), ("/classify.csv", 9_000_000)])
def test_one_client_s_bodies_leave_the_others_room(path: str, size: int) -> None:
    async def work() -> tuple[list[int], int]:
        visit = Visit(Service(), rate=0)
        many = await held_bodies(visit, path, size, ["192.0.2.1"] * 100)
        other = await visit.post(path, parts=(b"x" * size,), client="192.0.2.2")
        return [(await each).status for each in many], other.status

    statuses, other = run(work())

    assert 503 in statuses
    assert other == 200


def test_spreadsheets_leave_questions_room() -> None:
    async def work() -> int:
        visit = Visit(Service(), rate=0)
        many = await held_bodies(visit, "/classify.csv", 9_000_000, [f"192.0.2.{number}" for number in range(50)])
        question = await visit.post()
        await asyncio.gather(*many)
        return question.status

    assert run(work()) == 200


def test_what_is_no_request_passes() -> None:
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    async def nothing() -> dict[str, Any]:
        return {}

    async def ignore(message: Any) -> None: ...

    limits = Limits(
        app,
        strings_of=read_strings,
        rates=Rates(1),
        is_open=lambda _: True,
        on_shed=lambda _: None,
    )

    run(limits({"type": "lifespan"}, nothing, ignore))

    assert passed == ["lifespan"]
