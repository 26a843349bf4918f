"""Ask for a password, and slow down whoever guesses it without locking out who knows it.

Who has given the right one gets a signed session, which wrong passwords from the same address don't touch. The key of
its signature comes from the password: each process that has the password knows the sessions of the others, and another
password ends them all.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.app import Buckets, client_of, host_of
from assistant.web.gate.refusals import refuse_plainly

OPEN_PATHS = frozenset({"/healthz", "/readyz"})  # without a password

# Wrong passwords a minute, by the bits of an IPv6 address that they come from; an IPv4 address counts as a /64. One
# provider gives a customer up to a /48 to choose addresses from, and a stranger may have many of all these.
_TRIES = {64: 10, 56: 20, 48: 40}
_TRIES_IN_ALL = 200  # a password of eight random letters stands a thousand years of it
_REMEMBERED = 4096  # wrong passwords, and clients that gave the right one
_COOKIE, _SECONDS = "ask_session", 24 * 3600
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="assistant", charset="UTF-8"'}


class Password:
    """Middleware that asks for a user and a password (HTTP Basic) everywhere but at OPEN_PATHS."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        auth: tuple[str, str],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Wrap an application.

        Args:
            auth: The user and the password.
            clock: Gives seconds that only go forward.
            now: Gives the seconds since 1970, which processes share.
        """
        self._app = app
        self._expected = ":".join(auth).encode()
        self._sessions = _Sessions(self._expected, now)
        self._guesses = _Guesses(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        is_open = scope["type"] not in ("http", "websocket") or scope["path"] in OPEN_PATHS
        if is_open or self._sessions.holds(scope):
            await self._app(scope, receive, send)
            return
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        credentials = _credentials(sent[0]) if len(sent) == 1 else b""
        if not sent or self._guesses.has_seen(scope, credentials):  # without one a browser comes first
            await refuse_plainly("A user and a password are needed.", 401, scope, receive, send, _CHALLENGE)
        elif seconds := self._guesses.wait(scope):
            waits = {"Retry-After": str(ceil(seconds))}
            await refuse_plainly("Too many wrong passwords; wait a little.", 429, scope, receive, send, waits)
        elif hmac.compare_digest(credentials, self._expected):
            self._guesses.forgive(scope)
            await self._app(scope, receive, self._sessions.beginning(scope, send))
        else:
            self._guesses.add(scope, credentials)
            await refuse_plainly("A user and a password are needed.", 401, scope, receive, send, _CHALLENGE)


def _credentials(header: bytes) -> bytes:
    """Read `Basic dXNlcjpwYXNz`; nothing where it isn't that."""
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        return b""


class _Guesses:
    """Wrong passwords: counted for a client, for the networks around it, and in all.

    The same wrong password again is no further guess: a program with an old one would else lock out its whole office.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._near = {bits: Buckets(rate=tries, burst=tries, clock=clock) for bits, tries in _TRIES.items()}
        self._in_all = Buckets(rate=_TRIES_IN_ALL, burst=_TRIES_IN_ALL, clients=1, clock=clock)
        self._wrong = _Recent()
        self._right = _Recent()

    def wait(self, scope: Scope) -> float:
        """Return the seconds until a client's next password is looked at; 0 for now.

        A client that has given the right one before answers for its own address alone.
        """
        host = host_of(scope)
        own, *wider = (bucket.wait(client_of(host, bits)) for bits, bucket in self._near.items())
        return own if client_of(host) in self._right else max(own, *wider, self._in_all.wait(""))

    def has_seen(self, scope: Scope, credentials: bytes) -> bool:
        return _digest(scope, credentials) in self._wrong

    def add(self, scope: Scope, credentials: bytes) -> None:
        self._wrong.add(_digest(scope, credentials))
        for bits, bucket in self._near.items():
            bucket.take(client_of(host_of(scope), bits))
        self._in_all.take("")

    def forgive(self, scope: Scope) -> None:
        self._right.add(client_of(host_of(scope)))


def _digest(scope: Scope, credentials: bytes) -> str:
    return hashlib.sha256(client_of(host_of(scope)).encode() + b" " + credentials).hexdigest()


class _Recent(OrderedDict[str, None]):
    """The names that were added last."""

    def add(self, name: str) -> None:
        self[name] = None
        self.move_to_end(name)
        if len(self) > _REMEMBERED:
            self.popitem(last=False)


class _Sessions:
    """Sessions that a cookie holds: when it ends, and a signature."""

    def __init__(self, secret: bytes, now: Callable[[], float]) -> None:
        # A slow function, so that whoever sees a cookie can't try passwords on it quickly.
        self._key = hashlib.scrypt(secret, salt=b"sessions", n=2**14, r=8, p=1)
        self._now = now

    def holds(self, scope: Scope) -> bool:
        """Return whether a request comes with a session that hasn't ended."""
        value = HTTPConnection(scope).cookies.get(_COOKIE, "")
        end = value.partition(".")[0]
        return hmac.compare_digest(value.encode(), self._signed(end).encode()) and int(end) > self._now()

    def beginning(self, scope: Scope, send: Send) -> Send:
        """Return a `send` that begins a session with the response, unless a cache may hand that to others."""
        value = self._signed(str(int(self._now()) + _SECONDS))
        secure = "; Secure" if scope["scheme"] == "https" else ""
        path = scope.get("root_path") or "/"
        cookie = f"{_COOKIE}={value}; Path={path}; Max-Age={_SECONDS}; HttpOnly; SameSite=Lax{secure}"

        async def send_with_session(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not headers.get("Cache-Control", "").startswith("public"):
                    headers.append("Set-Cookie", cookie)
            await send(message)

        return send_with_session

    def _signed(self, end: str) -> str:
        return f"{end}.{hmac.new(self._key, end.encode(), 'sha256').hexdigest()}"
