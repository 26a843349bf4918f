"""Whether questions are answered rightly while documents change: `python -m bench.meetings`.

The real server in a process of its own holds two meetings: the shipped documents, and one small document. Clients ask
both in turn while a member of the staff adds, replaces and retires a document of the first by its page, again and
again. An answer is wrong if it isn't the words that the question got before anything changed, and mixed if a passage
of it is another meeting's.
"""

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
STAFF = ("staff", "bench")
FERRIES = "Note on ferries\n\n1. The ferry to the island leaves the old harbour at seven in the morning.\n"
QUESTIONS = {
    "note": [
        "What does the note say about unaccompanied children?",
        "Which hashtags can be used?",
        "What does the note say about data?",
        "What is said of recruitment costs?",
    ],
    "ferries": ["When does the ferry to the island leave?", "From where does the ferry to the island leave?"],
}
OTHER = "Minutes of the {n} committee\n\n1. The {n} committee agreed on the colour of its chairs.\n"


def main() -> None:
    """Ask, change, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.meetings", description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--index", type=Path, help="an index of the shipped documents, to begin with")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="meetings-") as folder:
        home = Path(folder)
        shutil.copytree(ROOT / "corpus", home / "note")
        (home / "ferries").mkdir()
        (home / "ferries" / "ferries.txt").write_text(FERRIES, encoding="utf-8")
        rows = [f'[[meeting]]\nname = "{name}"\ntitle = "{name}"\ncorpus = "{name}"\n' for name in QUESTIONS]
        (home / "meetings.toml").write_text("\n".join(rows), encoding="utf-8")
        if chosen.index:
            shutil.copytree(chosen.index, home / "index" / "note")
        environ = {
            **os.environ,
            "ASSISTANT_CORPORA": str(home / "meetings.toml"),
            "ASSISTANT_INDEX": str(home / "index"),
            "ASSISTANT_AUTH": ":".join(STAFF),
            "ASSISTANT_UPLOAD": "1",
            "ASSISTANT_RATE_LIMIT": "0",
        }
        command = [sys.executable, "-m", "assistant", "serve", "--port", "0"]
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
            try:
                origin = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
                asyncio.run(_run(origin[0] if origin else "", chosen.questions, chosen.clients))
            finally:
                process.terminate()


async def _run(origin: str, questions: int, clients: int) -> None:
    asked, outcomes, changes, began = iter(range(questions)), Counter[str](), Counter[str](), time.monotonic()
    async with httpx2.AsyncClient(base_url=origin, auth=STAFF, timeout=120) as client:
        for name in QUESTIONS:
            while (await client.get(f"/m/{name}/api/objectives")).status_code != 200:
                await asyncio.sleep(1)
        pairs = [(name, question) for name, several in QUESTIONS.items() for question in several]
        right = {pair: await _answer(client, *pair) for pair in pairs}
        turns = cycle(pairs)

        async def ask() -> None:
            for _ in asked:
                pair = next(turns)
                outcomes[_judged(await _answer(client, *pair), right[pair], pair[0])] += 1

        changing = asyncio.create_task(_change(client, changes))
        await asyncio.gather(*(ask() for _ in range(clients)))
        changing.cancel()
    print(f"{questions} questions, {clients} clients, {time.monotonic() - began:.0f} s")
    print("outcomes", dict(outcomes), "changes", dict(changes))


async def _answer(client: httpx2.AsyncClient, name: str, question: str) -> dict[str, Any]:
    reply = await client.post(f"/m/{name}/api/ask", json={"question": question})
    return {"http": reply.status_code, **reply.json()}


def _judged(found: dict[str, Any], right: dict[str, Any], name: str) -> str:
    """Say what an answer is: right, wrong or mixed; or how it was refused."""
    if found["http"] != 200:
        return f"http {found['http']}"
    shown = {each["document"] for each in (*found["hits"], *found["nearest"])}
    is_mixed = any((document == "ferries") != (name == "ferries") for document in shown)
    return "mixed" if is_mixed else "right" if found["answer"] == right["answer"] else "wrong"


async def _change(client: httpx2.AsyncClient, changes: Counter[str]) -> None:
    """Add a document, replace it, retire it, and so on; each time wait until it is answered from."""
    at = "/m/note/staff"
    while True:
        for step, replaces in (("add", ""), ("replace", "minutes")):
            text = OTHER.format(n=f"{step}-{sum(changes.values())}")
            sent = {"file": ("minutes.txt", text.encode())}
            shown = await client.post(f"{at}/documents", files=sent, data={"replaces": replaces})
            token = re.search(r'name="token" value="(\w+)"', shown.text)
            fields = {"token": token[1] if token else "", "replaces": replaces, "decision": "live"}
            await _send(client, f"{at}/decision", fields)
            await _settled(client, at)
            changes[step] += 1
        await _send(client, f"{at}/retirement", {"id": "minutes"})
        await _settled(client, at)
        changes["retire"] += 1


async def _send(client: httpx2.AsyncClient, address: str, fields: dict[str, str]) -> None:
    reply = await client.post(address, files={name: (None, value) for name, value in fields.items()})
    assert reply.status_code == 303, reply.text


async def _settled(client: httpx2.AsyncClient, at: str) -> None:
    while "The index is up to date." not in (await client.get(f"{at}/documents?lang=en")).text:
        await asyncio.sleep(1)


if __name__ == "__main__":
    main()
