"""Settings: what an operator may choose, with defaults and units, and the limits that the surfaces share.

`Settings.from_environment(os.environ)` is called once, at the edge; what it returns is handed to the journeys whole.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self

from assistant.errors import InputError

DEFAULT_TOP_K = 5  # passages shown with an answer
MAX_TOP_K = 20  # passages; more is no longer an answer
MAX_QUESTION = 2000  # characters of a question or a topic that are read; the model reads about half as many
_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?")
_CONTACT = re.compile(r"https?://[^\s/]\S*|[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+")
_HOST = re.compile(r"\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")  # under which a proxy may show the service
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # of a meeting; it stands in addresses
_LONGEST_NAME, _LONGEST_TITLE = 60, 200  # characters
_MEETING = '[[meeting]] with name = "roundtable-4", title = "Roundtable 4" and corpus = "roundtable-4"'
_HIGHEST_PORT = 65535
_HIGHEST_RATE = 1_000_000  # questions a minute
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The choices of an operator for the web service.

    Attributes:
        port: 0 for any free one.
        allowed_hosts: Names that requests may be for, besides loopback's and the address that they come to:
            "ask.example.org", "*.example.org", "*" for any.
        root_path: Path under which a proxy shows the service ("/ask") and which it takes away; empty for none.
        embed_origins: Origins whose pages may frame the widget ("https://meeting.example"), besides its own.
        rate_limit: Questions a minute for one client; 0 for any number.
        trusted_proxies: Networks of the proxies whose word on a client, a host and a path is taken.
        log_requests: Whether a line of JSON is written on standard error for each.
        auth: The user and password that everything but the health pages asks for; None for neither.
        contact: An e-mail address or a link that a refusal names; empty for none.
        upload: Whether whoever has the password may add, replace and retire documents.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    allowed_hosts: tuple[str, ...] = ()
    root_path: str = ""
    embed_origins: tuple[str, ...] = ()
    rate_limit: int = 120
    trusted_proxies: tuple[Network, ...] = ()
    log_requests: bool = False
    auth: tuple[str, str] | None = None
    contact: str = ""
    upload: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables of the service, as `Settings.from_environment` does."""
        default = cls()
        upload = _parse_switch(environ.get("ASSISTANT_UPLOAD", ""), name="ASSISTANT_UPLOAD")
        if upload and not environ.get("ASSISTANT_AUTH"):
            raise InputError("ASSISTANT_UPLOAD: only those with a password may; set ASSISTANT_AUTH to user:password.")
        if upload and environ.get("ASSISTANT_STORE"):
            raise InputError("ASSISTANT_UPLOAD: what a database keeps is published from elsewhere; unset one of them.")
        port = environ.get("ASSISTANT_PORT") or str(default.port)
        rate_limit = environ.get("ASSISTANT_RATE_LIMIT") or str(default.rate_limit)
        proxies = environ.get("ASSISTANT_TRUSTED_PROXIES", "")
        return cls(
            host=environ.get("ASSISTANT_HOST") or default.host,
            port=parse_port(port, name="ASSISTANT_PORT"),
            allowed_hosts=parse_hosts(environ.get("ASSISTANT_ALLOWED_HOSTS", ""), name="ASSISTANT_ALLOWED_HOSTS"),
            root_path=parse_path(environ.get("ASSISTANT_ROOT_PATH", ""), name="ASSISTANT_ROOT_PATH"),
            embed_origins=parse_origins(environ.get("ASSISTANT_EMBED_ORIGINS", ""), name="ASSISTANT_EMBED_ORIGINS"),
            rate_limit=_parse_rate(rate_limit, name="ASSISTANT_RATE_LIMIT"),
            trusted_proxies=parse_proxies(proxies, name="ASSISTANT_TRUSTED_PROXIES"),
            log_requests=_parse_switch(environ.get("ASSISTANT_LOG_REQUESTS", ""), name="ASSISTANT_LOG_REQUESTS"),
            auth=parse_auth(environ.get("ASSISTANT_AUTH", ""), name="ASSISTANT_AUTH"),
            contact=_parse_contact(environ.get("ASSISTANT_CONTACT", ""), name="ASSISTANT_CONTACT"),
            upload=upload,
        )


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """The choices of an operator for the documents.

    Attributes:
        fetch: Whether `sources fetch --once`, which `make run` runs, asks for originals.
        ocr: Whether Tesseract reads pages that are pictures.
    """

    fetch: bool = True
    ocr: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables of the documents, as `Settings.from_environment` does."""
        return cls(
            fetch=_parse_switch(environ.get("ASSISTANT_FETCH") or "1", name="ASSISTANT_FETCH"),
            ocr=_parse_switch(environ.get("ASSISTANT_OCR", ""), name="ASSISTANT_OCR"),
        )


@dataclass(frozen=True, slots=True)
class KeepingSettings:
    """The choices of an operator for what is kept of questions.

    Attributes:
        log: File that questions are kept in; None to keep none.
        counts: Whether their numbers are kept, beside the index.
    """

    log: Path | None = None
    counts: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables of what is kept, as `Settings.from_environment` does."""
        log = environ.get("ASSISTANT_LOG_QUESTIONS")
        counts = _parse_switch(environ.get("ASSISTANT_COUNTS", ""), name="ASSISTANT_COUNTS")
        return cls(Path(log) if log else None, counts)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One of several meetings in one service: its name in addresses, its title, the folder of its documents."""

    name: str
    title: str
    corpus: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of an operator.

    Attributes:
        corpus: The documents' folder.
        index: The folder of what is generated from them.
        model: A sentence-transformers folder or id; empty for the packaged MiniLM.
        multilingual: The model that reads questions in other languages: a multilingual sentence-transformers folder or
            id, "none" for no model, empty for the packaged one where it is installed.
        reader: The model that reads question and passage together: a `CrossEncoder` folder or id, "none" for no model,
            empty for ours.
        store: Address of the database that keeps the index ("postgresql://…"); empty for the index folder.
        keeping: Of what is asked.
        reading: Of the documents.
        service: Of the web service alone.
        meetings: Those that the service holds, each by itself; empty for the one of `corpus`.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    model: str = ""
    multilingual: str = ""
    reader: str = ""
    store: str = ""
    keeping: KeepingSettings = KeepingSettings()
    reading: ReadingSettings = ReadingSettings()
    service: ServiceSettings = ServiceSettings()
    meetings: tuple[Meeting, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the `ASSISTANT_…` variables; what is unset or empty keeps its default.

        Raises:
            InputError: A variable isn't what it should be; the message begins with its name.
        """
        default = cls()
        corpora = environ.get("ASSISTANT_CORPORA")
        if corpora and environ.get("ASSISTANT_STORE"):
            raise InputError("ASSISTANT_CORPORA: a database keeps the index of one meeting; unset ASSISTANT_STORE.")
        return cls(
            corpus=Path(environ.get("ASSISTANT_CORPUS") or default.corpus),
            index=Path(environ.get("ASSISTANT_INDEX") or default.index),
            model=environ.get("ASSISTANT_MODEL") or default.model,
            multilingual=environ.get("ASSISTANT_MULTILINGUAL") or default.multilingual,
            reader=environ.get("ASSISTANT_READER") or default.reader,
            store=environ.get("ASSISTANT_STORE") or default.store,
            keeping=KeepingSettings.from_environment(environ),
            reading=ReadingSettings.from_environment(environ),
            service=ServiceSettings.from_environment(environ),
            meetings=_read_meetings(Path(corpora)) if corpora else (),
        )

    def of_meeting(self, name: str) -> Self:
        """Return the settings of one of several meetings: it has an index and a log of its own.

        Raises:
            InputError: There is no such meeting.
        """
        for meeting in self.meetings:
            if meeting.name == name:
                log = self.keeping.log
                return replace(
                    self,
                    corpus=meeting.corpus,
                    index=self.index / name,
                    keeping=replace(self.keeping, log=log.with_stem(f"{log.stem}-{name}") if log else None),
                    meetings=(),
                )
        known = ", ".join(each.name for each in self.meetings) or "none; ASSISTANT_CORPORA names no file of them"
        raise InputError(f"--meeting: there is no {name!r}; there are: {known}.")


def _read_meetings(path: Path) -> tuple[Meeting, ...]:
    """Read the table of meetings; their folders are relative to its own.

    Raises:
        InputError: It can't be read, or isn't such a table; the message says where and what to do.
    """
    where = f"ASSISTANT_CORPORA: {path}"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{where}: can't be read ({error.strerror or error}); give a file with {_MEETING}.") from error
    except ValueError as error:
        raise InputError(f"{where}: not valid TOML in UTF-8 ({error}).") from error
    rows = table.get("meeting")
    if table.keys() != {"meeting"} or not isinstance(rows, list) or not rows:
        raise InputError(f"{where}: must hold {_MEETING} for each meeting, and nothing else.")
    meetings: dict[str, Meeting] = {}
    for number, row in enumerate(rows, start=1):
        meeting = _meeting(row, path.parent, f"{where}: meeting number {number}")
        if meeting.name in meetings:
            raise InputError(f"{where}: two meetings have the name {meeting.name!r}; give each its own.")
        meetings[meeting.name] = meeting
    return tuple(meetings.values())


def _meeting(row: object, folder: Path, where: str) -> Meeting:
    if not isinstance(row, dict) or row.keys() != {"name", "title", "corpus"}:
        raise InputError(f"{where}: give {_MEETING}, these three and no other.")
    name, title, corpus = (row[key].strip() if isinstance(row[key], str) else "" for key in ("name", "title", "corpus"))
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise InputError(f"{where}: name {row['name']!r} must be small letters, digits and single hyphens, at most 60.")
    if not title or not title.isprintable() or len(title) > _LONGEST_TITLE:
        raise InputError(f"{where}: title {row['title']!r} must be 1 to {_LONGEST_TITLE} characters on one line.")
    if not corpus or not (folder / corpus).is_dir():
        raise InputError(f"{where}: corpus {row['corpus']!r} is no folder; it is looked for in {folder.absolute()}.")
    return Meeting(name, title, folder / corpus)


def parse_port(value: str, *, name: str) -> int:
    """Parse a TCP port, 0 to 65535.

    Raises:
        InputError: It isn't one; the message begins with `name`.
    """
    if not (value.isascii() and value.isdigit() and int(value) <= _HIGHEST_PORT):
        raise InputError(f"{name}: {value!r} is no port; give a whole number from 0 to 65535.")
    return int(value)


def parse_origins(value: str, *, name: str) -> tuple[str, ...]:
    """Parse web origins between commas.

    >>> parse_origins("https://meetings.example.org, http://127.0.0.1:8000", name="origins")
    ('https://meetings.example.org', 'http://127.0.0.1:8000')

    Raises:
        InputError: One of them isn't an origin; the message begins with `name`.
    """
    origins = dict.fromkeys(each.strip().lower() for each in value.split(",") if each.strip())
    for each in origins:
        found = _ORIGIN.fullmatch(each)
        if not found or int(found["port"] or 0) > _HIGHEST_PORT:
            raise InputError(
                f"{name}: {each!r} is no origin; give https://host or https://host:port, without a path, "
                "parted by commas."
            )
    return tuple(origins)


def parse_hosts(value: str, *, name: str) -> tuple[str, ...]:
    """Parse names of hosts between commas, without their ports.

    >>> parse_hosts("Ask.example.org, *.example.net, ::1", name="hosts")
    ('ask.example.org', '*.example.net', '[::1]')

    Raises:
        InputError: One of them isn't a host; the message begins with `name`.
    """
    hosts = [each.strip().lower() for each in value.split(",") if each.strip()]
    hosts = [f"[{each}]" if each.count(":") > 1 and each[0] != "[" else each for each in hosts]
    for each in hosts:
        if not _HOST.fullmatch(each):
            raise InputError(
                f"{name}: {each!r} is no host; give names such as ask.example.org or *.example.org, without scheme, "
                "port or path, parted by commas."
            )
    return tuple(dict.fromkeys(hosts))


def parse_path(value: str, *, name: str) -> str:
    """Parse the path of an address; a slash at its end is dropped.

    >>> parse_path("/ask/", name="path"), parse_path("/", name="path")
    ('/ask', '')

    Raises:
        InputError: It isn't one; the message begins with `name`.
    """
    path = value.rstrip("/")
    if path and not PATH.fullmatch(path):
        raise InputError(f"{name}: {value!r} is no path; give one such as /ask.")
    return path


def _parse_rate(value: str, *, name: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < len(str(_HIGHEST_RATE))):
        raise InputError(f"{name}: {value!r} is no number of questions a minute; give a whole number, 0 for no limit.")
    return int(value)


def _parse_switch(value: str, *, name: str) -> bool:
    if value not in ("", "0", "1"):
        raise InputError(f"{name}: {value!r} is neither; give 1 for on, 0 for off.")
    return value == "1"


def parse_proxies(value: str, *, name: str) -> tuple[Network, ...]:
    """Parse the networks of trusted proxies between commas.

    >>> parse_proxies("127.0.0.1, 10.0.0.0/8", name="proxies")
    (IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8'))

    Raises:
        InputError: One of them isn't a network, or holds every address; the message begins with `name`.
    """
    networks = []
    for each in filter(None, map(str.strip, value.split(","))):
        try:
            network = ip_network(each)
        except ValueError as error:
            raise InputError(
                f"{name}: {each!r} is no network; give addresses such as 127.0.0.1 or networks such as 10.0.0.0/8, "
                "parted by commas."
            ) from error
        if not network.prefixlen:
            raise InputError(f"{name}: {each!r} is everybody, who could then be anybody; name the proxies.")
        networks.append(network)
    return tuple(dict.fromkeys(networks))


def parse_auth(value: str, *, name: str) -> tuple[str, str] | None:
    """Parse a user and a password with a colon between them; return None for nothing.

    >>> parse_auth("meeting:a:b", name="auth")
    ('meeting', 'a:b')

    Raises:
        InputError: It isn't both; the message begins with `name` and doesn't repeat the value.
    """
    if not value:
        return None
    user, colon, password = value.partition(":")
    if not (user and colon and password):
        raise InputError(f"{name}: give a user and a password with a colon between them, as in meeting:secret.")
    if not value.isprintable():
        raise InputError(f"{name}: the user or the password holds a character that nobody can type.")
    return user, password


def _parse_contact(value: str, *, name: str) -> str:
    value = value.strip().removeprefix("mailto:")
    if value and not _CONTACT.fullmatch(value):
        raise InputError(f"{name}: {value!r} is neither an e-mail address nor a link that begins with https://.")
    return value
