"""The command that lists the linked documents and gets their originals, as a person runs it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Protocol

import pytest

from assistant.documents.corpus import read_corpus
from tests.conftest import ROOT
from tests.documents.fetching.loopback import AS_PAGE, AS_PDF, PAGE, PDF, Loopback, answer, free_port


class Run(Protocol):
    """Runs `python -m assistant sources` over a folder."""

    def __call__(self, *arguments: str, **environment: str) -> CompletedProcess[bytes]: ...


@pytest.fixture
def folder(tmp_path: Path, server: Loopback) -> Path:
    """A corpus of a note, two digests whose originals are to be had, and a link."""
    return corpus_of(tmp_path, server, {"first": ".txt", "second": ".txt"})


def corpus_of(tmp_path: Path, server: Loopback, digests: Mapping[str, str]) -> Path:
    """Make a corpus of a note, digests whose originals a server has, and a link.

    Args:
        digests: The suffix of the original of each.
    """
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("note", *digests):
        (folder / f"{name}.md").write_text(f"# The {name}\n\nIt speaks of data.\n", encoding="utf-8")
    table = [f'hosts = ["{server.host}"]']
    table += ['[[source]]\nid = "note"\ntitle = "The note"\nkind = "original"\nfile = "note.md"']
    table += [
        f'[[source]]\nid = "{name}"\ntitle = "The {name}"\nkind = "digest"\nfile = "{name}.md"\n'
        f'address = "{server.address(f"/{name}")}"\n'
        f'original = {{ address = "{server.address(f"/{name}")}", file = "originals/{name}{suffix}" }}'
        for name, suffix in digests.items()
    ]
    table += ['[[source]]\nid = "film"\ntitle = "The film"\nkind = "link"']
    (folder / "sources.toml").write_text("\n".join(table), encoding="utf-8")
    return folder


PROGRAM = """
import sys
from assistant.__main__ import main
from assistant.documents.fetching import downloads

downloads.is_public = lambda _: True  # the server listens on this machine
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def run(folder: Path, server: Loopback) -> Run:
    """Trusts the server, whose authority the environment names."""
    assert server.authority

    def run_command(*arguments: str, **environment: str) -> CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, "sources", *arguments, "--corpus", str(folder)],
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, **environment},
            timeout=600,
            check=False,
        )

    return run_command


TEXT = {"Content_Type": "text/plain"}


def test_each_linked_document_is_listed_with_what_is_here(run: Run) -> None:
    done = run()

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == ["digest", "digest", "link"]
    assert "The note" not in done.stdout.decode()
    assert "no address known" in lines[-1]


def test_fetched_originals_supersede_their_digests(run: Run, server: Loopback, folder: Path) -> None:
    server.routes["/first"] = answer(200, b"The first brief\n\nIts own words on borders.\n", **TEXT)
    server.routes["/second"] = answer(200, b"The second brief\n\nIts own words on visas.\n", **TEXT)

    done = run("fetch")

    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-1] == "2 of 2 originals are here."
    assert "first: fetched, 43 bytes, sha256:" in done.stdout.decode()
    assert b"first: 100%" in done.stderr
    listed = run().stdout.decode()
    assert "original The first\n         fetched " in listed
    corpus = read_corpus(folder)
    assert [(each.id, each.source.kind, each.source.file) for each in corpus.documents] == [
        ("note", "original", "note.md"),
        ("first", "original", "originals/first.txt"),
        ("second", "original", "originals/second.txt"),
    ]
    assert not any("It speaks of data" in each.text for each in corpus.documents[1:])


def test_what_failed_is_told_and_the_others_are_here(run: Run, server: Loopback, folder: Path) -> None:
    server.routes["/first"] = answer(200, PAGE, **AS_PAGE)
    server.routes["/second"] = answer(200, b"The second brief\n\nIts own words.\n", **TEXT)

    done = run("fetch")

    assert done.returncode == 1
    assert "first: failed: what came is an HTML page, not plain text." in done.stderr.decode()
    assert "1 of 2 originals are here." in done.stderr.decode()
    assert [each.source.kind for each in read_corpus(folder).documents] == ["original", "digest", "original"]


def test_no_network_is_said_in_one_line(run: Run, server: Loopback, folder: Path) -> None:
    table = folder / "sources.toml"
    told = table.read_text(encoding="utf-8").replace(server.host, f"localhost:{free_port()}")
    table.write_text(told, encoding="utf-8")

    done = run("fetch")

    assert done.returncode == 1
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("There is no network: ")


def test_a_changed_original_is_said_to_be_changed(run: Run, server: Loopback, folder: Path) -> None:
    server.routes["/first"] = server.routes["/second"] = answer(200, b"Words of a brief.\n", **TEXT)
    run("fetch")
    (folder / "originals" / "first.txt").write_text("Other words.", encoding="utf-8")
    (folder / "originals" / "second.txt.json").unlink()

    listed = run().stdout.decode()
    again = run("fetch")

    assert "CHANGED since" in listed
    assert "put by hand" in listed
    assert again.returncode == 1
    assert "first: failed: originals/first.txt isn't what was fetched any more" in again.stderr.decode()
    assert "second: is here, put by hand." in again.stderr.decode()


def test_a_corpus_without_a_table_has_nothing_to_fetch(run: Run, folder: Path) -> None:
    (folder / "sources.toml").unlink()

    done = run("fetch")

    assert done.returncode == 0
    assert "nothing to fetch" in done.stdout.decode()
    assert "names no linked documents" in run().stdout.decode()


def test_a_folder_that_is_not_there_is_told(run: Run, folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink()
    folder.rmdir()

    for arguments in ((), ("fetch",)):
        done = run(*arguments)

        assert done.returncode == 2
        assert "no such folder" in done.stderr.decode()


def landing(*targets: str) -> bytes:
    """Return a page of a site that links to files."""
    links = "".join(f'<li><a href="{target}">Download</a></li>' for target in targets)
    return f"<!doctype html>\n<html><body><h1>A brief</h1><ul>{links}</ul></body></html>\n".encode()


def test_one_short_try_takes_what_a_landing_page_links_to_and_says_of_the_rest_why_not(
    run: Run, server: Loopback, folder: Path, tmp_path: Path
) -> None:
    shutil.rmtree(folder)
    corpus_of(tmp_path, server, dict.fromkeys(("one", "several", "none", "moved", "busy", "gone"), ".pdf"))
    server.routes |= {
        "/one": answer(200, landing("/one.pdf", "/about", "/one.pdf"), **AS_PAGE),
        "/several": answer(200, landing("/en.pdf", "/fr.pdf"), **AS_PAGE),
        "/none": answer(200, landing("/about"), **AS_PAGE),
        "/moved": answer(301, Location=server.address("/elsewhere")),
        "/elsewhere": answer(200, landing("/one.pdf"), **AS_PAGE),
        "/one.pdf": answer(200, PDF, **AS_PDF),
        "/busy": answer(503, Retry_After="50"),
    }

    done = run("fetch", "--once")

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert [line.split()[:3] for line in lines[:3]] == [
        ["original", "The", "note"],
        ["original", "The", "one"],
        ["digest", "The", "several:"],
    ]
    assert lines[2].endswith(
        f"links to 2 PDFs on allowed hosts ({server.address('/en.pdf')}, {server.address('/fr.pdf')}); "
        "write the right one's address into sources.toml"
    )
    assert "links to no PDFs" in lines[3]
    assert lines[4] == "original The moved"
    assert "503" in lines[5]
    assert "404" in lines[6]
    assert lines[7:] == ["link     The film", "To try again at greater length: python -m assistant sources fetch"]
    assert server.count == 9  # nothing is asked for twice


def test_without_a_network_or_where_it_is_turned_off_one_short_try_says_what_is_here(
    run: Run, server: Loopback, folder: Path
) -> None:
    table = folder / "sources.toml"
    table.write_text(table.read_text(encoding="utf-8").replace(server.host, f"localhost:{free_port()}"), "utf-8")

    done, off = run("fetch", "--once"), run("fetch", "--once", ASSISTANT_FETCH="0")

    assert (done.returncode, off.returncode) == (0, 0)
    assert "can't be reached" in done.stdout.decode()
    assert off.stdout.decode().splitlines() == [
        "original The note",
        "digest   The first: our summary is here, not the document's words",
        "digest   The second: our summary is here, not the document's words",
        "link     The film",
        "To get the originals: python -m assistant sources fetch",
    ]
