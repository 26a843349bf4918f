from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from assistant.web.app.static_files import FOR_EVER, StaticFile, following_device, read_static, unindented


def test_a_browser_gets_a_file_once() -> None:
    file = StaticFile(b"p{}", "text/css")
    app = FastAPI()

    @app.get("/", response_model=None)
    def send(request: Request) -> Response:
        return file.answer(request, {"Cache-Control": FOR_EVER})

    client = TestClient(app)
    first = client.get("/")
    second = client.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (first.text, first.headers["cache-control"], second.status_code) == ("p{}", FOR_EVER, 304)
    assert StaticFile(b"p{ }", "text/css").version != file.version


def test_a_dark_device_needs_no_script() -> None:
    style = following_device(read_static("style.css"))

    assert style.startswith("@media screen and (prefers-color-scheme: dark) { :root:not([data-theme]) {")
    assert style.count("--paper: #12171c") == 2


def test_what_only_authors_read_of_a_script_is_not_sent() -> None:
    assert unindented("// why\n  const a = 1; // kept\n\n") == "const a = 1; // kept"
