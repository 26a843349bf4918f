import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import pytest

from assistant import Assistant, __main__, evaluation
from assistant.__main__ import main
from assistant.evaluation.metrics import Figure
from assistant.journeys.asked.question_log import QuestionLog
from assistant.settings import Settings
from tests.conftest import ROOT, small_table
from tests.fakes import BagOfWordsEncoder

Run: TypeAlias = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def environ(corpus_folder: Path, index_folder: Path, assistant: Assistant) -> Mapping[str, str]:
    """What names the shipped documents and their index, already built."""
    folders = {"ASSISTANT_CORPUS": str(corpus_folder), "ASSISTANT_INDEX": str(index_folder)}
    return folders | {"ASSISTANT_MULTILINGUAL": "none"}  # learning other languages takes its time


@pytest.fixture
def run(
    environ: Mapping[str, str],
    assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Iterator[Run]:
    """Runs a command in this process; the shipped documents are open already."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's: with them there, the command sets up none
    log, opened = logging.getLogger("assistant"), __main__._opened
    level = log.level

    def open_once(settings: Settings) -> Assistant:
        return assistant if settings.corpus == Path(environ["ASSISTANT_CORPUS"]) else opened(settings)

    monkeypatch.setattr(__main__, "_opened", open_once)

    def run_command(*arguments: str, stdin: bytes = b"") -> CompletedProcess[bytes]:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        status = main(arguments)
        return CompletedProcess(arguments, status, *capsysbinary.readouterr())

    yield run_command
    log.setLevel(level)


@pytest.fixture
def run_apart(environ: Mapping[str, str]) -> Run:
    """Runs `python -m assistant` in a process of its own, which takes seconds."""

    def run_command(*arguments: str, stdin: bytes = b"") -> CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            input=stdin,
            capture_output=True,
            cwd=ROOT,
            env=os.environ | environ | {"PYTHONIOENCODING": "utf-8", "HF_HUB_OFFLINE": "1"},
            timeout=600,
            check=False,
        )

    return run_command


@pytest.fixture
def folders(index_folder: Path, assistant: Assistant, tmp_path: Path) -> tuple[str, ...]:
    """A corpus with objectives that are learned in no time, and an index that holds the converted models."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "objectives.toml").write_text(small_table(), encoding="utf-8")
    shutil.copytree(index_folder, tmp_path / "index")
    return "--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")


@pytest.fixture
def bag_of_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that loads in no time, by which all is built."""
    monkeypatch.setattr(Assistant, "from_settings", partial(Assistant.from_settings, encoder=BagOfWordsEncoder()))


def rows_of(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().splitlines()]


def test_a_person_reads_the_quotation_its_place_and_its_objective(run_apart: Run) -> None:
    done = run_apart("ask", "What does the note say about unaccompanied children?")

    output = done.stdout.decode()
    assert done.returncode == 0
    assert "protection of migrant children, including unaccompanied" in output
    assert "Background note, Roundtable 4, para. 4" in output
    assert "Objective 7, stated: “GCM objective 7”" in output
    assert done.stderr == b""


def test_a_question_waits_for_no_library_that_only_a_build_needs(
    corpus_folder: Path, index_folder: Path, assistant: Assistant
) -> None:
    code = (
        "import sys; from assistant.__main__ import main; status = main(sys.argv[1:]); "
        "print({name.split('.')[0] for name in sys.modules}.intersection("
        "'torch transformers sentence_transformers sklearn scipy onnx gradio pydantic'.split()), file=sys.stderr); "
        "sys.exit(status)"
    )
    folders = ["--corpus", str(corpus_folder), "--index", str(index_folder)]

    done = subprocess.run(
        [sys.executable, "-c", code, "ask", "What does the note say about unaccompanied children?", *folders],
        capture_output=True,
        cwd=ROOT,
        timeout=600,
        check=True,
    )

    assert done.stderr.decode().strip() == "set()"
    assert "unaccompanied" in done.stdout.decode("utf-8", "replace")


def test_a_program_reads_json(run: Run) -> None:
    done = run("ask", "Which hashtags can be used?", "--json", "--top-k", "1")

    (row,) = rows_of(done.stdout)
    assert row["status"] == "answered"
    assert "#GlobalCompactforMigration" in row["answer"]
    assert len(row["hits"]) == 1


def test_a_refusal_is_no_failure(run: Run) -> None:
    done = run("ask", "Who won the football world cup in 1998?", "--json")

    (row,) = rows_of(done.stdout)
    assert done.returncode == 0
    assert row["status"] == "not_in_documents"
    assert row["answer"] is None
    assert row["hits"] == []
    assert 1 <= len(row["nearest"]) <= 3


BAD_LINES = [
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe{}",
    b'{"question": 5}',
    b'{"id": "x", "history": ["a"]}',
    b'{"id": "y", "question": "q", "top_k": 99}',
    b'{"id": "z", "question": "q", "objectives": ["7"]}',
    b'{"question": "q", "history": ["\\ud800"]}',
    b"[" * 100_000,
]


def test_bad_lines_get_an_error_in_their_place_and_the_others_an_answer(run: Run) -> None:
    good = [b'{"id": %d, "question": "Which hashtags can be used?"}' % number for number in range(len(BAD_LINES))]
    lines = [line for pair in zip(BAD_LINES, good, strict=True) for line in pair]

    done = run("ask", "--jsonl", stdin=b"\n".join(lines))

    rows = rows_of(done.stdout)
    assert done.returncode == 1
    assert done.stderr == b""
    assert [row["id"] for row in rows[1::2]] == list(range(len(BAD_LINES)))
    assert all(row["status"] == "answered" for row in rows[1::2])
    assert all(set(row) == {"id", "error"} and "\n" not in row["error"] for row in rows[::2])
    assert [row["id"] for row in rows[::2]] == [None] * 5 + ["x", "y", "z", None, None]
    assert all(
        row["error"].startswith(f"line {number}: ") for number, row in zip(range(1, 99, 2), rows[::2], strict=False)
    )


def test_a_program_may_converse_through_the_pipe(corpus_folder: Path, index_folder: Path, assistant: Assistant) -> None:
    command = [
        sys.executable,
        "-m",
        "assistant",
        "ask",
        "--jsonl",
        "--corpus",
        str(corpus_folder),
        "--index",
        str(index_folder),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as talk:
        assert talk.stdin is not None
        assert talk.stdout is not None
        for number in range(3):
            talk.stdin.write(b'{"id": %d, "question": "When is the roundtable?"}\n' % number)
            talk.stdin.flush()

            assert json.loads(talk.stdout.readline())["id"] == number

        talk.stdin.close()
        assert talk.wait(300) == 0


def test_a_topic_is_ranked_for_people_and_for_programs(run: Run) -> None:
    told = run("classify", "recognition of diplomas from abroad")
    row = json.loads(run("classify", "recognition of diplomas from abroad", "--json").stdout)

    assert "18. Invest in skills development" in told.stdout.decode().splitlines()[2]
    assert "decided by: " in told.stdout.decode()
    assert row["objectives"][0]["number"] == 18
    assert len(row["objectives"]) == 23
    assert set(row["objectives"][0]) == {"number", "title", "confidence", "in_roundtable", "why"}
    assert row["objectives"][0]["in_roundtable"] is False


def test_a_draft_is_checked_for_people_for_programs_and_as_word(run: Run, tmp_path: Path) -> None:
    draft, word = tmp_path / "draft.txt", tmp_path / "out.docx"
    draft.write_text("They “uphold the best interest of the child, and apply a gender responsive approach”.")

    person = run("check", str(draft), "--docx", str(word)).stdout.decode()
    program = json.loads(run("check", str(draft), "--json").stdout)

    (found,) = program["quotations"]
    assert (found["status"], found["document"], found["locator"]) == ("altered", "background-note", "para. 4")
    assert {"kind": "changed", "draft": "interest", "source": "interests"} in found["differences"]
    assert "0 exact, 1 altered, 0 not in these documents" in person
    assert "changed: “interests” into “interest”" in person
    assert word.read_bytes().startswith(b"PK")


def test_documents_are_listed_added_replaced_and_retired(run: Run, tmp_path: Path) -> None:
    corpus, sent = tmp_path / "corpus", tmp_path / "ferries.txt"
    corpus.mkdir()
    (corpus / "orchard.txt").write_text("Orchard\n\n1. The orchard is watered.\n")
    sent.write_text("Note on ferries\n\n1. The ferry leaves at seven.\n")
    folders = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))

    shown = run("documents", "add", str(sent), *folders).stdout.decode()
    unchanged = run("documents", *folders).stdout
    statuses = [
        run("documents", *call, "--yes", *folders).returncode
        for call in (("add", str(sent)), ("replace", "orchard", str(sent)), ("retire", "orchard"))
    ]
    wrong = run("documents", "add", *folders)

    assert "item 1: 1. The ferry leaves at seven." in shown
    assert "Nothing has changed; add --yes" in shown
    assert unchanged == b"orchard  orchard.txt\n"
    assert statuses == [0, 2, 0]  # the second is a duplicate of the first
    assert run("documents", *folders).stdout == b"ferries  ferries.txt\n"
    assert (corpus / ".retired" / "orchard.txt").is_file()
    assert wrong.stderr == b"assistant: documents: give add FILE, replace ID FILE, or retire ID.\n"


def test_one_of_several_meetings_is_chosen_or_each_is_taken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ""
    for name in ("harbour", "orchard"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(f"On the {name}.\n")
        rows += f'[[meeting]]\nname = "{name}"\ntitle = "{name}"\ncorpus = "{name}"\n'
    (tmp_path / "meetings.toml").write_text(rows)
    monkeypatch.setenv("ASSISTANT_CORPORA", str(tmp_path / "meetings.toml"))

    listed, unchosen = run("documents", "--meeting", "orchard"), run("ask", "What?")
    unknown, each = run("ask", "What?", "--meeting", "none"), run("log", "purge")

    assert listed.stdout == b"orchard  orchard.txt\n"
    assert unchosen.stderr.endswith(b"choose one with --meeting: harbour, orchard.\n")
    assert unknown.stderr == b"assistant: --meeting: there is no 'none'; there are: harbour, orchard.\n"
    assert [line for line in each.stdout.decode().splitlines() if line.endswith(":")] == ["harbour:", "orchard:"]


def test_two_versions_are_compared_and_each_document_is_asked(run: Run, tmp_path: Path) -> None:
    later = tmp_path / "later.txt"
    later.write_text((ROOT / "corpus" / "background-note.txt").read_text("utf-8").replace("gender responsive", "fair"))

    compared = run("compare", "background-note", str(later)).stdout.decode()
    asked = run("ask", "What about unaccompanied children?", "--in-all", "--document", "background-note")

    assert "changed: “gender responsive” into “fair”" in compared
    assert "including unaccompanied" in asked.stdout.decode()


def test_topics_come_as_lines_and_bad_ones_are_told(run: Run) -> None:
    lines = [
        b'{"id": 1, "topic": "cheaper remittances"}',
        b'{"topic": ""}',
        b"x",
        b'{"id": 2, "topic": "migration data"}',
    ]

    done = run("classify", "--jsonl", stdin=b"\n".join(lines))

    rows = rows_of(done.stdout)
    assert done.returncode == 1
    assert [row["objectives"][0]["number"] for row in (rows[0], rows[3])] == [20, 1]
    assert rows[1]["error"] == "line 2: topic: holds no words; write a few."
    assert "isn't JSON" in rows[2]["error"]


def test_a_spreadsheet_comes_back_with_its_objectives(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("topic;note\r\nRemittance fees;é\r\n;empty\r\n".encode("cp1252"))

    done = run("classify", "--csv", str(tmp_path / "in.csv"), str(tmp_path / "out.csv"))

    lines = (tmp_path / "out.csv").read_bytes().decode("cp1252").split("\r\n")
    assert done.returncode == 1
    assert lines[1].startswith("Remittance fees;é;20;Promote faster")
    assert "line 3: no words in the topic; no objectives." in done.stderr.decode()


@pytest.mark.usefixtures("bag_of_words")
def test_indexing_shows_its_progress_and_what_it_made(run: Run, corpus_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus_folder, tmp_path / "corpus")
    (tmp_path / "corpus" / "objectives.toml").write_text(small_table(), encoding="utf-8")

    done = run("index", "--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index"))

    assert done.returncode == 0
    assert b"Reading" in done.stderr
    assert b"Encoding" in done.stderr
    assert b"Learning" in done.stderr
    assert done.stdout.startswith(b"4 documents, ")
    assert done.stdout.decode().splitlines()[1] == "There was no index to compare it with; all is new."


def test_what_changed_is_told_and_everything_can_be_verified(
    run: Run, folders: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "corpus" / "a.txt").write_text("Good words about migration data.", encoding="utf-8")
    run("index", *folders)
    whole = run("verify", *folders)
    (tmp_path / "corpus" / "b.txt").write_text("Words about borders.", encoding="utf-8")

    stale = run("verify", *folders)
    told = [line for _ in range(2) for line in run("index", *folders).stdout.decode().splitlines()[1:]]

    assert whole.returncode == 0
    assert whole.stdout.decode().splitlines()[-1] == "All is right."
    assert all(line.startswith("right: ") for line in whole.stdout.decode().splitlines()[:-1])
    assert stale.returncode == 2
    assert "wrong: b: isn't in the index." in stale.stdout.decode()
    assert "Traceback" not in stale.stderr.decode()
    assert told == [
        "Since the last build: 1 documents added, 0 changed, 0 removed, 1 unchanged; 1 passages new, 0 gone, 1 kept.",
        "  added: b",
        "Nothing has changed since the last build: 2 documents as they were.",
    ]


WRONG_CALLS = [
    pytest.param(["ask"], "give either a question", id="nothing to ask"),
    pytest.param(["ask", "q", "--jsonl"], "give either a question", id="two ways to ask"),
    pytest.param(["ask", "q", "--objective", "24"], "from 1 to 23", id="no such objective"),
    pytest.param(["ask", "q", "--top-k", "0"], "from 1 to 20", id="no passages"),
    pytest.param(["ask", "q", "--top-k", "many"], "--top-k", id="no number"),
    pytest.param(["ask", "q", "--document", "no"], "none with the id 'no'", id="no such document"),
    pytest.param(["check", "no.txt"], "no.txt", id="no such draft"),
    pytest.param(["compare", "no.txt", "background-note"], "no.txt: is neither a file nor", id="no such version"),
    pytest.param(["classify"], "give one of", id="nothing to classify"),
    pytest.param(["classify", "t", "--jsonl"], "give one of", id="two ways to classify"),
    pytest.param(["classify", "?"], "no words", id="no topic"),
    pytest.param(["classify", "--csv", "no.csv", "out.csv"], "no.csv: no such file", id="no such sheet"),
    pytest.param(["fly"], "fly", id="no such command"),
    pytest.param([], "COMMAND", id="no command"),
    pytest.param(["ask", "q", "--corpus", "no/such"], "no/such: no such folder", id="no such folder"),
    pytest.param(["serve", "--port", "high"], "--port", id="no port"),
    pytest.param(["evaluate", "--texts", "here"], "go together", id="texts without questions"),
    pytest.param(["evaluate", "--questions", "q.jsonl"], "go together", id="questions without texts"),
    pytest.param(["evaluate", "--without", "luck"], "luck: no sign has this name", id="no such sign"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_CALLS)
def test_a_wrong_call_is_told_what_is_wrong_in_one_line(run: Run, arguments: list[str], message: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.decode().splitlines()) == 1
    assert message in done.stderr.decode()


def test_a_process_ends_with_the_command_s_status(run_apart: Run) -> None:
    done = run_apart("ask")

    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)


def test_other_documents_are_measured_by_the_same_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def measured(settings: object, *paths: Path, without: list[str], report: object) -> list[Figure]:
        asked.extend((*paths, without))
        return [Figure("texts: both right", 0.75, 0.5, 1.0, 4)]

    monkeypatch.setattr(evaluation, "evaluate_texts", measured)

    status = main(["evaluate", "--texts", "texts", "--questions", "q.jsonl", "--without", "gap", "score"])

    assert status == 0
    assert asked == [Path("texts"), Path("q.jsonl"), ["gap", "score"]]
    assert capsys.readouterr().out.split() == "texts: both right 0.750 [0.500, 1.000] n = 4".split()


@pytest.mark.usefixtures("bag_of_words")
def test_an_empty_corpus_and_an_unreadable_file_are_named(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    empty = run("index", *folders)
    (tmp_path / "corpus" / "wordless.txt").write_bytes(b"?!")
    wordless = run("ask", "coffee?", *folders)

    assert empty.returncode == wordless.returncode == 2
    assert "there is no document in it" in empty.stderr.decode()
    assert "wordless.txt: there are no words in it" in wordless.stderr.decode()


@pytest.mark.usefixtures("bag_of_words")
def test_a_bad_file_is_named_and_the_others_are_indexed(
    run: Run, folders: tuple[str, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "corpus" / "bad.txt").write_bytes(b"?!")
    (tmp_path / "corpus" / "good.txt").write_text("Good words about migration data.", encoding="utf-8")

    done = run("index", *folders)

    assert done.returncode == 2
    assert "bad.txt: there are no words in it" in done.stderr.decode() + caplog.text
    assert done.stdout.startswith(b"1 documents, 1 passages")


def test_the_log_of_questions_can_be_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "questions.jsonl"
    QuestionLog(path).add("question", question="Who?")
    monkeypatch.setenv("ASSISTANT_LOG_QUESTIONS", str(path))

    statuses = [main(["log", "purge"]), main(["log", "purge", "--all"])]

    assert statuses == [0, 0]
    assert [line.split(" lines")[0].rpartition(" ")[2] for line in capsys.readouterr().out.splitlines()] == ["0", "1"]
    assert path.read_bytes() == b""


def test_without_a_log_nothing_is_emptied(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("ASSISTANT_LOG_QUESTIONS", raising=False)

    assert main(["log", "purge"]) == 0
    assert "No questions are kept" in capsys.readouterr().out


def test_a_report_tells_what_is_kept_or_that_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ASSISTANT_LOG_QUESTIONS", raising=False)
    statuses = [main(["questions", "--report"])]
    monkeypatch.setenv("ASSISTANT_COUNTS", "1")

    statuses.append(main(["questions", "--report", "--index", str(tmp_path)]))

    assert statuses == [0, 0]
    assert capsys.readouterr().out.splitlines() == [
        "Nothing is kept: ASSISTANT_LOG_QUESTIONS names no file, and ASSISTANT_COUNTS isn't 1.",
        "0 questions",
        "Only numbers are kept, no questions.",
    ]
