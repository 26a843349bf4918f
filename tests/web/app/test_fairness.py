import asyncio
from collections import Counter
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.app.fairness import Buckets, BusyError, FairQueue, Room, client_of
from tests.web.skipped_time import run


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


# Clients -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_addresses_that_one_subscriber_chooses_from_are_one_client(host: str, client: str) -> None:
    assert client_of(host) == client


def test_a_name_that_is_no_address_is_kept_short() -> None:
    assert len(client_of("x" * 10_000)) <= 100


# Rates ---------------------------------------------------------------------------------------------------------------


def test_a_burst_is_let_through_and_the_next_is_told_when_to_come_back() -> None:
    buckets = Buckets(rate=30, burst=3, clock=Clock())

    waits = [buckets.take("a") for _ in range(4)]

    assert waits == [0, 0, 0, pytest.approx(2)]


def test_whoever_comes_back_when_told_is_let_through() -> None:
    clock = Clock(1e7)
    buckets = Buckets(rate=7, burst=1, clock=clock)
    buckets.take("a")

    clock.now += buckets.take("a")

    assert buckets.take("a") == 0


def test_a_refused_request_costs_nothing() -> None:
    clock = Clock()
    buckets = Buckets(rate=60, burst=1, clock=clock)
    buckets.take("a")

    waits = [buckets.take("a") for _ in range(10)]

    assert waits == [pytest.approx(1)] * 10


def test_looking_takes_nothing() -> None:
    buckets = Buckets(rate=60, burst=1, clock=Clock())

    looked = [buckets.wait("a") for _ in range(3)]

    assert looked == [0, 0, 0]
    assert buckets.take("a") == 0
    assert buckets.wait("a") == pytest.approx(1)


def test_clients_have_a_bucket_each() -> None:
    buckets = Buckets(rate=60, burst=1, clock=Clock())

    assert [buckets.take(client) for client in "abc"] == [0, 0, 0]


def test_what_costs_more_than_a_full_bucket_takes_a_full_bucket() -> None:
    buckets = Buckets(rate=60, burst=5, clock=Clock())

    assert buckets.take("a", 100) == 0
    assert buckets.take("a", 100) == pytest.approx(5)


@pytest.mark.parametrize(("rate", "burst"), [(3, 5), (30, 10), (300, 100)])
def test_a_burst_is_a_third_of_a_minute_s_but_at_least_five(rate: float, burst: int) -> None:
    buckets = Buckets(rate=rate, clock=Clock())

    taken = [buckets.take("a") for _ in range(burst + 1)]

    assert taken.count(0) == burst


def test_any_number_of_clients_is_remembered_in_bounded_memory() -> None:
    buckets = Buckets(rate=60, burst=1, clients=10, clock=Clock())

    for number in range(100):
        buckets.take(str(number))

    assert buckets.remembered == 10


def test_the_idle_are_forgotten_first_and_whoever_goes_on_while_refused_is_not_idle() -> None:
    buckets = Buckets(rate=60, burst=1, clients=3, clock=Clock())
    for client in "abc":
        buckets.take(client)

    buckets.take("a")
    buckets.take("new")

    assert buckets.wait("a") > 0
    assert buckets.wait("b") == 0


@given(
    rate=st.floats(0.5, 6000),
    burst=st.integers(1, 50),
    steps=st.lists(st.tuples(st.floats(0, 20), st.integers(1, 30)), max_size=40),
    start=st.floats(0, 1e7),
)
def test_no_window_ever_holds_more_than_the_burst_and_what_came_in_meanwhile(
    rate: float, burst: int, steps: list[tuple[float, int]], start: float
) -> None:
    clock = Clock(start)
    buckets = Buckets(rate=rate, burst=burst, clock=clock)
    taken: list[float] = []  # moments

    for pause, tries in steps:
        clock.now += pause
        taken += [clock.now for _ in range(tries) if buckets.take("a") == 0]

    for first in range(len(taken)):
        for last in range(first, len(taken)):
            allowed = burst + rate / 60 * (taken[last] - taken[first])
            assert last - first + 1 <= allowed * (1 + 1e-6) + 1e-3


@given(
    rate=st.floats(0.5, 6000),
    burst=st.integers(1, 20),
    pauses=st.lists(st.floats(0, 30), min_size=1, max_size=30),
)
def test_a_client_that_keeps_to_the_rate_is_never_refused(rate: float, burst: int, pauses: list[float]) -> None:
    clock = Clock()
    buckets = Buckets(rate=rate, burst=burst, clock=clock)

    waits = []
    for pause in pauses:
        waits.append(buckets.take("a"))
        clock.now += 60 / rate + pause

    assert not any(waits)


# Room ----------------------------------------------------------------------------------------------------------------


def test_what_is_held_is_given_back_whatever_goes_wrong() -> None:
    room = Room(most=100, share=100)

    def fail() -> None:
        with room.reserve("a") as hold:
            hold(60)
            hold(60)

    with pytest.raises(BusyError):
        fail()

    with room.reserve("b") as hold:
        hold(100)


def test_a_client_gets_no_more_than_its_share_and_all_together_no_more_than_there_is() -> None:
    room = Room(most=100, share=60)

    with room.reserve("a") as hold_a, room.reserve("b") as hold_b, room.reserve("c") as hold_c:
        hold_a(60)
        with pytest.raises(BusyError):
            hold_a(1)
        hold_b(40)
        with pytest.raises(BusyError):
            hold_c(1)


# Turns ---------------------------------------------------------------------------------------------------------------


async def settle() -> None:
    """Let everything happen that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def outcomes(tasks: "list[asyncio.Task[ExitStack]]") -> "list[str]":
    """What came of those who waited."""
    found = await asyncio.gather(*tasks, return_exceptions=True)
    return ["in" if isinstance(each, ExitStack) else type(each).__name__ for each in found]


def test_only_so_many_are_let_in_at_once() -> None:
    async def work() -> tuple[int, int]:
        queue = FairQueue(at_once=2, waiting=10, patience=60)
        waiting = [asyncio.create_task(queue.turn(str(number))) for number in range(5)]
        await settle()
        counted = queue.working, queue.waiting
        for task in waiting:
            task.cancel()
        return counted

    assert run(work()) == (2, 3)


def test_a_turn_that_ends_lets_the_next_one_in_once() -> None:
    async def work() -> list[int]:
        queue = FairQueue(at_once=1, waiting=10, patience=60)
        turn = await queue.turn("a")
        others = [asyncio.create_task(queue.turn("b")) for _ in range(2)]
        await settle()
        turn.close()
        turn.close()
        await settle()
        counted = [queue.working, queue.waiting]
        for other in others:
            other.cancel()
        return counted

    assert run(work()) == [1, 1]


def test_a_turn_used_as_a_context_ends_whatever_goes_wrong() -> None:
    async def work() -> int:
        queue = FairQueue(at_once=1, waiting=10, patience=60)
        with pytest.raises(ZeroDivisionError), await queue.turn("a"):
            _ = 1 / 0
        return queue.working

    assert run(work()) == 0


def test_clients_take_turns_however_much_one_of_them_asks() -> None:
    async def work() -> list[str]:
        queue = FairQueue(at_once=1, waiting=50, patience=60)
        served: list[str] = []

        async def ask(client: str) -> None:
            with await queue.turn(client):
                await asyncio.sleep(0)
                served.append(client)

        async with asyncio.TaskGroup() as group:
            for client in ["greedy"] * 9 + ["shy", "meek"]:
                group.create_task(ask(client))
        return served

    served = run(work())

    assert served[:4] == ["greedy", "greedy", "shy", "meek"]
    assert Counter(served) == {"greedy": 9, "shy": 1, "meek": 1}


def test_a_client_that_has_all_it_may_waits_and_lets_those_behind_it_go_first() -> None:
    async def work() -> tuple[list[str], int, int]:
        queue = FairQueue(at_once=3, waiting=10, patience=60, each=2)
        first = [await queue.turn("greedy") for _ in range(2)]
        let_in: list[str] = []

        async def ask(client: str) -> ExitStack:
            turn = await queue.turn(client)
            let_in.append(client)
            return turn

        tasks = [asyncio.create_task(ask(client)) for client in ["greedy", "greedy", "shy", "meek"]]
        await settle()
        before = list(let_in)
        first[0].close()
        await settle()
        (await tasks[2]).close()
        await settle()
        working = queue.working
        first[1].close()
        for task in tasks:
            (await task).close()
        return [*before, "|", *let_in[len(before) :]], working, queue.working

    assert run(work()) == (["shy", "|", "greedy", "meek", "greedy"], 3, 0)


def test_whoever_waits_too_long_is_told_so_and_leaves_the_queue() -> None:
    async def work() -> tuple[float, int]:
        queue = FairQueue(at_once=1, waiting=10, patience=7)
        await queue.turn("a")
        with pytest.raises(BusyError):
            await queue.turn("b")
        return asyncio.get_running_loop().time(), queue.waiting

    when, waiting = run(work())

    assert when == pytest.approx(7)
    assert waiting == 0


def test_whoever_is_cancelled_leaves_the_queue() -> None:
    async def work() -> tuple[int, int]:
        queue = FairQueue(at_once=1, waiting=10, patience=60)
        turn = await queue.turn("a")
        gone = asyncio.create_task(queue.turn("b"))
        await settle()
        gone.cancel()
        await settle()
        waiting = queue.waiting
        turn.close()
        return waiting, queue.working

    assert run(work()) == (0, 0)


@pytest.mark.parametrize("is_cancelled_first", [True, False])
def test_a_turn_given_at_the_moment_of_leaving_goes_to_the_next(is_cancelled_first: bool) -> None:
    async def work() -> list[str]:
        queue = FairQueue(at_once=1, waiting=10, patience=60)
        turn = await queue.turn("a")
        waiting = [asyncio.create_task(queue.turn(client)) for client in "bc"]
        await settle()
        if is_cancelled_first:
            waiting[0].cancel()
            turn.close()
        else:
            turn.close()
            waiting[0].cancel()
        return await outcomes(waiting)

    assert run(work()) == ["CancelledError", "in"]


def test_a_full_queue_turns_away_whoever_has_his_share_of_it() -> None:
    async def work() -> list[str]:
        queue = FairQueue(at_once=1, waiting=2, patience=60)
        turn = await queue.turn("x")
        tasks = [asyncio.create_task(queue.turn(client)) for client in "abc"]
        await settle()
        turn.close()
        (await tasks[0]).close()
        return await outcomes(tasks)

    assert run(work()) == ["in", "in", "BusyError"]


def test_a_client_that_fills_the_queue_gives_a_place_to_a_newcomer() -> None:
    async def work() -> list[str]:
        queue = FairQueue(at_once=3, waiting=3, patience=60)
        turns = [await queue.turn("greedy") for _ in range(3)]
        tasks = [asyncio.create_task(queue.turn(client)) for client in ["greedy"] * 3 + ["shy"]]
        await settle()
        for turn in turns:
            turn.close()
        return await outcomes(tasks)

    assert run(work()) == ["in", "in", "BusyError", "in"]


def test_without_room_to_wait_whoever_is_not_let_in_at_once_is_turned_away() -> None:
    async def work() -> None:
        queue = FairQueue(at_once=1, waiting=0, patience=60)
        await queue.turn("a")
        await queue.turn("b")

    with pytest.raises(BusyError):
        run(work())


@given(
    clients=st.lists(st.sampled_from("aaaaabcd"), min_size=1, max_size=40),
    at_once=st.integers(1, 3),
    waiting=st.integers(1, 12),
    ends=st.lists(st.booleans(), max_size=60),
)
def test_nobody_waits_behind_more_than_a_share(clients: str, at_once: int, waiting: int, ends: list[bool]) -> None:
    """While one waits, no other client is let in more than once more often than one's own."""
    events: list[tuple[str, str, int]] = []  # what, whose, which one

    async def work() -> FairQueue:
        queue = FairQueue(at_once=at_once, waiting=waiting, patience=1e6)
        running: list[ExitStack] = []

        async def ask(client: str, number: int) -> None:
            try:
                turn = await queue.turn(client)
            except BusyError:
                events.append(("refused", client, number))
                return
            events.append(("in", client, number))
            running.append(turn)

        tasks = []
        for number, client in enumerate(clients):
            events.append(("came", client, number))
            tasks.append(asyncio.create_task(ask(client, number)))
            await settle()
            if number < len(ends) and ends[number] and running:
                running.pop(0).close()
                await settle()
        while running:
            running.pop(0).close()
            await settle()
        await asyncio.gather(*tasks)
        return queue

    queue = run(work())

    assert (queue.working, queue.waiting) == (0, 0)
    assert sum(kind != "came" for kind, *_ in events) == len(clients)
    for kind, client, number in [each for each in events if each[0] == "in"]:
        came, let_in = events.index(("came", client, number)), events.index((kind, client, number))
        meanwhile = Counter(whose for what, whose, _ in events[came:let_in] if what == "in")
        assert all(count <= meanwhile[client] + 1 for whose, count in meanwhile.items() if whose != client)
