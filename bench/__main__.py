"""How fast a question is answered, beside the bare model: `python -m bench`.

Both run in one process and take turns, question by question, so that a slow moment of the machine meets both. The
baseline encodes the question with sentence-transformers and searches a flat FAISS index of the same passages; the
assistant does everything: encoding, search, tags, quotation.
"""

import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from assistant import Assistant
from assistant.embeddings import packaged_model

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "When does the round table take place?",
    "What does the note say about unaccompanied children?",
    "How should personal data be protected?",
    "Which measures reduce the vulnerability of migrants in an irregular status?",
    "How can states work with media organizations against inflammatory reporting?",
    "Who won the football world cup?",
)
ROUNDS = 40


def main() -> None:
    """Measure and print a table."""
    assistant = Assistant.open(ROOT / "corpus", ROOT / "index")
    model = SentenceTransformer(str(packaged_model()), device="cpu")
    passages = model.encode([passage.text for passage in assistant.passages], normalize_embeddings=True)
    flat = faiss.IndexFlatIP(passages.shape[1])
    flat.add(passages)

    def baseline(question: str) -> None:
        flat.search(model.encode([question], normalize_embeddings=True), 5)

    def product(question: str) -> None:
        assistant.ask(question)

    rows = {"baseline: encode + flat FAISS": baseline, "assistant: everything": product}
    times = measured(rows)
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {len(passages)} passages")
    print(", ".join(f"{name} {version(name)}" for name in ("torch", "sentence-transformers", "faiss-cpu", "numpy")))
    print(f"{'':32} {'p50 ms':>8} {'p95 ms':>8}")
    for name, taken in times.items():
        print(f"{name:32} {statistics.median(taken):8.2f} {np.percentile(taken, 95):8.2f}")
    ratios = [ours / theirs for theirs, ours in zip(*times.values(), strict=True)]
    print(f"assistant / baseline, median of pairs: {statistics.median(ratios):.2f}")


def measured(rows: dict[str, Callable[[str], None]]) -> dict[str, list[float]]:
    """Milliseconds of each call, taken in turns, after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in rows}
    for question in QUESTIONS * 2:
        for call in rows.values():
            call(question)
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            for name, call in rows.items():
                started = time.perf_counter()
                call(question)
                times[name].append((time.perf_counter() - started) * 1000)
    return times


if __name__ == "__main__":
    main()
