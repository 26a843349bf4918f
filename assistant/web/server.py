"""One application: the page, served by one process on one address."""

import contextlib
import errno
import logging
import socket
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI, Response

from assistant.errors import InputError
from assistant.question_log import DAYS, QuestionLog
from assistant.records import ReportProgress
from assistant.settings import Settings
from assistant.web.api import add_api
from assistant.web.embed import add_embed
from assistant.web.export_routes import add_exports
from assistant.web.feedback import add_feedback
from assistant.web.frame import NOTE_EXAMPLES
from assistant.web.library import add_library
from assistant.web.localized import InLanguage
from assistant.web.opening import Answering, Opening
from assistant.web.pages import build_page
from assistant.web.reloading import Reloading, state_of
from assistant.web.sheets import add_sheets
from assistant.web.strings import Strings, read_strings

_STATIC = Path(__file__).parent / "static"
_NOTE = "background-note.txt"  # the examples ask it
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - an operator's choice; the page is reachable here too
_GRACE = 1  # seconds that open connections get when the server stops


def serve(settings: Settings, *, announce: Callable[[str], None] | None = None) -> None:
    """Serve the page until Ctrl-C.

    Args:
        announce: Called with one line that names the address, once the page can be opened; printed otherwise.

    Raises:
        InputError: The address or the port can't be had, or the log of questions not be written.
    """
    say = announce or partial(print, flush=True)
    listening = listen(settings.host, settings.port)
    opening = Opening(_Opener(settings))
    examples = NOTE_EXAMPLES if (settings.corpus / _NOTE).is_file() else ()
    log = QuestionLog(settings.log_questions) if settings.log_questions else None
    app = create_app(opening, examples=examples, embed_origins=settings.embed_origins, log=log)
    address = _address(settings.host, listening.getsockname()[1])
    server = _Server(
        uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=_GRACE),
        on_started=lambda: say(f"Ask the documents at {address} (Ctrl-C stops)"),
    )
    opening.start()
    reloading = Reloading(opening, partial(state_of, settings.corpus))
    reloading.start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    reloading.stop()


def create_app(
    opening: Opening,
    *,
    examples: tuple[tuple[int | None, str], ...] = (),
    embed_origins: Sequence[str] = (),
    log: QuestionLog | None = None,
) -> FastAPI:
    """Put the application together.

    Args:
        opening: What opens the assistant; whoever serves the application starts it.
        examples: Questions to start with, each with the number of its objective, if any.
        embed_origins: Those whose pages may frame the widget, besides its own.
        log: Where the operator keeps questions; none are kept without it.
    """
    # No generated pages on its interface: they load scripts from another host.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/favicon.ico")
    def no_icon() -> Response:
        return Response(status_code=204)

    strings_of = _strings_with_log if log else read_strings
    add_api(app, opening)
    add_sheets(app, opening, strings_of)
    add_library(app, opening, strings_of)
    add_exports(app, opening, strings_of)
    add_embed(app, opening, strings_of, origins=embed_origins, examples=examples, log=log)
    if log:
        add_feedback(app, log)
    app.add_middleware(InLanguage)
    gr.mount_gradio_app(
        app,
        build_page(opening, strings_of, examples=examples, log=log),
        path="/",
        head=_head(),
        theme=_theme(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        show_error=False,
        app_kwargs={"openapi_url": None},
    )
    return app


@cache
def _strings_with_log(language: str) -> Strings:
    """The words of an interface that doesn't promise to keep nothing."""
    strings = read_strings(language)
    return strings.saying("privacy", strings.text("privacy.kept", days=DAYS))


def listen(host: str, port: int) -> socket.socket:
    """Take an address and a port, 0 for any free one, and listen there.

    Raises:
        InputError: They can't be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except socket.gaierror as error:
        raise InputError(f"--host: {host!r} is no address of this machine; 127.0.0.1 always is.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"--port: {port} is in use on {host}; stop what uses it, or give another.") from error
        raise InputError(f"Can't listen on {host}, port {port}: {error.strerror or error}.") from error


class _Opener:
    """Opens the assistant that settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, report: ReportProgress) -> Answering:
        from assistant.pipeline import Assistant  # here, since it takes seconds and the page shouldn't wait for it

        settings = self._settings
        return Assistant.open(settings.corpus, settings.index, model=settings.model, report=report)


def _address(host: str, port: int) -> str:
    reachable = {_EVERYWHERE: "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{reachable}:{port}"


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, *, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Open pages hold a connection that has to be cut; that is no error to report.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _head() -> str:
    """Style and script as part of the page, so that it is never shown without them."""
    styles = "".join(f"<style>{_static(name)}</style>" for name in ("style.css", "objectives.css", "reader.css"))
    scripts = "".join(f"<script>{_static(name)}</script>" for name in ("page.js", "objectives.js", "reader.js"))
    return styles + scripts


def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with the machine's own fonts, and the colours that show before the stylesheet does."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
        body_background_fill="#f6f6f3",
        body_background_fill_dark="#12171c",
        body_text_color="#1a1f24",
        body_text_color_dark="#e9edf0",
    )
