import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.documents import extraction
from assistant.documents.extraction import Limits, extract
from assistant.documents.formats.blocks import Block
from assistant.errors import ReadError


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "-a page.html"
    path.write_text("<h1>Rooms</h1><p>Words.</p>", encoding="utf-8")
    return path


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands in for the one that reads; each test writes it."""
    folder = tmp_path / "stand_in"
    folder.mkdir()
    monkeypatch.setattr(extraction, "_PACKAGE", folder)
    return folder / "__main__.py"


def test_a_file_is_read_by_a_process_of_its_own(page: Path) -> None:
    extracted = extract(page, "html.read_html")

    assert extracted.title == "Rooms"
    assert extracted.blocks == (Block("Rooms", "heading"), Block("Words."))


def test_it_works_from_any_folder_and_from_many_threads_at_once(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(page.parent)
    titles: list[str] = []
    threads = [
        threading.Thread(target=lambda: titles.append(extract(Path(page.name), "html.read_html").title))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert titles == ["Rooms"] * 4


def test_a_process_that_waits_for_ever_is_given_up(page: Path, program: Path) -> None:
    program.write_text("import time; time.sleep(600)", encoding="utf-8")
    before = time.monotonic()

    with pytest.raises(ReadError, match="takes too long to read; split it into parts"):
        extract(page, "html.read_html", limits=Limits(clock=0.5))

    assert time.monotonic() - before < 300


def test_a_process_that_never_ends_is_given_up(page: Path, program: Path) -> None:
    program.write_text(
        "import time\nwhile True:\n    print('[\"tick\"]', flush=True)\n    time.sleep(0.05)", encoding="utf-8"
    )

    with pytest.raises(ReadError, match="takes too long"):
        extract(page, "html.read_html", limits=Limits(clock=1))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of the processor's time")
@pytest.mark.parametrize(
    ("steps", "silence", "total", "is_read"),
    [
        ("[10]", 1, 9, False),  # one piece takes too long
        ("[0.4] * 10", 9, 1, False),  # all together do
        ("[0.4] * 3", 1, 9, True),
    ],
)
def test_what_counts_is_the_time_that_the_processor_took(
    page: Path, program: Path, steps: str, silence: int, total: int, *, is_read: bool
) -> None:
    program.write_text(
        _stand_in(
            "def read(_):\n    time.sleep(2)\n"
            f"    for step in {steps}:\n        end = time.process_time() + step\n"
            "        while time.process_time() < end:\n            pass\n        yield None"
        ),
        encoding="utf-8",
    )
    limits = Limits(silence=silence, total=total)

    if is_read:
        assert extract(page, "html.read_html", limits=limits).blocks == ()
        return
    with pytest.raises(ReadError, match="takes too long to read"):
        extract(page, "html.read_html", limits=limits)


def _stand_in(reader: str) -> str:
    """Return a program that reads by a function `read` of its own, and keeps the limits of the real one."""
    package = Path(extraction.__file__).parent
    return (
        f"import sys, time, types\nsys.path.insert(0, {str(package)!r})\nfrom formats import __main__ as own\n"
        f"{reader}\nsys.modules['formats.own'] = types.SimpleNamespace(read=read)\n"
        "own.main('own.read', 'x', silence=int(sys.argv[2]), total=int(sys.argv[3]))"
    )


def test_a_process_that_writes_too_much_is_given_up(page: Path, program: Path) -> None:
    program.write_text("while True: print('x' * 1000)", encoding="utf-8")

    with pytest.raises(ReadError, match="holds more text than one document may"):
        extract(page, "html.read_html", limits=Limits(output=100_000))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
        ("print('[\"block\", \"half a', end=''); raise SystemExit(3)", "exit status 3"),
        ("", "exit status 0"),
    ],
)
def test_a_process_that_ends_early_costs_one_file(page: Path, program: Path, code: str, reason: str) -> None:
    program.write_text(code, encoding="utf-8")

    with pytest.raises(ReadError, match=rf"page.html: reading it ended early \({reason}\)") as caught:
        extract(page, "html.read_html")

    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory")
def test_a_process_that_takes_too_much_memory_is_refused_it(page: Path, program: Path) -> None:
    program.write_text(_stand_in("def read(_):\n    yield bytes(10 * own.MAX_MEMORY)"), encoding="utf-8")

    with pytest.raises(ReadError, match="takes more memory than one file may"):
        extract(page, "html.read_html")
