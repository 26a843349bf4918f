"""Addresses -> originals, kept beside the corpus. The only home of the HTTP client, and so of the network.

Nothing but `python -m assistant sources fetch` comes here. It asks https alone, and only the hosts that the corpus
names, also where it is sent on; it believes neither a server's length nor its type, and what fails for one document
stops no other. This module knows nothing of documents as texts.
"""

import asyncio
import contextlib
import datetime
import logging
import ssl
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import httpx2

from assistant.documents import Original, kind_of_name, links_of, path_of, standing_of
from assistant.documents.fetching.receiving import FailedError, Page, PassingError, Receiver, ServerAnswer
from assistant.documents.fetching.transfer import Transfer

ReportBytes: TypeAlias = Callable[[Original, int, int | None], None]  # of a document: bytes here, bytes in all

_logger = logging.getLogger("assistant")
_HEADERS = {
    "User-Agent": "document-assistant (gets the linked documents of its corpus, once)",
    "Accept-Encoding": "identity",  # what is kept, counted and gone on with are the file's own bytes
}
_NAMED_LINKS = 3  # of a page with several, in a message
_UNREACHABLE_TRIES = 2  # a host that isn't there won't be there in a minute


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken, and how long is waited.

    Attributes:
        bytes: Of one document.
        connecting: Seconds until a connection stands.
        silence: Seconds without a byte.
        whole: Seconds for one document, all tries together.
        tries: How often a document is asked for.
        pause: Seconds before the second try; each further pause is twice the one before.
        longest_pause: Seconds; a server that asks for a longer one isn't waited for.
        redirects: How often a request may be sent on.
    """

    bytes: int = 50_000_000
    connecting: float = 10.0
    silence: float = 30.0
    whole: float = 600.0
    tries: int = 4
    pause: float = 1.0
    longest_pause: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one original.

    Attributes:
        problem: Why it isn't here, in words; empty where it is.
    """

    original: Original
    state: Literal["here", "fetched", "failed", "unreachable"]
    problem: str = ""


def fetch_originals(
    wanted: Sequence[Original],
    folder: Path,
    *,
    hosts: Collection[str],
    today: datetime.date,
    report: ReportBytes,
    limits: Limits | None = None,
    trusted: ssl.SSLContext | None = None,
) -> tuple[Outcome, ...]:
    """Get the originals that aren't here yet, one after another.

    Args:
        folder: The corpus folder.
        hosts: Those that may be asked ("docs.un.org"; with a port where it isn't 443).
        report: Called as bytes come.
        trusted: The certificates to trust; by default the machine's own.
    """
    if trusted is not None and not (trusted.verify_mode == ssl.CERT_REQUIRED and trusted.check_hostname):
        raise ValueError("trusted: must verify certificates and names")

    async def fetch_all() -> tuple[Outcome, ...]:
        used = limits or Limits()
        timeout = httpx2.Timeout(used.silence, connect=used.connecting)
        async with httpx2.AsyncClient(headers=_HEADERS, timeout=timeout, verify=trusted or True) as client:
            receiver = Receiver(folder, today, used.bytes, report)
            fetcher = _Fetcher(client, receiver, {host.lower() for host in hosts}, used)
            return tuple([await fetcher.outcome(original) for original in wanted])

    return asyncio.run(fetch_all())


class _UnreachableError(PassingError):
    """Nothing answers at a host."""

    def __init__(self, message: str, *, host: str) -> None:
        super().__init__(message)
        self.host = host


class _Fetcher:
    """One run: what it may ask, and which hosts didn't answer."""

    def __init__(self, client: httpx2.AsyncClient, receiver: Receiver, hosts: set[str], limits: Limits) -> None:
        self._client, self._receiver, self._hosts, self._limits = client, receiver, hosts, limits
        self._silent: dict[str, _UnreachableError] = {}

    async def outcome(self, original: Original) -> Outcome:
        """Get one original, and say what became of it."""
        try:
            standing = standing_of(self._receiver.folder, original)
            if standing == "missing":
                async with asyncio.timeout(self._limits.whole):
                    await self._with_tries(original)
        except _UnreachableError as error:
            self._silent[error.host] = error
            return Outcome(original, "unreachable", str(error))
        except (FailedError, PassingError) as error:
            problem = str(error)
        except TimeoutError:
            problem = f"it took longer than {self._limits.whole:g} seconds"
        except OSError as error:
            problem = f"{original.file} can't be read or written ({error.strerror or error})"
        else:
            changed = f"{original.file} isn't what was fetched any more; move it away to fetch it again"
            problem = changed if standing == "changed" else ""
        if problem:
            return Outcome(original, "failed", problem)
        return Outcome(original, "fetched" if standing == "missing" else "here")

    async def _with_tries(self, original: Original) -> None:
        pause = self._limits.pause
        for number in range(1, self._limits.tries + 1):
            try:
                page = await self._taken_from(original, original.address)
                if page:
                    await self._taken_from(original, self._only_link(page), is_linked=True)
            except PassingError as error:
                wait = pause if error.pause is None else error.pause
                if number == self._limits.tries or self._is_hopeless(error, number):
                    raise
                if wait > self._limits.longest_pause:
                    raise FailedError(f"{error}, and asks to wait {wait:,.0f} seconds; try again later") from error
                if not isinstance(error, _UnreachableError):  # said once for all
                    _logger.info("%s: %s; trying again in %.0f s.", original.id, error, wait)
                await asyncio.sleep(wait)
                pause = min(2 * pause, self._limits.longest_pause)
            else:
                return

    def _is_hopeless(self, error: PassingError, number: int) -> bool:
        return isinstance(error, _UnreachableError) and (number >= _UNREACHABLE_TRIES or error.host in self._silent)

    async def _taken_from(self, original: Original, address: str, *, is_linked: bool = False) -> Page | None:
        """Ask an address, and wherever it sends on to, and keep what comes; return a page that came in its stead."""
        url, transfer = self._allowed(address), Transfer(path_of(self._receiver.folder, original))
        passed: set[httpx2.URL] = set()
        while len(passed) <= self._limits.redirects:
            if url in passed:
                raise FailedError(f"the server sends in a circle ({url})")
            passed.add(url)
            headers = transfer.rest_headers(str(url))
            with self._told_plainly(url):
                async with self._client.stream("GET", url, headers=headers, follow_redirects=False) as response:
                    if not response.has_redirect_location:
                        answer = ServerAnswer(str(url), response.status_code, response.headers, response.aiter_raw())
                        return await self._receiver.receive(original, answer, may_be_page=not is_linked)
                    target = response.headers["Location"]
            url = self._allowed(target, sent_by=url)
        raise FailedError(f"the server sends on more than {self._limits.redirects} times")

    def _allowed(self, address: str, *, sent_by: httpx2.URL | None = None) -> httpx2.URL:
        sent = "the server sends on to " if sent_by else ""
        try:
            url = (sent_by.join(address) if sent_by else httpx2.URL(address)).copy_with(fragment=None)
            host = url.netloc.decode()
        except (httpx2.InvalidURL, ValueError) as error:
            raise FailedError(f"{sent}{address[:200]!r}, which is no address") from error
        if url.scheme != "https":
            raise FailedError(f"{sent}{url}, which isn't https")
        if host not in self._hosts or url.userinfo:
            raise FailedError(f"{sent}{url}, whose host isn't among those that sources.toml allows")
        return url

    @contextlib.contextmanager
    def _told_plainly(self, url: httpx2.URL) -> Iterator[None]:
        """Say in words what went wrong on the line."""
        host = url.netloc.decode()
        if host in self._silent:
            raise self._silent[host]
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            if reason := _certificate_problem(error):
                raise FailedError(f"{host} can't be trusted ({reason})") from error
            raise _UnreachableError(f"{host} can't be reached", host=host) from error
        except httpx2.TimeoutException as error:
            raise PassingError(f"{host} fell silent for {self._limits.silence:g} seconds") from error
        except httpx2.TransportError as error:
            raise PassingError(f"the connection to {host} broke off") from error

    def _only_link(self, page: Page) -> str:
        """Return the one PDF that a page links to."""
        found: dict[str, None] = {}
        for target in links_of(page.content):
            with contextlib.suppress(FailedError):
                url = self._allowed(target, sent_by=httpx2.URL(page.address))
                if kind_of_name(url.path) == "pdf":
                    found[str(url)] = None
        if len(found) == 1:
            return next(iter(found))
        named = f" ({', '.join(list(found)[:_NAMED_LINKS])})" if found else ""
        raise FailedError(
            f"{page.address} is an HTML page, and links to {len(found) or 'no'} PDFs on allowed hosts{named}; "
            "write the right one's address into sources.toml"
        )


def _certificate_problem(error: BaseException) -> str:
    """Say why a certificate wasn't trusted; nothing where that isn't what went wrong."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return ""
