"""PostgreSQL as the store: `python -m bench.postgres {speed,failover,change} --binaries FOLDER [--folder FOLDER]`.

`speed` asks among many passages with a stand-in's vectors (`bench.growth`), with and without a filter. The others ask
small documents by a bag of words, since it is the store that they try: `failover` kills the primary while clients ask,
and tells how long each waited for the standby. `change` has three services ask while changed documents are published
again and again, and compares each answer with what that state of the documents answers.

Each runs servers of its own: FOLDER holds initdb and its like, of PostgreSQL with pgvector.
"""

import argparse
import json
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.index import repository_at
from assistant.journeys import publish
from assistant.settings import Settings
from bench.clusters import Server, running
from bench.growth import build, stand_in, write_documents
from bench.questions import questions
from bench.same_answers import plain
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

WARM_UP, ASKED = 20, 200
FILTER = {7}  # the objective of the filter
CLIENTS, BEFORE, AFTER = 16, 5.0, 15.0  # seconds of asking before the primary is killed, and after
SERVICES, EVERY, TOLD = 3, 3.0, 250  # seconds between two publications; answers between two lines
DOCUMENTS, PARAGRAPHS = 6, 40


# Speed ---------------------------------------------------------------------------------------------------------------


def speed(chosen: argparse.Namespace, folder: Path) -> None:
    """Publish many passages, open them and ask."""
    size = chosen.passages
    grown = folder / str(size)
    write_documents(grown / "corpus", size)
    if not (grown / "index" / "manifest.json").is_file():
        print(f"built in {build(grown)[0]:.0f} s", flush=True)
    encoder = stand_in()
    with running(chosen.binaries, folder, chosen.port) as server:
        settings = Settings(grown / "corpus", grown / "index", store=server.address)
        local = Assistant.open(grown / "corpus", grown / "index", encoder=encoder)
        started = time.perf_counter()
        written = publish(local.build, settings)
        print(f"{written.passages} passages published in {time.perf_counter() - started:.0f} s", flush=True)
        started = time.perf_counter()
        assistant = Assistant.from_settings(settings, encoder=encoder)
        print(f"opened in {time.perf_counter() - started:.2f} s", flush=True)
        for each in (local, assistant):
            each.finders.english.runtime = encoder.runtime
        for name, objectives in (("no filter", set()), (f"objective {FILTER}", FILTER)):
            taken, same = [], 0
            for at, question in enumerate(islice(questions(), WARM_UP + ASKED)):
                started = time.perf_counter()
                answer = assistant.ask(question, objectives=objectives)
                taken.append((time.perf_counter() - started) * 1000)
                if at % 10 == 0:
                    other = local.ask(question, objectives=objectives)
                    same += [hit.passage.id for hit in answer.hits or answer.nearest] == [
                        hit.passage.id for hit in other.hits or other.nearest
                    ]
            p50, p95 = np.percentile(taken[WARM_UP:], [50, 95])
            asked = len(range(0, WARM_UP + ASKED, 10))
            print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms; the local store's passages {same} of {asked} times")


# Failover ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Client:
    """A client's account: the time of each answer, refusals, answers unlike those before the server was killed."""

    answered: list[float] = field(default_factory=list)
    refused: int = 0
    wrong: int = 0


def failover(chosen: argparse.Namespace, folder: Path) -> None:
    """Kill the primary while clients ask."""
    corpus = folder / "corpus"
    write_states(corpus, 0)
    encoder = BagOfWordsEncoder()
    local = Assistant.open(corpus, folder / "index", encoder=encoder)
    asked = asked_of_states()
    with running(chosen.binaries, folder, chosen.port) as primary:
        publish(local.build, Settings(store=primary.address))
        standby = Server(chosen.binaries, folder / "standby", chosen.port + 1)
        standby.follow(primary)
        standby.start()
        both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres"
        assistant = Assistant.from_settings(Settings(corpus, store=both), encoder=encoder)
        expected = {question: told(assistant, question) for question in asked}
        clients, stop = [Client() for _ in range(CLIENTS)], threading.Event()
        threads = [threading.Thread(target=keep_asking, args=(assistant, expected, each, stop)) for each in clients]
        for thread in threads:
            thread.start()
        time.sleep(BEFORE)
        killed = time.monotonic()
        primary.stop()
        time.sleep(AFTER)
        stop.set()
        for thread in threads:
            thread.join()
        standby.stop()
        primary.start()  # so that it can be stopped as usual
    waits = [max(b - a for a, b in zip(each.answered, each.answered[1:], strict=False)) for each in clients]
    first = [min(at for at in each.answered if at > killed + 0.5) - killed for each in clients]
    print(
        f"{sum(len(each.answered) for each in clients)} answers to {CLIENTS} clients, primary killed after {BEFORE} s"
    )
    print(
        f"the longest wait between two answers: {max(waits):.2f} s; an answer after {max(first):.2f} s for every client"
    )
    print(f"refused: {sum(each.refused for each in clients)}; wrong: {sum(each.wrong for each in clients)}")


def keep_asking(assistant: Assistant, expected: dict[str, object], client: Client, stop: threading.Event) -> None:
    """Ask one question after the other until told to stop."""
    for question in cycle(expected):
        if stop.is_set():
            return
        try:
            client.wrong += told(assistant, question) != expected[question]
            client.answered.append(time.monotonic())
        except AssistantError:
            client.refused += 1


# A change ------------------------------------------------------------------------------------------------------------


def change(chosen: argparse.Namespace, folder: Path) -> None:
    """Ask from three services while one publishes."""
    encoder = BagOfWordsEncoder()
    states = []
    for state in (0, 1):
        write_states(folder / f"corpus{state}", state)
        states.append(Assistant.open(folder / f"corpus{state}", folder / f"index{state}", encoder=encoder))
    asked = asked_of_states()
    expected = {each.corpus_hash: {question: told(each, question) for question in asked} for each in states}
    (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    with running(chosen.binaries, folder, chosen.port) as server:
        settings = Settings(store=server.address)
        publish(states[0].build, settings)
        spawned = multiprocessing.get_context("spawn")
        told_of = spawned.Queue()
        services = [
            spawned.Process(target=serve, args=(server.address, folder / "expected.json", chosen.answers, told_of))
            for _ in range(SERVICES)
        ]
        for service in services:
            service.start()
        published = 1
        while any(service.is_alive() for service in services) and told_of.qsize() < SERVICES:
            time.sleep(EVERY)
            publish(states[published % 2].build, settings)
            published += 1
        results = [told_of.get() for _ in services]
        for service in services:
            service.join()
    for given, wrong, refused, of_states in results:
        print(f"{given} answers, {wrong} wrong or mixed, {refused} refused, by state of the documents: {of_states}")
    print(f"{published} publications, one each {EVERY} s")


def serve(address: str, file: Path, count: int, told_of: "multiprocessing.Queue[object]") -> None:
    """Ask as one service would, opening anew when there is another generation."""
    expected = {corpus: dict(each) for corpus, each in json.loads(file.read_text("utf-8")).items()}
    encoder, settings, repository = BagOfWordsEncoder(), Settings(store=address), repository_at(address)
    held = {"assistant": Assistant.from_settings(settings, encoder=encoder), "generation": repository.generation()}

    def watch() -> None:
        while True:
            time.sleep(1)
            now = repository.generation()
            if now != held["generation"]:
                held.update(assistant=Assistant.from_settings(settings, encoder=encoder), generation=now)

    threading.Thread(target=watch, daemon=True).start()
    wrong = refused = answers = 0
    of_states: dict[str, int] = {}
    for question in islice(cycle(next(iter(expected.values()))), count // SERVICES + 1):
        assistant: Assistant = held["assistant"]  # type: ignore[assignment]
        try:
            found = json.loads(json.dumps(told(assistant, question)))
        except AssistantError:
            refused += 1
            continue
        answers += 1
        of_states[assistant.corpus_hash[7:15]] = of_states.get(assistant.corpus_hash[7:15], 0) + 1
        wrong += found != expected[assistant.corpus_hash][question]
        if not answers % TOLD:
            print(f"{answers} answers, {wrong} wrong or mixed, {refused} refused, of {of_states}", flush=True)
    told_of.put((answers, wrong, refused, of_states))


def told(assistant: Assistant, question: str) -> object:
    """Return all of an answer but its time."""
    return plain(assistant.ask(question))


def asked_of_states() -> list[str]:
    """Return what is asked of either state, one question for each document."""
    return [f"What does ferry {7 * at} of line {at} carry?" for at in range(DOCUMENTS)]


def write_states(corpus: Path, state: int) -> None:
    """Write documents of which every second one differs between two states."""
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "objectives.toml").write_text(small_table(), encoding="utf-8")
    for at in range(DOCUMENTS):
        cargo = ("apples and letters", "bicycles and tea")[state if at % 2 else 0]
        lines = [f"{n}. Ferry {n} of line {at} carries {cargo}, {n + at} a day." for n in range(1, PARAGRAPHS + 1)]
        (corpus / f"line-{at}.txt").write_text(f"Line {at}\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "failover", "change"])
    parser.add_argument("--binaries", type=Path, required=True)
    parser.add_argument("--folder", type=Path, help="keep documents and indexes here")
    parser.add_argument("--port", type=int, default=54360, help="this one and the next are taken")
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--answers", type=int, default=10_000, help="that the services give while documents change")
    chosen = parser.parse_args()
    with scratch(chosen.folder) as folder:
        {"speed": speed, "failover": failover, "change": change}[chosen.what](chosen, folder)


@contextmanager
def scratch(kept: Path | None) -> Iterator[Path]:
    """Give a folder that others may read, too."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = kept or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


if __name__ == "__main__":
    main()
