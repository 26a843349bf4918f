"""Downloads: the originals of linked documents, fetched over HTTPS and kept beside the corpus.

Nothing else in the package uses the network. Only https and the hosts that the corpus allows are asked, also where a
server sends on, and only at public addresses; what fails for one document stops no other.
"""

import asyncio
import contextlib
import datetime
import functools
import hashlib
import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any, Literal, TypeAlias

import httpx2

from assistant.documents import (
    Original,
    Record,
    allowed_hosts,
    format_named,
    format_of,
    keep,
    linked_documents,
    read_record,
)
from assistant.documents.fetching.responses import (
    FetchError,
    Received,
    TransientError,
    check_received,
    read_response,
)

ReportBytes: TypeAlias = Callable[[str, int, int | None], None]  # a document's id, its bytes so far, and in all

_logger = logging.getLogger("assistant")
_HEADERS = {
    "User-Agent": "document-assistant (gets the linked documents of its corpus, once)",
    "Accept-Encoding": "identity",  # the bytes that are counted and hashed are the file's own
}
_PAGE_BYTES = 4_000_000  # of a page that is only read for its links
_NAMED_LINKS = 3  # of a page with several, in a message
_UNREACHABLE_TRIES = 2  # a host that isn't there won't be there in a minute
_UNICAST = IPv6Network("2000::/3")  # of IPv6, where public addresses are
_TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 addresses as a network without IPv4 names them


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of size and time for a download."""

    bytes: int = 50_000_000  # of one document; they are held in memory
    connecting: float = 10.0  # seconds until a connection stands
    silence: float = 30.0  # seconds without a byte
    whole: float = 600.0  # seconds for one document, all tries together
    tries: int = 4
    pause: float = 1.0  # seconds before the second try; each further pause is twice the one before
    longest_pause: float = 60.0  # seconds; a server that asks for a longer one isn't waited for
    redirects: int = 5  # of one request


BRIEF = Limits(connecting=5.0, silence=10.0, whole=20.0, tries=1)  # before serving, while somebody waits


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of fetching one original."""

    original: Original
    state: Literal["here", "fetched", "failed", "unreachable"]
    problem: str = ""  # why it isn't here, in words; empty where it is


def fetch_originals(
    folder: Path, *, today: datetime.date, report: ReportBytes = lambda *_: None, limits: Limits | None = None
) -> tuple[Outcome, ...]:
    """Fetch the originals that `sources.toml` names and that aren't here yet, one after another.

    Raises:
        CorpusError: There is no such folder, or its table is wrong.
    """
    wanted = [linked.original for linked in linked_documents(folder) if linked.original]
    hosts = frozenset(host.lower() for host in allowed_hosts(folder))

    async def fetch_all(limits: Limits) -> tuple[Outcome, ...]:
        timeout = httpx2.Timeout(limits.silence, connect=limits.connecting)
        async with httpx2.AsyncClient(headers=_HEADERS, timeout=timeout) as client:
            downloader = _Downloader(client, folder, hosts, limits, today, report)
            return tuple([await downloader.fetch(original) for original in wanted])

    return asyncio.run(fetch_all(limits or Limits()))


class _UnreachableError(TransientError):
    """No server answers at a host."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} can't be reached")
        self.host = host


@dataclass(frozen=True, slots=True)
class _Downloader:
    """One run over the originals; it remembers the hosts that couldn't be reached."""

    client: httpx2.AsyncClient
    folder: Path
    hosts: frozenset[str]
    limits: Limits
    today: datetime.date
    report: ReportBytes
    unreachable: set[str] = field(default_factory=set)

    async def fetch(self, original: Original) -> Outcome:
        """Fetch one original unless it is here, and return what became of it."""
        try:
            async with asyncio.timeout(self.limits.whole):
                return Outcome(original, await self._fetch_missing(original))
        except _UnreachableError as error:
            self.unreachable.add(error.host)
            return Outcome(original, "unreachable", str(error))
        except FetchError as error:
            problem = str(error)
        except TimeoutError:
            problem = f"it took longer than {self.limits.whole:g} seconds"
        except OSError as error:
            problem = f"{original.file} can't be read or written ({error.strerror or error})"
        return Outcome(original, "failed", problem)

    async def _fetch_missing(self, original: Original) -> Literal["here", "fetched"]:
        path = self.folder / original.file
        if path.is_file():
            kept = read_record(self.folder, original)
            if kept and not kept.fits(path):
                raise FetchError(f"{original.file} isn't what was fetched any more; move it away to fetch it again")
            return "here"
        received = await self._download(original)
        sha256 = hashlib.sha256(received.content).hexdigest()
        record = Record(received.address, self.today.isoformat(), received.type, len(received.content), sha256)
        keep(received.content, path, record)
        return "fetched"

    async def _download(self, original: Original) -> Received:
        """Download an original, trying again after a pause where that may help."""
        for tries in range(1, self.limits.tries):
            try:
                return await self._try(original)
            except _UnreachableError as error:
                if tries >= _UNREACHABLE_TRIES or error.host in self.unreachable:
                    raise
                await asyncio.sleep(self.limits.pause)
            except TransientError as error:
                pause = self.limits.pause * 2 ** (tries - 1) if error.pause is None else error.pause
                if pause > self.limits.longest_pause:
                    raise FetchError(f"{error}, and asks to wait {pause:,.0f} seconds; try again later") from error
                _logger.info("%s: %s; trying again in %.0f s.", original.id, error, pause)
                await asyncio.sleep(pause)
        return await self._try(original)

    async def _try(self, original: Original) -> Received:
        """Get the file at an original's address, or the one PDF that the page there links to."""
        wanted = format_of(original.file) or format_named("text")
        received = await self._get(original, self._allowed(original.address))
        if wanted == format_named("pdf") and received.kind.name == "html":
            received = await self._get(original, self._only_pdf(received))
        check_received(received, wanted)
        return received

    async def _get(self, original: Original, url: httpx2.URL) -> Received:
        """Ask an address, and wherever it sends on to."""
        for _ in range(self.limits.redirects + 1):
            # Redirects are followed here, since each host must be allowed, and no body of one read.
            with self._plain_errors(url):
                asked = {"trace": _Connections(url.host)}
                async with self.client.stream("GET", url, follow_redirects=False, extensions=asked) as response:
                    if not response.has_redirect_location:
                        report = functools.partial(self.report, original.id)
                        return await read_response(response, most=self.limits.bytes, report=report)
            url = self._allowed(response.headers["Location"], sent_by=url)
        raise FetchError(f"the server sends on more than {self.limits.redirects} times")

    def _allowed(self, address: str, *, sent_by: httpx2.URL | None = None) -> httpx2.URL:
        """Return the URL of an address, if it is https on a host that may be asked."""
        sent = "the server sends on to " if sent_by else ""
        try:
            url = (sent_by.join(address) if sent_by else httpx2.URL(address)).copy_with(fragment=None)
            host = url.netloc.decode()
        except (httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"{sent}{address[:200]!r}, which is no address") from error
        if url.scheme != "https":
            raise FetchError(f"{sent}{url}, which isn't https")
        if host not in self.hosts or url.userinfo:
            raise FetchError(f"{sent}{url}, whose host isn't among those that sources.toml allows")
        return url

    @contextlib.contextmanager
    def _plain_errors(self, url: httpx2.URL) -> Iterator[None]:
        """Raise the errors of a connection in plain words."""
        host = url.netloc.decode()
        if host in self.unreachable:
            raise _UnreachableError(host)
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            if reason := _certificate_problem(error):
                raise FetchError(f"{host} can't be trusted ({reason})") from error
            raise _UnreachableError(host) from error
        except httpx2.TimeoutException as error:
            raise TransientError(f"{host} fell silent for {self.limits.silence:g} seconds") from error
        except httpx2.TransportError as error:
            raise TransientError(f"the connection to {host} broke off") from error

    def _only_pdf(self, page: Received) -> httpx2.URL:
        """Return the address of the one PDF that a page links to."""
        if len(page.content) > _PAGE_BYTES:
            raise FetchError(f"an HTML page of more than {_PAGE_BYTES:,} bytes came")
        finder = _LinkFinder()
        finder.feed(page.content.decode("utf-8", "replace"))
        finder.close()
        found: dict[httpx2.URL, None] = {}
        for target in finder.targets:
            with contextlib.suppress(FetchError):
                url = self._allowed(target, sent_by=httpx2.URL(page.address))
                if format_of(url.path) == format_named("pdf"):
                    found[url] = None
        if len(found) == 1:
            return next(iter(found))
        named = f" ({', '.join(map(str, list(found)[:_NAMED_LINKS]))})" if found else ""
        raise FetchError(
            f"{page.address} is an HTML page, and links to {len(found) or 'no'} PDFs on allowed hosts{named}; "
            "write the right one's address into sources.toml"
        )


class _Connections:
    """A check of each connection that stands, before anything is sent over it.

    A name that is allowed may lead to any address. A proxy that the operator named may have any, too.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._is_direct = True

    async def __call__(self, event: str, told: dict[str, Any]) -> None:
        """Take what httpcore tells of a connection.

        Raises:
            FetchError: It leads to an address that isn't public.
        """
        if event == "connection.connect_tcp.started":
            self._is_direct = told["host"] == self._host
        elif event == "connection.connect_tcp.complete" and self._is_direct:
            stream = told["return_value"]
            address = str(stream.get_extra_info("server_addr")[0])
            if not is_public(address):
                await stream.aclose()
                raise FetchError(f"{self._host} leads to {address}, which isn't a public address")


def is_public(address: str) -> bool:
    """Return whether an address is one of the public network, and nobody's own.

    >>> is_public("192.0.43.8"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        within = IPv4Address(int(parsed) & 0xFFFFFFFF) if parsed in _TRANSLATED else parsed.ipv4_mapped
        if within is None:  # what leads to an IPv4 address in any other way, 6to4 among them, is nobody's website
            return parsed in _UNICAST and parsed.is_global and parsed.sixtofour is None
        parsed = within
    return parsed.is_global and not parsed.is_multicast


class _LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        target = dict(attrs).get("href") if tag == "a" else None
        if target and target.strip():
            self.targets.append(target.strip())


def _certificate_problem(error: BaseException) -> str:
    """Return why a certificate wasn't trusted, or nothing if that isn't what went wrong."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return ""
