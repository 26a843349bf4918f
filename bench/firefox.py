"""Take the main journey in Firefox, driven by WebDriver BiDi: ask, open the source, go back, rank a topic.

    python -m bench.firefox http://127.0.0.1:7860/

It needs firefox-esr (or firefox), and `pip install websockets`, which nothing else does. Each step is a line; the last
line names what Firefox said on its console. Exit 1 where a step doesn't come about.
"""

import asyncio
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from typing import Any

_PORT = 29333
_PATIENCE = 60.0  # seconds for a step
_ENTER, _ESCAPE = "\ue007", "\ue00c"
_BOX, _SHEET = "document.querySelector('#question textarea')", "document.getElementById('sheet')"
# What is done (script, then keys), what must come of it, and its name.
_STEPS = (
    ("", "", "document.documentElement.dataset.gradio === 'there'", "the page is there"),
    (f"{_BOX}.focus()", f"unaccompanied children{_ENTER}", "!!document.querySelector('.quoted')", "an answer"),
    ("document.querySelector('.quoted .cited').click()", "", f"!!{_SHEET}.querySelector('mark')", "its source"),
    ("", _ESCAPE, f"{_SHEET}.hidden", "Escape closes it"),
    ("location.hash = '#documents/background-note'", "", "!!document.querySelector('.paragraph')", "a text"),
    ("history.back()", "", "!document.getElementById('view-ask').hidden", "back at the answer"),
    ("location.hash = '#objective'", "", "!document.getElementById('view-objective').hidden", "another place"),
    ("document.getElementById('topic-text').focus()", f"visas{_ENTER}",
     "document.querySelectorAll('.explained-card').length === 3", "a topic's objectives"),
)  # fmt: skip


class _Session:
    """A session of a browser over a web socket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.tab = ""
        self.said: list[str] = []

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a command of WebDriver BiDi, and return its result; what the console says meanwhile is kept."""
        number = next(self._numbers)
        await self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self._socket.recv())
            if message.get("method") == "log.entryAdded":
                self.said.append(message["params"]["text"])
            elif message.get("id") == number:
                return dict(message["result"])

    async def evaluate(self, script: str) -> object:
        """Return what a script gives."""
        target = {"context": self.tab}
        evaluated = await self.call("script.evaluate", expression=script, target=target, awaitPromise=True)
        return evaluated.get("result", {}).get("value")

    async def press(self, keys: str) -> None:
        """Press keys, one after another."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        await self.call(
            "input.performActions", context=self.tab, actions=[{"type": "key", "id": "k", "actions": actions}]
        )


async def _travel(address: str, socket: Any) -> bool:
    session = _Session(socket)
    capabilities = (await session.call("session.new", capabilities={}))["capabilities"]
    print(capabilities["browserName"], capabilities["browserVersion"])
    await session.call("session.subscribe", events=["log.entryAdded"])
    session.tab = (await session.call("browsingContext.create", type="tab"))["context"]
    await session.call("browsingContext.navigate", context=session.tab, url=address, wait="complete")
    for script, keys, wanted, name in _STEPS:
        await session.evaluate(script)
        if keys:
            await session.press(keys)
        for _ in range(round(_PATIENCE / 0.2)):
            if is_there := await session.evaluate(wanted):
                break
            await asyncio.sleep(0.2)
        print(f"{name}: {'yes' if is_there else 'NO'}", flush=True)
        if not is_there:
            return False
    print(f"console: {session.said or 'nothing'}")
    return True


async def _connected(address: str) -> bool:
    import websockets

    for _ in range(round(_PATIENCE / 0.5)):
        try:
            async with websockets.connect(f"ws://127.0.0.1:{_PORT}/session", max_size=None) as socket:
                return await _travel(address, socket)
        except OSError:
            await asyncio.sleep(0.5)
    return False


def main(address: str) -> int:
    """Start Firefox, take the journey, and end Firefox."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        print("no Firefox found; install firefox-esr")
        return 1
    with tempfile.TemporaryDirectory(prefix="firefox-") as profile:
        command = [program, "--headless", "--no-remote", "--profile", profile, f"--remote-debugging-port={_PORT}"]
        firefox = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return 0 if asyncio.run(_connected(address)) else 1
        finally:
            firefox.terminate()
            firefox.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
