from ipaddress import ip_network
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import (
    KeepingSettings,
    ServiceSettings,
    Settings,
    parse_auth,
    parse_hosts,
    parse_origins,
    parse_path,
)


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_what_is_set_empty_keeps_its_default() -> None:
    assert Settings.from_environment({"ASSISTANT_PORT": "", "ASSISTANT_HOST": ""}) == Settings()


def test_the_environment_is_read() -> None:
    environ = {
        "ASSISTANT_CORPUS": "briefs",
        "ASSISTANT_INDEX": "cache",
        "ASSISTANT_MODEL": "models/own",
        "ASSISTANT_MULTILINGUAL": "none",
        "ASSISTANT_READER": "models/reader",
        "ASSISTANT_HOST": "0.0.0.0",
        "ASSISTANT_PORT": "8080",
        "ASSISTANT_EMBED_ORIGINS": "https://meeting.example",
        "ASSISTANT_LOG_QUESTIONS": "questions.jsonl",
        "ASSISTANT_COUNTS": "1",
        "ASSISTANT_RATE_LIMIT": "0",
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1, 2001:db8::/32",
        "ASSISTANT_AUTH": "meeting:se:cret",
    }

    assert Settings.from_environment(environ) == Settings(
        corpus=Path("briefs"),
        index=Path("cache"),
        model="models/own",
        multilingual="none",
        reader="models/reader",
        keeping=KeepingSettings(Path("questions.jsonl"), counts=True),
        service=ServiceSettings(
            host="0.0.0.0",
            port=8080,
            embed_origins=("https://meeting.example",),
            rate_limit=0,
            trusted_proxies=(ip_network("127.0.0.1"), ip_network("2001:db8::/32")),
            auth=("meeting", "se:cret"),
        ),
    )


@pytest.mark.parametrize("port", ["http", "-1", "65536", "7.5", "७"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(InputError, match="ASSISTANT_PORT"):
        Settings.from_environment({"ASSISTANT_PORT": port})


def test_origins_are_read_in_order_and_once() -> None:
    text = " https://Meetings.example.org ,http://127.0.0.1:8000,, http://[::1]:80,https://meetings.example.org"

    assert parse_origins(text, name="origins") == (
        "https://meetings.example.org",
        "http://127.0.0.1:8000",
        "http://[::1]:80",
    )
    assert parse_origins("", name="origins") == ()


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "example.org",
        "https://",
        "https://*.example.org",
        "https://example.org/",
        "https://example.org/page",
        "https://user@example.org",
        "https://example.org:port",
        "https://example.org:99999",
        "ftp://example.org",
        "https://example.org; script-src *",
        "https://example.org 'unsafe-inline'",
        "https://exämple.org",
    ],
)
def test_what_is_no_origin_is_named(origin: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_origins(f"https://good.example.org,{origin}", name="ASSISTANT_EMBED_ORIGINS")

    assert f"ASSISTANT_EMBED_ORIGINS: {origin!r} is no origin" in str(raised.value)


@pytest.mark.parametrize("rate", ["-1", "ten", "1.5", "1000000", "٣"])
def test_a_rate_that_is_none_is_named(rate: str) -> None:
    with pytest.raises(InputError, match=f"ASSISTANT_RATE_LIMIT: '{rate}'"):
        Settings.from_environment({"ASSISTANT_RATE_LIMIT": rate})


@pytest.mark.parametrize("proxy", ["proxy.example", "10.0.0.1/8", "300.0.0.1", "10.0.0.0/40"])
def test_a_proxy_that_is_no_network_is_named(proxy: str) -> None:
    with pytest.raises(InputError, match=r"ASSISTANT_TRUSTED_PROXIES: .* is no network"):
        Settings.from_environment({"ASSISTANT_TRUSTED_PROXIES": f"127.0.0.1,{proxy}"})


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0"])
def test_everybody_is_no_proxy(everybody: str) -> None:
    with pytest.raises(InputError, match="who could then be anybody"):
        Settings.from_environment({"ASSISTANT_TRUSTED_PROXIES": everybody})


@pytest.mark.parametrize("auth", ["secret", ":secret", "meeting:", "meeting:se\ncret"])
def test_a_password_that_cannot_be_is_refused_without_being_told(auth: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_auth(auth, name="ASSISTANT_AUTH")

    assert str(raised.value).startswith("ASSISTANT_AUTH: ")
    assert "cret" not in str(raised.value).replace("meeting:secret", "")


def test_names_and_the_path_are_read_from_the_environment() -> None:
    environ = {"ASSISTANT_ALLOWED_HOSTS": "ask.example.org", "ASSISTANT_ROOT_PATH": "/ask/"}

    service = Settings.from_environment(environ).service

    assert (service.allowed_hosts, service.root_path) == (("ask.example.org",), "/ask")


def test_hosts_are_read_in_order_and_once() -> None:
    text = " Ask.Example.org,*.example.net,, 192.0.2.1, [::1],2001:db8::1,*,intranet,ask.example.org"

    assert parse_hosts(text, name="hosts") == (
        "ask.example.org",
        "*.example.net",
        "192.0.2.1",
        "[::1]",
        "[2001:db8::1]",
        "*",
        "intranet",
    )
    assert parse_hosts("", name="hosts") == ()


@pytest.mark.parametrize(
    "host",
    ["https://ask.example.org", "ask.example.org:443", "ask.example.org/x", "a b", "*x.org", "x.*.org", "é", "."],
)
def test_what_is_no_host_is_named(host: str) -> None:
    with pytest.raises(InputError, match=r"ASSISTANT_ALLOWED_HOSTS: .* is no host"):
        Settings.from_environment({"ASSISTANT_ALLOWED_HOSTS": f"good.example.org,{host}"})


@pytest.mark.parametrize("path", ["ask", "//ask", "/a//b", "/a b", "/../x", "/ask?x", "https://example.org/ask", '/"'])
def test_what_is_no_path_is_named(path: str) -> None:
    with pytest.raises(InputError, match=r"path: .* is no path"):
        parse_path(path, name="path")


ROW = '[[meeting]]\nname = "{name}"\ntitle = "{title}"\ncorpus = "{corpus}"\n'


def meetings_of(folder: Path, text: str) -> Settings:
    """The settings of a table of meetings beside a folder `papers`."""
    (folder / "papers").mkdir()
    (folder / "meetings.toml").write_text(text, encoding="utf-8")
    environ = {"ASSISTANT_CORPORA": str(folder / "meetings.toml"), "ASSISTANT_LOG_QUESTIONS": "kept/log.jsonl"}
    return Settings.from_environment(environ)


def test_each_meeting_has_a_corpus_an_index_and_a_log_of_its_own(tmp_path: Path) -> None:
    rows = ROW.format(name="one", title="First", corpus="papers") + ROW.format(name="two-2", title="第二", corpus=".")

    settings = meetings_of(tmp_path, rows)
    one, two = (settings.of_meeting(each.name) for each in settings.meetings)

    assert [each.title for each in settings.meetings] == ["First", "第二"]
    assert (one.corpus, one.index, one.keeping.log, one.meetings) == (
        tmp_path / "papers",
        Path("index/one"),
        Path("kept/log-one.jsonl"),
        (),
    )
    assert (two.corpus, two.index) == (tmp_path / ".", Path("index/two-2"))
    with pytest.raises(InputError, match=r"--meeting: there is no 'three'; there are: one, two-2\."):
        settings.of_meeting("three")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must hold"),
        ("meeting = 3", "must hold"),
        ("[[meeting]]\nname = 1", "number 1: give"),
        (ROW.format(name="one", title="One", corpus="papers") + "colour = 1", "number 1: give"),
        ("[[meetings]]", "must hold"),
        ("[[meeting", "not valid TOML"),
        (ROW.format(name="One", title="One", corpus="papers"), "name 'One' must be"),
        (ROW.format(name="a/../b", title="One", corpus="papers"), "must be small letters"),
        (ROW.format(name="x" * 61, title="One", corpus="papers"), "must be small letters"),
        (ROW.format(name="one", title=" ", corpus="papers"), "title ' ' must be"),
        (ROW.format(name="one", title="a\\nb", corpus="papers"), "on one line"),
        (ROW.format(name="one", title="One", corpus="missing"), "corpus 'missing' is no folder"),
        (ROW.format(name="one", title="One", corpus="papers") * 2, "two meetings have the name 'one'"),
    ],
)
def test_a_table_of_meetings_that_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=r"^ASSISTANT_CORPORA: .*meetings\.toml: ") as raised:
        meetings_of(tmp_path, text)

    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ASSISTANT_CORPORA": "no/such.toml"}, "no/such.toml: can't be read"),
        ({"ASSISTANT_CORPORA": "x", "ASSISTANT_STORE": "postgresql://x"}, "unset ASSISTANT_STORE"),
        ({"ASSISTANT_UPLOAD": "1"}, "set ASSISTANT_AUTH"),
        ({"ASSISTANT_UPLOAD": "yes", "ASSISTANT_AUTH": "a:b"}, "'yes' is neither"),
        ({"ASSISTANT_UPLOAD": "1", "ASSISTANT_AUTH": "a:b", "ASSISTANT_STORE": "postgresql://x"}, "unset one of them"),
    ],
)
def test_what_cannot_go_together_is_said_at_the_start(environ: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Settings.from_environment(environ)
