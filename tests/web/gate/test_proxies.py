import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Scope

from assistant.settings import parse_proxies
from assistant.web.gate.proxies import Forwarded, OwnNames, UnderPath
from tests.web.asgi_client import Reply, Seen, request, scope_of

PROXIES = parse_proxies("127.0.0.1, 10.0.0.0/8, ::1", name="proxies")
PROXY, STRANGER = "127.0.0.1", "198.51.100.7"

# The client behind proxies -------------------------------------------------------------------------------------------


def client(peer: str, headers: list[tuple[str, str]]) -> tuple[str, str]:
    """Whom the application takes a request for, and the scheme."""
    scope = forwarded(peer, headers)
    return scope["client"][0], scope["scheme"]


def forwarded(peer: str, headers: list[tuple[str, str]], *, root_path: str = "") -> Scope:
    """What the application gets of a request."""
    seen = Seen()
    scope = scope_of("/", client=peer)
    scope["headers"] = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    asyncio.run(request(Forwarded(seen, trusted=PROXIES, root_path=root_path), scope))
    return seen.scopes[0]


def hosts(peer: str, *forwarded_hosts: str) -> list[str]:
    """The hosts that the application takes a request to be for."""
    headers = [("Host", "inner:7860"), *(("X-Forwarded-Host", each) for each in forwarded_hosts)]
    return [value.decode() for name, value in forwarded(peer, headers)["headers"] if name == b"host"]


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("nonsense, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
    ],
)
def test_the_client_is_the_last_hop_that_no_trusted_proxy_is(sent: str, address: str) -> None:
    assert client("127.0.0.1", [("X-Forwarded-For", sent)])[0] == address


@pytest.mark.parametrize(
    "sent", ["", "unknown", "203.0.113.9, unknown", "203.0.113.999", "203.0.113.9 10.0.0.1", "203.0.113.9,", "[::1"]
)
def test_what_makes_no_sense_is_the_proxy_s_own_request(sent: str) -> None:
    assert client("127.0.0.1", [("X-Forwarded-For", sent)])[0] == "127.0.0.1"


def test_nobody_else_is_believed() -> None:
    headers = [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"), ("X-Forwarded-Proto", "https")]

    assert client("198.51.100.7", headers) == ("198.51.100.7", "http")


def test_several_headers_of_a_name_are_one_list() -> None:
    headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "10.0.0.1")]

    assert client("127.0.0.1", headers)[0] == "203.0.113.9"


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("for=203.0.113.9", "203.0.113.9"),
        ('For="[2001:db8::9]:4711";proto=https', "2001:db8::9"),
        ("proto=https; for=203.0.113.9;by=10.0.0.1, for=10.0.0.2", "203.0.113.9"),
        ("for=_hidden", "127.0.0.1"),
        ("proto=https", "127.0.0.1"),
    ],
)
def test_the_standard_header_says_the_same(sent: str, address: str) -> None:
    assert client("127.0.0.1", [("Forwarded", sent)])[0] == address


def test_of_two_headers_that_differ_neither_is_believed() -> None:
    headers = [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=198.51.100.1")]

    assert client("127.0.0.1", headers)[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("sent", "scheme"), [("https", "https"), ("http, https", "https"), ("gopher", "http"), ("", "http")]
)
def test_a_trusted_proxy_tells_the_scheme(sent: str, scheme: str) -> None:
    assert client("127.0.0.1", [("X-Forwarded-Proto", sent)])[1] == scheme


@given(st.text(st.characters(max_codepoint=255), max_size=80), st.sampled_from(["X-Forwarded-For", "Forwarded"]))
def test_whatever_is_sent_the_last_hop_cannot_be_chosen_by_a_client(claimed: str, name: str) -> None:
    """A proxy adds the address that it was asked from, after whatever the client sent."""
    added = "203.0.113.9" if name == "X-Forwarded-For" else "for=203.0.113.9"

    assert client("127.0.0.1", [(name, f"{claimed}, {added}")])[0] == "203.0.113.9"


@pytest.mark.parametrize("sent", [("ask.example.org",), ("forged.example, ask.example.org",), ("x", "ask.example.org")])
def test_a_trusted_proxy_tells_the_host_that_it_was_asked_for(sent: tuple[str, ...]) -> None:
    assert hosts(PROXY, *sent) == ["ask.example.org"]


def test_a_proxy_that_tells_no_host_has_kept_it() -> None:
    assert hosts(PROXY) == hosts(PROXY, "") == ["inner:7860"]


def test_nobody_else_chooses_the_host() -> None:
    assert hosts(STRANGER, "localhost") == ["inner:7860"]


@pytest.mark.parametrize("peer", [PROXY, STRANGER])
def test_nothing_behind_reads_what_was_forwarded(peer: str) -> None:
    headers = [("Forwarded", "for=192.0.2.1"), ("Accept", "*/*")]
    headers += [(f"X-Forwarded-{each}", "a") for each in ("For", "Host", "Proto", "Prefix", "Server", "Port")]

    assert {name for name, _ in forwarded(peer, headers)["headers"]} <= {b"accept", b"host"}


@pytest.mark.parametrize("sent", ["/ask", "/ask/", "/elsewhere, /ask"])
def test_a_trusted_proxy_tells_the_path_that_it_took_away(sent: str) -> None:
    assert forwarded(PROXY, [("X-Forwarded-Prefix", sent)], root_path="/other")["root_path"] == "/ask"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "/",
        "ask",
        "//evil.example",
        "/a//b",
        "/../x",
        "/a/..",
        "/a b",
        '/"',
        "/a?b",
        "/a#b",
        r"/\evil",
        "/é",
        "/a;b",
    ],
)
def test_a_path_that_none_may_be_leaves_the_operator_s(sent: str) -> None:
    assert forwarded(PROXY, [("X-Forwarded-Prefix", sent)], root_path="/ask")["root_path"] == "/ask"


def test_nobody_else_chooses_the_path() -> None:
    assert forwarded(STRANGER, [("X-Forwarded-Prefix", "/elsewhere")])["root_path"] == ""
    assert forwarded(STRANGER, [("X-Forwarded-Prefix", "/elsewhere")], root_path="/ask")["root_path"] == "/ask"


def test_routes_get_the_path_with_what_the_proxy_took_away() -> None:
    seen = Seen()

    asyncio.run(request(UnderPath(seen), {**scope_of("/api/ask"), "root_path": "/api"}))
    asyncio.run(request(UnderPath(seen), scope_of("/api/ask")))

    assert [each["path"] for each in seen.scopes] == ["/api/api/ask", "/api/ask"]


# Names ---------------------------------------------------------------------------------------------------------------


def named(*host: str, path: str = "/", names: tuple[str, ...] = (), server: str = "192.0.2.5") -> Reply:
    """Ask a service by a name, and by no name or two if so many are given."""
    scope = {**scope_of(path), "server": (server, 7860)}
    scope["headers"] = [(b"host", each.encode("latin-1")) for each in host]
    return asyncio.run(request(OwnNames(Seen(), names=names), scope))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:7860", "[::1]:7860", "192.0.2.5:80"])
def test_it_goes_by_loopback_s_names_and_the_address_that_was_called(host: str) -> None:
    assert named(host).status == 200


@pytest.mark.parametrize("host", ["ask.example.org", "Ask.Example.Org:443", "a.b.example.net", "a.example.net:8443"])
def test_it_goes_by_the_names_that_its_operator_gives(host: str) -> None:
    assert named(host, names=("ask.example.org", "*.example.net")).status == 200


def test_an_address_may_be_written_in_several_ways() -> None:
    assert named("[2001:db8:0::5]:80", server="2001:db8::5").status == 200
    assert named("192.0.2.5", server="::ffff:192.0.2.5").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",
        "rebound.example:7860",
        "ask.example.org.rebound.example",
        "rebound-ask.example.org",
        "x.ask.example.org",
        "example.net",
        "rebound-example.net",
        "localhost.rebound.example",
        "127.0.0.1.rebound.example",
        "192.0.2.6",
        "[2001:db8::5]",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/ask", "/mcp", "/embed.js", "/healthz", "/metrics", "/nowhere"])
def test_another_s_name_gets_nothing_at_any_address(host: str, path: str) -> None:
    reply = named(host, path=path, names=("ask.example.org", "*.example.net"))

    assert reply.status == 421
    assert "ASSISTANT_ALLOWED_HOSTS" in reply.text
    assert "\n" not in reply.text
    assert "rebound" not in reply.text


@pytest.mark.parametrize(
    "host",
    ["", "[", "a b", "localhost/x", 'x"><script>', "x@localhost", "localhost:99999", "localhost:", "ÿ"],
)
def test_what_can_be_no_host_is_refused_though_any_name_is_allowed(host: str) -> None:
    assert named(host, names=("*",)).status == 400


def test_a_request_for_no_host_or_for_two_is_refused() -> None:
    assert named(names=("*",)).status == named("localhost", "localhost").status == 400


def test_any_name_is_answered_where_the_operator_wants_it() -> None:
    assert named("whatever.example", names=("*",)).status == 200


def test_a_web_socket_for_another_s_name_is_closed() -> None:
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {**scope_of("/", headers={"Host": "rebound.example"}), "type": "websocket"}
    asyncio.run(OwnNames(Seen(), names=())(scope, receive, send))

    assert sent == [{"type": "websocket.close", "code": 1008}]
