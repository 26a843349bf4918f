"""How fast the assistant is beside bare sentence-transformers and FAISS: `python -m bench`, with parts as arguments.

- ask: a question in a process that runs, everything included, beside the encoding of that question and a search of a
  flat index of the same passages; in English, and in another language. Then beside the usual way to answers of this
  quality: the same, and a cross-encoder of the reader's size, as it came, over the ten nearest passages. No question is
  asked twice, so that none is remembered. Last, what `many` measures.
- start: `python -m assistant ask` from the start of the process to its end, beside a script that imports
  sentence-transformers, loads the model, encodes and searches.
- many: the questions a second of clients of the service, beside those of threads that encode.
- memory: what the service holds after it has answered.
- build: an index of a dozen documents, beside the bare encoding of the same texts.

What is compared takes turns, so that a slow moment of the machine meets both; the ratio is the median of the pairs'.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from sentence_transformers import CrossEncoder, SentenceTransformer

from assistant import Assistant
from assistant.encoding import OURS, Encoder, Encodings, NanoEncoder, SentenceEncoder, is_installed, packaged_model
from bench.load import Server, api_call, loaded, ready
from bench.many_documents import write_documents
from bench.questions import questions

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
QUESTION = "What does the note say about unaccompanied children?"
WARM_UP, QUESTIONS, STARTS, BUILDS, DOCUMENTS = 50, 400, 7, 3, 12
READ, FULLY_READ = 10, 120  # passages that the usual way reads; questions that are answered so
CLIENTS, THREADS, TURNS, TURN = 32, 16, 5, 8  # a turn's seconds
_NOT_YET = 503  # the service opens its index
_LIBRARIES = ("torch", "sentence-transformers", "onnxruntime", "tokenizers", "faiss-cpu", "numpy")
_BARE_START = """
import sys
import faiss, numpy
from sentence_transformers import SentenceTransformer
vectors = numpy.load(sys.argv[2])
flat = faiss.IndexFlatIP(vectors.shape[1])
flat.add(vectors)
model = SentenceTransformer(sys.argv[1], device="cpu")
print(flat.search(model.encode([sys.argv[3]], normalize_embeddings=True), 5))
"""


def main() -> None:
    """Measure and print."""
    parts = {"ask": ask, "start": start, "many": many, "memory": memory, "build": build}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help="ask, start, many, memory or build; all of them by default"
    )
    chosen = parser.parse_args().parts or [part for part in parts if part != "many"]
    print(f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    print(f"OMP_NUM_THREADS {os.environ.get('OMP_NUM_THREADS', 'unset')}, load {os.getloadavg()[0]:.1f}")
    for part in chosen:
        parts[part]()


def ask() -> None:
    """Questions in this process."""
    assistant = Assistant.open(ROOT / "corpus", ROOT / "index")
    model = _bare_model()
    flat = faiss.IndexFlatIP(model.get_embedding_dimension())
    flat.add(model.encode([passage.text for passage in assistant.passages], normalize_embeddings=True))

    def bare(question: str) -> None:
        flat.search(model.encode([question], normalize_embeddings=True), 5)

    def ours(question: str) -> None:
        assistant.ask(question)

    reader = CrossEncoder(str(OURS), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"})

    def usual(question: str) -> None:
        _, (nearest,) = flat.search(model.encode([question], normalize_embeddings=True), READ)
        reader.predict([(question, assistant.passages[row].text) for row in nearest if row >= 0])

    for language, told in (("English", _questions()), ("another language", _questions(in_english=False))):
        for question in told[:WARM_UP]:
            bare(question)
            ours(question)
        asked = told[WARM_UP : WARM_UP + QUESTIONS]
        _compare(
            f"a question in {language}, of {len(asked)} different ones, {len(assistant.passages)} passages",
            [(_seconds(bare, question), _seconds(ours, question)) for question in asked],
        )
    asked = _questions()[-FULLY_READ:]
    _compare(
        f"beside encoding, searching and reading {READ} passages, {len(asked)} questions",
        [(_seconds(usual, question), _seconds(ours, question)) for question in asked],
    )
    many()


def start() -> None:
    """Questions by a process each."""
    assistant = Assistant.open(ROOT / "corpus", ROOT / "index")
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "vectors.npy"
        np.save(vectors, assistant.build.passages.vectors.rows)
        bare = [sys.executable, "-c", _BARE_START, str(packaged_model()), str(vectors), QUESTION]
        ours = [sys.executable, "-m", "assistant", "ask", QUESTION]
        _run(bare)  # so that files of both lie in memory
        _run(ours)
        pairs = [(_seconds(_run, bare), _seconds(_run, ours)) for _ in range(STARTS)]
    _compare(f"a process that answers a question, {STARTS} times", pairs)


def many() -> None:
    """Clients of the service."""
    Assistant.open(ROOT / "corpus", ROOT / "index")
    model = _bare_model()
    asked = questions()
    service = Server(ROOT / "index", rate=0)
    rates, slow = [], []
    try:
        asyncio.run(ready(service))
        for turn in range(TURNS + 1):
            encoded = _encoded_by_threads(model, asked)
            outcome = asyncio.run(loaded(service, api_call, asked, clients=CLIENTS, seconds=TURN))
            if turn:  # the first one warms up
                rates.append((encoded, len(outcome.taken) / TURN))
                slow.append(float(np.percentile(outcome.taken, 95)))
    finally:
        service.stop()
    print(f"many at once, {TURNS} turns of {TURN} s: questions a second")
    bare, ours = np.array(rates).T
    for name, rate in ((f"{THREADS} threads that encode", bare), (f"{CLIENTS} clients of /api/ask", ours)):
        print(f"{name:>30} {np.median(rate):8.0f}   from {rate.min():.0f} to {rate.max():.0f}")
    print(f"{'clients / threads':>30} {np.median(ours / bare):8.2f}   p95 of a client's {np.median(slow):.0f} ms")


def _encoded_by_threads(model: SentenceTransformer, asked: Iterator[str]) -> float:
    """Questions a second of threads that each encode one after another."""
    until, lock = time.perf_counter() + TURN, threading.Lock()

    def work(_: int) -> int:
        count = 0
        while time.perf_counter() < until:
            with lock:
                question = next(asked)
            model.encode([question], normalize_embeddings=True)
            count += 1
        return count

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(work, range(THREADS))) / TURN


def memory() -> None:
    """The service, once it has answered."""
    Assistant.open(ROOT / "corpus", ROOT / "index")  # built here, if need be, and not by the service
    service = Server(ROOT / "index", rate=0)
    try:
        for question in _questions()[:WARM_UP]:
            _ask_service(f"http://{service.host}:{service.port}/api/ask", question)
        held = service.memory()
    except FileNotFoundError:
        print("the service's memory: this system doesn't tell")
    else:
        print(f"the service after {WARM_UP} questions: {held:.0f} MB resident")
    finally:
        service.stop()


def build() -> None:
    """An index of a dozen documents: without other languages, and with them, which are encoded a second time."""
    model = _bare_model()
    encoder = _Noting()
    seconds: dict[str, Encoder | None] = {"": None}
    if is_installed():
        seconds[" and other languages"] = NanoEncoder()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        texts = [path.read_text("utf-8").splitlines() for path in sorted((ROOT / "tests" / "data").glob("*.txt"))]
        write_documents(corpus, DOCUMENTS, texts)
        for name, second in seconds.items():
            pairs = []
            for turn in range(BUILDS):
                index = Path(folder) / f"index{turn}{len(name)}"
                encoder.noted.clear()
                taken = _seconds(lambda _: Assistant.open(corpus, index, encoder=encoder, multilingual=second), None)  # noqa: B023 - called at once
                pairs.append((_seconds(model.encode, list(dict.fromkeys(encoder.noted))), taken))
            _compare(f"a build{name} that encodes {len(set(encoder.noted))} texts, {BUILDS} times", pairs)
            print(f"{'speed / bare':>30} {np.median([bare / ours for bare, ours in pairs]):8.2f}")


class _Noting(SentenceEncoder):
    """Notes what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def encode_passages(
        self, texts: Sequence[str], *, with_tokens: bool = False, report: Callable[[int], None] | None = None
    ) -> Encodings:
        self.noted += texts
        return super().encode_passages(texts, with_tokens=with_tokens, report=report)


def _bare_model() -> SentenceTransformer:
    return SentenceTransformer(str(packaged_model()), device="cpu", local_files_only=True)


def _questions(*, in_english: bool = True) -> list[str]:
    """The different questions of the gold sets, in an order by chance that is always the same."""
    # A file is called after its kind and split, and between them its language, if that isn't English.
    paths = [path for path in sorted(GOLD.glob("*.jsonl")) if (path.stem.count("-") == 1) is in_english]
    rows = [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]
    different = list(dict.fromkeys(row["question"] for row in rows if "question" in row))
    random.Random(0).shuffle(different)
    return different


def _compare(title: str, pairs: Sequence[tuple[float, float]]) -> None:
    """Print how long both took, and the ratio, of (bare, ours) in seconds."""
    print(f"{title}\n{'milliseconds':>30} {'p50':>8} {'p95':>8} {'least':>8} {'most':>8}")
    bare, ours = np.array(pairs).T * 1000
    for name, taken in (("bare", bare), ("assistant", ours)):
        figures = (np.median(taken), np.percentile(taken, 95), taken.min(), taken.max())
        print(f"{name:>30} " + " ".join(f"{figure:8.2f}" for figure in figures))
    ratios = ours / bare
    low, high = np.percentile(ratios, [25, 75])
    print(f"{'assistant / bare':>30} {np.median(ours) / np.median(bare):8.2f} ", end="")
    print(f"{np.percentile(ours, 95) / np.percentile(bare, 95):8.2f}", end="")
    print(f"   of pairs: {np.median(ratios):.2f}, half of them {low:.2f} to {high:.2f}")


def _seconds(call: Callable[[Any], object], argument: Any) -> float:
    started = time.perf_counter()
    call(argument)
    return time.perf_counter() - started


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _ask_service(address: str, question: str) -> None:
    body = json.dumps({"question": question}).encode()
    for _ in range(600):
        try:
            with urllib.request.urlopen(
                urllib.request.Request(address, body, {"Content-Type": "application/json"}), timeout=60
            ) as reply:
                reply.read()
        except urllib.error.HTTPError as error:
            if error.code != _NOT_YET:
                raise
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
