import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.encoding.encoder import packaged_model
from assistant.errors import AssistantError, CorpusError, IndexingError
from assistant.index.storage import MANIFEST
from assistant.journeys import build_process as apart
from assistant.journeys.build_process import build_apart
from assistant.journeys.building.build import load_build
from assistant.records import Progress
from assistant.settings import Settings
from tests.conftest import ROOT


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "note.txt").write_text("A note\n\n1. Ferries carry the workers home.\n", encoding="utf-8")
    return folder


def command(corpus: Path, index: Path) -> list[str]:
    return [sys.executable, "-c", apart._PROGRAM, str(ROOT), str(corpus), str(index), "", "none", "none", ""]


def unreported(_: Progress) -> None:
    """Ignore progress."""


def test_the_index_is_where_the_service_was_started_and_torch_is_not_here(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-a model").symlink_to(packaged_model())
    monkeypatch.chdir(tmp_path)
    told: list[Progress] = []
    loaded = "torch" in sys.modules

    settings = Settings(Path(corpus.name), Path("-index"), model="-a model", multilingual="none", reader="none")

    built = build_apart(settings, report=told.append)

    found = load_build(tmp_path / "-index")
    assert (found.origin.corpus, found.origin.encoder) == (built, "-a model")
    assert [document.source.title for document in found.corpus.documents] == ["A note"]
    assert {progress.stage for progress in told} >= {"reading", "encoding"}
    assert ("torch" in sys.modules) == loaded


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [("corpus", CorpusError), ("index", IndexingError)],
)
def test_what_goes_wrong_there_is_raised_here(corpus: Path, tmp_path: Path, wrong: str, kind: type[Exception]) -> None:
    (tmp_path / "a-file").write_text("no folder")
    folders = {"corpus": corpus, "index": tmp_path / "index"} | {wrong: tmp_path / "a-file"}

    with pytest.raises(kind, match="a-file"):
        build_apart(
            Settings(folders["corpus"], folders["index"], multilingual="none", reader="none"), report=unreported
        )


def test_a_process_that_ends_early_is_told(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_PROGRAM", "pass")

    with pytest.raises(AssistantError, match=r"ended early: its process failed \(exit status 0\)"):
        build_apart(Settings(corpus, tmp_path / "index", multilingual="none", reader="none"), report=unreported)


def test_lines_are_followed_until_the_last_one() -> None:
    told: list[Progress] = []
    lines = ['["progress", "reading", 1, 2]', '["done", "sha256:abc"]', "never read"]

    assert apart._follow(lines, told.append) == "sha256:abc"
    assert told == [Progress("reading", 1, 2)]


def test_an_error_of_an_unknown_kind_is_one_all_the_same() -> None:
    with pytest.raises(AssistantError, match="why"):
        apart._follow([json.dumps(["error", "Newer", "why"])], unreported)


def test_it_ends_with_the_process_that_started_it(corpus: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        command(corpus, tmp_path / "index"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        assert process.stdin
        process.stdin.close()

        assert process.wait(300) == 1 or (tmp_path / "index" / MANIFEST).exists()


def test_it_ends_without_a_fault_while_its_standard_input_is_open(corpus: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        command(corpus, tmp_path / "index"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.wait(300) == 0
        assert process.stderr
        assert b"Fatal" not in process.stderr.read()
