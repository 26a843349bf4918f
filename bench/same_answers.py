"""Hold the answers of two checkouts against each other: python -m bench.same_answers write FILE, then compare A B.

Every gold question, topic and conversation is put to the shipped corpus and to the made-up documents that it
belongs to; all of an answer but its time is written down, numbers to six digits. A change that only moves code leaves
no difference. With `--server postgresql://user@host:port` the answers are those of a store there.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from assistant import Assistant
from assistant.journeys import publish
from assistant.settings import Settings

HOME = Path(__file__).resolve().parent.parent
MADE_UP = {"formal": "formal-document.txt", "plan": "regional-plan.txt", "briefing": "briefing-note.txt"}


def plain(value: object) -> object:
    """Reduce a record to JSON values: numbers to six digits, without times and the record's place in a program."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, (str, int, bool)) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    names = [name for name in getattr(value, "__slots__", ()) if name not in {"elapsed_ms", "source", "corpus"}]
    return {name: plain(getattr(value, name)) for name in names} | ({"id": value.id} if hasattr(value, "id") else {})


def told(assistant: Assistant, line: dict[str, Any]) -> object:
    """Ask what one line of gold asks: a question, a conversation or a topic."""
    if "text" in line:
        return plain(assistant.classify(line["text"]))
    turns = line.get("turns") or [line["question"]]
    whole = plain(assistant.ask(turns[-1], history=turns[:-1], explain=True))
    filtered = plain(assistant.ask(turns[-1], history=turns[:-1], objectives={7, 17}, top_k=3))
    return [whole, filtered]


def answers(corpora: dict[str, Assistant], gold: Path, *, every: int) -> Iterator[tuple[str, object]]:
    """Yield a name and what it gets for each line of gold, or for one in so many."""
    for path in sorted(gold.glob("*.jsonl")):
        assistant = corpora.get(path.stem.split("-")[0], corpora["shipped"])
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if number % every:
                continue
            yield f"{path.stem}:{number}", told(assistant, json.loads(line))


def write(target: Path, scratch: Path, *, every: int, server: str) -> None:
    """Write the answers of this checkout, a JSON array a line: name, answer."""
    corpora = {"shipped": Assistant.open(HOME / "corpus", scratch / "index")}
    for name, file in MADE_UP.items():
        folder = scratch / name
        folder.mkdir(exist_ok=True)
        shutil.copy(HOME / "tests" / "data" / file, folder)
        corpora[name] = Assistant.open(folder, scratch / f"index-{name}")
    if server:
        corpora = {name: published(assistant, server, name) for name, assistant in corpora.items()}
    with target.open("w", encoding="utf-8") as out:
        for pair in answers(corpora, HOME / "tests" / "gold", every=every):
            out.write(json.dumps(pair, ensure_ascii=False, sort_keys=True) + "\n")


def published(assistant: Assistant, server: str, name: str) -> Assistant:
    """Publish a build into a database of its own, and open that."""
    settings = Settings(corpus=Path("none"), store=f"{server}/same_{name}")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS same_{name}".encode())
        connection.execute(f"CREATE DATABASE same_{name}".encode())
    publish(assistant.build, settings)
    return Assistant.from_settings(settings)


def compare(one: Path, other: Path, *, shown: int) -> int:
    """Print how many of the second file's answers differ and the first of them; return the exit status."""
    read = [dict(map(json.loads, path.read_text(encoding="utf-8").splitlines())) for path in (one, other)]
    different = [name for name in read[1] if read[0].get(name) != read[1][name]]
    for name in sorted(different)[:shown]:
        print(f"{name}\n  {json.dumps(read[0].get(name))[:2000]}\n  {json.dumps(read[1].get(name))[:2000]}")
    print(f"{len(read[1])} answers, {len(different)} different")
    return 1 if different else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write")
    writing.add_argument("file", type=Path)
    writing.add_argument("--every", type=int, default=1, help="ask one line in so many")
    writing.add_argument("--server", default="", help="publish into databases of this server, and ask these")
    writing.add_argument("--indexes", type=Path, help="a folder to keep the indexes in; else they are built anew")
    against = commands.add_parser("compare")
    against.add_argument("one", type=Path)
    against.add_argument("other", type=Path)
    against.add_argument("--shown", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.command == "write":
        with tempfile.TemporaryDirectory() as temporary:
            write(arguments.file, arguments.indexes or Path(temporary), every=arguments.every, server=arguments.server)
    else:
        sys.exit(compare(arguments.one, arguments.other, shown=arguments.shown))
