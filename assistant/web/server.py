"""Put the application together, and serve it in one process at one address."""

import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from starlette.types import Scope

from assistant.errors import AssistantError, InputError, StoreError
from assistant.index import MANIFEST, repository_at
from assistant.journeys import DAYS, NOTHING_KEPT, Holdings, Kept, build_apart, kept_by
from assistant.memory import bound_memory
from assistant.records import ReportProgress
from assistant.settings import ServiceSettings, Settings
from assistant.web.api import Suggestions, add_api, add_model_context
from assistant.web.app import EVERY, Answering, Opening, Reloading, refuse, state_of
from assistant.web.comparisons import add_comparisons
from assistant.web.exports import add_exports
from assistant.web.gate import (
    ACCEPTED_AT_ONCE,
    AccessLog,
    Compressed,
    Forwarded,
    Limits,
    OwnNames,
    Password,
    Rates,
    SecurityHeaders,
    UnderPath,
    protocol_with_limits,
    raise_file_limit,
    write_log,
)
from assistant.web.meetings import IDLE, ByAddress, Held, Running, meetings_app
from assistant.web.observing import Measured, Metrics, add_health
from assistant.web.page import (
    Library,
    Parts,
    Topics,
    Turns,
    add_feedback,
    add_library,
    add_sheets,
    add_shell,
    add_topics,
    build_page,
    close_unused,
)
from assistant.web.rendering import NOTE_EXAMPLES, Strings, read_strings
from assistant.web.staff import add_asked, add_documents
from assistant.web.widget import add_embed

if TYPE_CHECKING:
    from assistant.journeys import Assistant

_NOTE = "background-note.txt"  # the examples ask it
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - an operator's choice
_SOON = 1.0  # seconds between two looks at a database, which tell whether it can be reached, too
_GRACE = 10  # seconds for answers under way when the server stops
_RETRY_AFTER = "5"  # seconds
_WITHOUT_LIMITS = ServiceSettings(rate_limit=0, allowed_hosts=("*",))
# Else FastAPI reports each request to OpenTelemetry, if the environment configures it.
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_BUILDING = threading.Lock()  # a build takes a core and most of a gigabyte: one at a time

StringsOf = Callable[[str], Strings]


def serve(settings: Settings) -> None:
    """Serve the page until Ctrl-C, and print its address once it can be opened.

    Raises:
        InputError: The address or the port is taken, or the log of questions can't be written.
    """
    bound_memory()
    service, metrics = settings.service, Metrics()
    listening = listen(service.host, service.port)
    with contextlib.ExitStack() as stopped:
        if settings.meetings:
            app = create_meetings(settings, metrics)
        else:
            running = _run(settings, metrics, read_strings)
            stopped.callback(running.stop)
            app = _gated(running.app, service, metrics, is_open=lambda _: running.opening.assistant is not None)
            running.opening.start()
        if service.log_requests:
            write_log(logging.StreamHandler())
        address = _address(service.host, listening.getsockname()[1])
        server = _Server(
            uvicorn.Config(
                app,
                http=protocol_with_limits(trusted=service.trusted_proxies, in_all=raise_file_limit()),
                backlog=ACCEPTED_AT_ONCE,
                log_level="error",  # what it warns of is a line for each malformed request, which anyone can send
                access_log=False,
                proxy_headers=False,  # our own reading of them is stricter
                server_header=False,
                timeout_graceful_shutdown=_GRACE,
            ),
            on_started=partial(print, f"Ask the documents at {address} (Ctrl-C stops)", flush=True),
        )
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def create_app(
    opening: Opening,
    service: ServiceSettings = _WITHOUT_LIMITS,
    *,
    examples: tuple[tuple[int | None, str], ...] = (),
    kept: Kept = NOTHING_KEPT,
    metrics: Metrics | None = None,
    holdings: Holdings | None = None,
) -> FastAPI:
    """Put the application of one meeting together, behind the gates.

    Args:
        opening: The assistant's; whoever serves the application starts it.
        service: Who may ask how much, by which names, and whose pages may frame the widget.
        examples: Questions to start with, each with the number of its objective, if any.
        kept: Where the operator keeps something of what is asked; the page tells of a log.
        holdings: The documents, where those with the password may change them.
    """
    metrics = metrics or Metrics()
    app = _application(opening, service, read_strings, examples=examples, kept=kept, metrics=metrics, holdings=holdings)
    return _gated(app, service, metrics, is_open=lambda _: opening.assistant is not None)


def create_meetings(settings: Settings, metrics: Metrics, *, idle: float = IDLE) -> FastAPI:
    """Put the application of several meetings together, behind the gates that they share.

    Args:
        idle: Seconds after which a meeting that nobody asks is closed.
    """
    held = {}
    for meeting in settings.meetings:
        metrics.meetings[meeting.name] = Metrics()
        strings_of = partial(_strings_of_meeting, title=meeting.title)
        run = partial(_run, settings.of_meeting(meeting.name), metrics.meetings[meeting.name], strings_of)
        held[meeting.name] = Held(meeting.title, run)
    app = meetings_app(held, read_strings, metrics, idle=idle)
    names = tuple(held)
    return _gated(app, settings.service, metrics, is_open=lambda scope: _is_open(held, scope), meetings=names)


def _is_open(held: Mapping[str, Held], scope: Scope) -> bool:
    return "meeting" not in scope or held[scope["meeting"]].is_open


def _run(settings: Settings, metrics: Metrics, strings_of: StringsOf) -> Running:
    """Put the application of the meeting that settings name together, and watch its documents."""
    opening = Opening(metrics.observed(partial(_open, settings), manifest=settings.index / MANIFEST))
    state, every = _watched(settings)
    reloading = Reloading(opening, state, every=every)  # before it is opened, lest a change between be missed
    reloading.start()
    ended = threading.Event()
    kept = kept_by(settings)
    if kept.log:
        threading.Thread(target=kept.log.keep_purging, args=(ended,), name="purging", daemon=True).start()
    examples = NOTE_EXAMPLES if (settings.corpus / _NOTE).is_file() else ()
    service = settings.service
    holdings = Holdings(settings.corpus, ocr=settings.reading.ocr) if service.upload else None
    app = _application(opening, service, strings_of, examples=examples, kept=kept, metrics=metrics, holdings=holdings)

    def stop() -> None:
        reloading.stop()
        ended.set()
        metrics.opening = None  # which holds the documents

    return Running(opening, app, stop)


def _application(
    opening: Opening,
    service: ServiceSettings,
    words_of: StringsOf,
    *,
    examples: tuple[tuple[int | None, str], ...],
    kept: Kept,
    metrics: Metrics,
    holdings: Holdings | None,
) -> FastAPI:
    """Put the application of one meeting together, without the gates."""
    # FastAPI's own pages load scripts from another host; ours is at /docs.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=_NO_TELEMETRY)

    @app.exception_handler(AssistantError)
    def refuse_for_now(_: Request, error: AssistantError) -> Response:
        return refuse(str(error), 503, {"Retry-After": _RETRY_AFTER})

    strings_of = partial(_strings_with_log, words_of) if kept.log else words_of
    suggestions = Suggestions(key for _, key in examples)
    add_api(app, opening, suggestions, kept)
    add_model_context(app, opening, kept)
    add_health(app, opening, metrics)
    add_sheets(app, opening, strings_of)
    add_exports(app, opening, strings_of)
    add_comparisons(app, opening, strings_of)
    add_embed(app, opening, strings_of, origins=service.embed_origins, examples=examples, kept=kept)
    if kept.log:
        add_feedback(app, kept.log)
    if service.auth:
        add_asked(app, opening, strings_of, kept)
    if holdings:
        add_documents(app, opening, strings_of, holdings)
    turns = Turns(opening, strings_of, suggestions, kept, service.contact)
    topics, library = Topics(opening, strings_of), Library(opening, strings_of)
    add_topics(app, topics)
    add_library(app, library)
    page = build_page(turns)
    add_shell(app, Parts(turns, topics, library, page, examples))
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=_theme(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        show_error=False,
        app_kwargs={"openapi_url": None, "telemetry": _NO_TELEMETRY},
    )
    close_unused(app)
    app.add_middleware(UnderPath)
    return app


def _gated(
    app: FastAPI,
    service: ServiceSettings,
    metrics: Metrics,
    *,
    is_open: Callable[[Scope], bool],
    meetings: tuple[str, ...] = (),
) -> FastAPI:
    """Put the gates around an application, the innermost first.

    Args:
        is_open: Returns whether the documents of a request are open.
        meetings: The names of several.
    """
    app.add_middleware(
        Limits,
        strings_of=read_strings,
        rates=Rates(service.rate_limit),
        is_open=is_open,
        on_shed=metrics.shed,
    )
    if service.auth:
        app.add_middleware(Password, auth=service.auth)
    app.add_middleware(OwnNames, names=service.allowed_hosts)
    app.add_middleware(AccessLog)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Compressed)
    app.add_middleware(Measured, metrics=metrics)
    app.add_middleware(ByAddress, names=meetings)
    app.add_middleware(Forwarded, trusted=service.trusted_proxies, root_path=service.root_path)
    return app


def _strings_with_log(words_of: StringsOf, language: str) -> Strings:
    """Return the words of an interface that tells that questions are kept."""
    strings = words_of(language)
    return strings.replacing("privacy", strings.text("privacy.kept", days=DAYS))


def _strings_of_meeting(language: str, *, title: str) -> Strings:
    return read_strings(language).replacing("meeting", title)


def listen(host: str, port: int) -> socket.socket:
    """Take an address and a port, 0 for any free one, and listen there.

    Raises:
        InputError: They are taken, or aren't this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    is_both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, dualstack_ipv6=is_both)
    except socket.gaierror as error:
        raise InputError(f"--host: {host!r} is no address of this machine; 127.0.0.1 always is.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"--port: {port} is in use on {host}; stop what uses it, or give another.") from error
        raise InputError(f"Can't listen on {host}, port {port}: {error.strerror or error}.") from error


def _open(settings: Settings, report: ReportProgress) -> Answering:
    from assistant.journeys import Assistant

    def build() -> str:
        with _BUILDING:
            return build_apart(settings, report=report)

    opened = Assistant.from_settings(settings, report=report, build=build)
    threading.Thread(target=_warm_up, args=(opened,), name="warming up", daemon=True).start()
    return opened


def _warm_up(opened: "Assistant") -> None:
    with contextlib.suppress(AssistantError):  # whoever asks hears of it
        opened.warm_up()


def _watched(settings: Settings) -> tuple[Callable[[], Hashable], float]:
    """Return what tells the state of the documents, and the seconds between two looks."""
    if not settings.store:
        return partial(state_of, settings.corpus), EVERY
    repository = repository_at(settings.store)
    known = 0

    def generation() -> int:
        nonlocal known
        with contextlib.suppress(StoreError):  # it is said where it is asked; what was known last is served on
            known = repository.generation()
        return known

    return generation, _SOON


def _address(host: str, port: int) -> str:
    reachable = {_EVERYWHERE: "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{reachable}:{port}"


class _Server(uvicorn.Server):
    """A server that calls `on_started` when it is ready."""

    def __init__(self, config: uvicorn.Config, *, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Requests that are cut after the grace are no errors to report.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _theme() -> gr.themes.Base:
    """Return Gradio's plainest theme with the machine's own fonts, and the colours shown before the stylesheet."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
        body_background_fill="#f6f6f3",
        body_background_fill_dark="#12171c",
        body_text_color="#1a1f24",
        body_text_color_dark="#e9edf0",
    )
