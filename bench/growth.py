"""How the assistant bears many passages: `python -m bench.growth [--passages 300 3000 30000] [--folder FOLDER]`.

Makes documents of numbered paragraphs from the words of the shipped ones, builds their index, opens it and asks. Each
size is built and asked in processes of their own; a question's time is the least of three processes', so that what
else the machine does counts less. The vectors of what is indexed come from a stand-in, since the real
encoder takes hours for so much: the mean of what the real one makes of each word. All else is as it always is, the
encoding of the questions included. Prints a table in Markdown, and with `--plot` writes a drawing of it. Linux, macOS.
"""

import argparse
import multiprocessing
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from assistant import Assistant
from assistant.encoding import Encodings, Identity, Query, QueryRuntime, TokenVectors, unit
from assistant.journeys import load_build
from bench.questions import questions

ROOT = Path(__file__).resolve().parent.parent
SIZES = (300, 3_000, 30_000)
PARAGRAPHS = 500  # of a document
SENTENCES, LEAST, MOST = 3, 10, 20  # of a paragraph; words of a sentence
WARM_UP, ASKED, ROUNDS = 20, 200, 3
RECALLED = 10
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Grown:
    """The measurements at one size.

    Attributes:
        built: Seconds.
        build_memory: The greatest of the build, MB.
        size: Of the index on disk, MB.
        opened: Seconds until a question can be asked.
        memory: The greatest of a process that opens and asks, MB; pages of the index's files count while it uses them.
        p50, p95: Milliseconds of a question.
        recall: The share of the ten nearest passages that the search finds.
    """

    passages: int
    built: float
    build_memory: float
    size: float
    opened: float
    memory: float
    p50: float
    p95: float
    recall: float


class StandIn:
    """Encodes texts as the mean of their words, and questions with the real encoder."""

    identity = Identity("stand-in", "0" * 64)

    def __init__(self, runtime: QueryRuntime) -> None:
        """Take what runs for questions of the shipped documents."""
        self.runtime = replace(runtime, encoder=self)
        self._real = runtime.encoder
        self._word = cache(lambda word: self._real.encode_passages([word]).vectors[0])
        self._dimensions = len(self._word("word"))

    def encode_passages(
        self,
        texts: Sequence[str],
        *,
        with_tokens: bool = False,  # noqa: ARG002 - they are at hand
        report: Callable[[int], None] | None = None,
    ) -> Encodings:
        """Encode texts; a word is a token."""
        matches = [list(_LETTERS.finditer(text)) for text in texts]
        starts = np.cumsum([0, *map(len, matches)])
        words = [self._word(match[0].lower()) for found in matches for match in found]
        tokens = np.array(words, dtype=np.float32).reshape(-1, self._dimensions)
        spans = np.array([match.span() for found in matches for match in found], dtype=np.int64).reshape(-1, 2)
        vectors = np.array([tokens[first:last].sum(axis=0) for first, last in pairwise(starts)])
        if report:
            report(len(texts))
        return Encodings(unit(vectors), TokenVectors.of(texts, tokens, spans, starts))

    def encode_query(self, text: str) -> Query:
        """Encode a question with the real encoder."""
        return self._real.encode_query(text)


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="keep the documents and the indexes here")
    parser.add_argument("--plot", type=Path, help="an SVG file to draw into")
    chosen = parser.parse_args()
    Assistant.open(ROOT / "corpus", ROOT / "index")  # its encoder and its words are used
    print(
        "| passages | build s | passages/s | build MB | index MB | open s | memory MB | p50 ms | p95 ms | recall@10 |"
    )
    print("|---:" * 10 + "|")
    with tempfile.TemporaryDirectory() as temporary:
        grown = [measured(size, (chosen.folder or Path(temporary)) / str(size)) for size in chosen.passages]
    if chosen.plot:
        draw(grown, chosen.plot)


def measured(size: int, folder: Path) -> Grown:
    """Build, open and ask at one size, and print its row."""
    write_documents(folder / "corpus", size)
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned, max_tasks_per_child=1) as processes:
        built, build_memory = processes.submit(build, folder).result()
        rounds = [processes.submit(ask, folder).result() for _ in range(ROUNDS)]
        passages, recall = processes.submit(recalled, folder).result()
    bytes_kept = sum(path.stat().st_size for path in (folder / "index").iterdir())
    p50, p95 = np.percentile(np.min([taken for _, taken, _ in rounds], axis=0), [50, 95]).tolist()
    opened, memory = min(opened for opened, _, _ in rounds), max(memory for _, _, memory in rounds)
    grown = Grown(passages, built, build_memory, bytes_kept / 1e6, opened, memory, p50, p95, recall)
    print(
        f"| {passages:,} | {built:.0f} | {passages / built:.0f} | {build_memory:.0f} | {grown.size:.0f} "
        f"| {opened:.1f} | {memory:.0f} | {p50:.1f} | {p95:.1f} | {recall:.3f} |",
        flush=True,
    )
    return grown


def build(folder: Path) -> tuple[float, float]:
    """Build the index; return seconds and the greatest memory, MB."""
    encoder = stand_in()
    started = time.perf_counter()
    Assistant.open(folder / "corpus", folder / "index", encoder=encoder)
    return time.perf_counter() - started, _greatest_memory()


def ask(folder: Path) -> tuple[float, list[float], float]:
    """Open the index and ask; return seconds to open, milliseconds of the questions and the greatest memory, MB."""
    encoder = stand_in()
    started = time.perf_counter()
    assistant = Assistant.open(folder / "corpus", folder / "index", encoder=encoder)
    assistant.finders.english.runtime = encoder.runtime
    opened = time.perf_counter() - started
    taken = []
    for question in islice(questions(), WARM_UP + ASKED):
        started = time.perf_counter()
        assistant.ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return opened, taken[WARM_UP:], _greatest_memory()


def recalled(folder: Path) -> tuple[int, float]:
    """Return the number of passages, and which share of the nearest the search finds, in the mean over questions."""
    encoder, index = stand_in(), load_build(folder / "index").passages
    vectors = index.vectors.rows
    shares = []
    for question in islice(questions(), ASKED):
        query = encoder.encode_query(question).vector
        exact = np.argpartition(-(vectors @ query), RECALLED)[:RECALLED].tolist()
        # As many as a search of the assistant's asks for.
        found = [row for row, _ in index.vectors.nearest(query, 100)[:RECALLED]]
        shares.append(len(set(found) & set(exact)) / RECALLED)
    return len(index.passages), float(np.mean(shares))


def stand_in() -> StandIn:
    """Return a stand-in on the real encoder of the shipped documents' index."""
    assistant = Assistant.open(ROOT / "corpus", ROOT / "index")
    return StandIn(assistant.finders.english.runtime)


def write_documents(corpus: Path, passages: int) -> None:
    """Write plain texts of numbered paragraphs, unless they are there."""
    if corpus.is_dir():
        return
    corpus.mkdir(parents=True)
    words = [
        word for document in load_build(ROOT / "index").corpus.documents for word in _LETTERS.findall(document.text)
    ]
    for number, first in enumerate(range(0, passages, PARAGRAPHS)):
        chance = random.Random(number)
        count = min(PARAGRAPHS, passages - first)
        text = "".join(f"{at}. {_paragraph(words, chance)}\n\n" for at in range(1, count + 1))
        (corpus / f"document-{number:04}.txt").write_text(f"Document {number}\n\n{text}", encoding="utf-8")


def _paragraph(words: Sequence[str], chance: random.Random) -> str:
    """Return sentences of words that are drawn as often as they occur."""
    sentences = (" ".join(chance.choices(words, k=chance.randint(LEAST, MOST))) for _ in range(SENTENCES))
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)


def draw(grown: Sequence[Grown], path: Path) -> None:
    """Draw how long a question takes by the number of passages."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    passages = [each.passages for each in grown]
    for name, style in (("p50", "o-"), ("p95", "s--")):
        axes.plot(passages, [getattr(each, name) for each in grown], style, label=name)
    axes.set(title="A question among many passages", xlabel="passages", ylabel="milliseconds", xscale="log")
    axes.set_ylim(bottom=0)
    axes.grid(color="#dcdcdc")
    axes.legend(frameon=False)
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "growth"}):
        figure.savefig(path, format="svg", metadata={"Date": None})


def _greatest_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
