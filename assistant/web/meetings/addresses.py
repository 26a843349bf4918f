"""Find the meeting that an address names."""

import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.gate import OPEN_PATHS

_ADDRESS = re.compile(r"(/m/([a-z0-9-]+))(/.*)?", re.DOTALL)


class ByAddress:
    """Middleware that moves `/m/NAME` from the path to `root_path`, and names the meeting in the scope.

    The gates see the routes as they are where there is but one meeting. What is open without a password is the
    service's, never a meeting's.
    """

    def __init__(self, app: ASGIApp, *, names: Collection[str]) -> None:
        """Wrap an application that holds meetings of these names."""
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        found = _ADDRESS.fullmatch(scope["path"]) if scope["type"] in ("http", "websocket") else None
        if found and found[2] in self._names and found[3] not in OPEN_PATHS:
            raw = scope.get("raw_path") or scope["path"].encode()
            if raw.startswith(found[1].encode()):
                below = {"path": found[3] or "", "raw_path": raw[len(found[1]) :]}
                scope = {**scope, **below, "root_path": scope.get("root_path", "") + found[1], "meeting": found[2]}
        await self._app(scope, receive, send)
