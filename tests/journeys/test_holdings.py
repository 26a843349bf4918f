import io
import os
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.documents import linked_documents, read_one
from assistant.errors import AssistantError, InputError, ReadError
from assistant.journeys.holdings import MAX_UPLOAD, Holdings, safe_name

NEW = b"A/RES/1\n\nNote on ferries\n\n1. Ferries leave at seven.\n\n2. They return at nine.\n"
DESCRIBED = '[[source]]\nid = "data"\ntitle = "On data"\nkind = "original"\nfile = "data.txt"\n'


@pytest.fixture
def holdings(folder: Path) -> Holdings:
    """The holdings of three small documents, one of which `sources.toml` describes."""
    (folder / "corpus" / "sources.toml").write_text(DESCRIBED, encoding="utf-8")
    return Holdings(folder / "corpus")


def state(holdings: Holdings) -> dict[str, bytes]:
    """Every file of the corpus folder and of those around it, hidden ones included, with its bytes."""
    top = holdings.folder.parent
    return {each.relative_to(top).as_posix(): each.read_bytes() for each in sorted(top.rglob("*")) if each.is_file()}


def ids(holdings: Holdings) -> list[str]:
    return [each.source.id for each in linked_documents(holdings.folder)]


def test_a_document_is_looked_at_then_goes_live(holdings: Holdings) -> None:
    before = ids(holdings)

    waiting = holdings.propose("ferries.txt", NEW)
    unchanged = ids(holdings)
    holdings.accept(waiting.token)

    assert [each.locator for each in waiting.document.paragraphs][-2:] == ["item 1", "item 2"]
    assert unchanged == before
    assert sorted(ids(holdings)) == sorted([*before, "ferries"])
    assert (holdings.folder / "ferries.txt").read_bytes() == NEW
    with pytest.raises(InputError, match="waits no longer"):
        holdings.accept(waiting.token)


def test_a_document_that_is_dropped_leaves_nothing(holdings: Holdings) -> None:
    before = state(holdings)

    holdings.discard(holdings.propose("ferries.txt", NEW).token)
    holdings.discard("0" * 32)

    assert state(holdings) == before


def test_what_is_replaced_and_retired_is_kept_beside_version_by_version(holdings: Holdings) -> None:
    first = (holdings.folder / "data.txt").read_bytes()
    for content in (NEW, NEW + b"\n3. New.\n"):
        holdings.accept(holdings.propose("newer.txt", content, replaces="data").token, replaces="data")

    place = holdings.retire("data")

    retired = holdings.folder / ".retired"
    assert [(retired / name).read_bytes() for name in ("data.txt", "data.2.txt")] == [first, NEW]
    assert place == ".retired/data.3.txt"
    assert "data" not in ids(holdings)  # although sources.toml still describes it
    assert ids(holdings) == ["borders", "health"]


def test_a_described_document_keeps_its_title_and_its_file(holdings: Holdings) -> None:
    waiting = holdings.propose("C:\\elsewhere\\x.TXT", NEW, replaces="data")
    holdings.accept(waiting.token, replaces="data")

    assert waiting.document.source.title == "On data"
    assert (holdings.folder / "data.txt").read_bytes() == NEW
    with pytest.raises(InputError, match=r"sources\.toml names data\.txt"):
        holdings.propose("x.md", NEW + b"\n\n3. More.", replaces="data")


def test_a_document_of_another_kind_keeps_the_id(holdings: Holdings) -> None:
    holdings.accept(holdings.propose("final.md", NEW, replaces="health").token, replaces="health")

    assert ids(holdings) == ["data", "borders", "health"]
    assert not (holdings.folder / "health.txt").exists()
    assert (holdings.folder / "health.md").read_bytes() == NEW


def test_the_last_document_stays(holdings: Holdings) -> None:
    holdings.retire("data")
    holdings.retire("borders")

    with pytest.raises(InputError, match="the only document"):
        holdings.retire("health")


def bomb() -> bytes:
    """A Word file of few bytes that holds many."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", b"<w:t>" + b" " * 60_000_000)
    return buffer.getvalue()


BAD = {
    "no kind": ("notes.exe", NEW),
    "no suffix": ("notes", NEW),
    "a table of ours": ("sources.toml", b"hosts = []"),
    "what describes the folder": ("ReadMe.md", NEW),
    "no name": ("..", NEW),
    "hidden": (".txt", NEW),
    "no words": ("a.txt", b"\n \n"),
    "nothing": ("a.txt", b""),
    "no text": ("a.txt", bytes(range(256)) * 9),
    "not what it says": ("a.pdf", NEW),
    "cut off": ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<"),
    "broken": ("a.docx", b"PK\x03\x04" + b"\0" * 900),
    "here already": ("borders.txt", NEW),
    "in capitals": ("BORDERS.TXT", NEW),
    "the same bytes": ("other.md", b"On data\n\nStates share data with each other.\n"),
    "the same words": ("other.md", b"On data\r\n\r\nStates share  data with\r\neach other."),
    "huge": ("a.txt", b"words " * (MAX_UPLOAD // 6 + 1)),
    "a bomb": ("a.docx", bomb()),
    "half a character": ("a\udcff", NEW),
}


def test_of_the_same_file_sent_twice_at_once_one_goes_live(holdings: Holdings) -> None:
    first, second = holdings.propose("ferries.txt", NEW), holdings.propose("boats.txt", NEW)

    holdings.accept(first.token)
    with pytest.raises(InputError, match=r"^boats\.txt: the same file is here already, as ferries\.txt"):
        holdings.accept(second.token)

    assert sorted(ids(holdings)) == ["borders", "data", "ferries", "health"]


def test_what_a_curated_answer_leads_to_is_neither_retired_nor_replaced_by_what_lacks_it(holdings: Holdings) -> None:
    answers = holdings.folder / "answers.toml"
    entry = '[[answer]]\nquestions = ["When?"]\ndocument = "data"\nplace = "para. 3"\n'
    answers.write_text(entry, encoding="utf-8")
    before = state(holdings)

    with pytest.raises(InputError, match=r"^data\.txt: has no place 'para\. 3', to which answers\.toml leads"):
        holdings.propose("newer.txt", NEW, replaces="data")
    with pytest.raises(InputError, match=r"^data: has the place 'para\. 3', to which answers\.toml leads"):
        holdings.retire("data")

    assert state(holdings) == before
    holdings.propose("newer.txt", NEW + b"\n3. Dogs travel free of charge.\n", replaces="data")
    holdings.retire("health")


def test_a_fault_names_the_file_and_no_place_of_the_machine(
    holdings: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(holdings.folder.parent)

    for folder in (holdings.folder, Path("corpus")):
        with pytest.raises(ReadError, match=r"^note\.pdf: "):
            Holdings(folder).propose("note.pdf", b"%PDF-1.4")


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_a_document_gets_one_line_and_changes_nothing(holdings: Holdings, name: str) -> None:
    known, before = [read_one(path) for path in sorted(holdings.folder.glob("*.txt"))], state(holdings)

    with pytest.raises(AssistantError) as raised:
        holdings.propose(*BAD[name], known=known)

    assert "\n" not in str(raised.value)
    assert str(holdings.folder) not in str(raised.value)
    assert 20 < len(str(raised.value)) < 250
    assert state(holdings) == before


@pytest.mark.parametrize("id", ["nothing", "", "../data", "data.txt", "\0", "x" * 9999])
def test_a_document_that_is_not_here_can_be_neither_replaced_nor_retired(holdings: Holdings, id: str) -> None:
    before = state(holdings)

    with pytest.raises(InputError):
        holdings.retire(id)
    if id:
        with pytest.raises(InputError):
            holdings.propose("ferries.txt", NEW, replaces=id)

    assert state(holdings) == before


@pytest.mark.parametrize("token", ["", "..", "../../corpus", "0" * 32, "x" * 32, "0" * 31 + "/"])
def test_a_token_that_was_made_up_leads_nowhere(holdings: Holdings, token: str) -> None:
    before = state(holdings)

    holdings.discard(token)
    with pytest.raises(InputError, match="waits no longer"):
        holdings.accept(token)

    assert state(holdings) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("link", [".waiting", ".retired", "data.txt"])
def test_no_link_leads_a_file_out_of_the_folder(holdings: Holdings, link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("Kept words.", encoding="utf-8")
    (holdings.folder / link).unlink(missing_ok=True)
    (holdings.folder / link).symlink_to(outside / "kept.txt" if link == "data.txt" else outside)

    for change in (
        lambda: holdings.accept(holdings.propose("ferries.txt", NEW).token),
        lambda: holdings.accept(holdings.propose("x.txt", NEW + b"3.", replaces="data").token, replaces="data"),
        lambda: holdings.retire("data"),
    ):
        with suppress(AssistantError):
            change()

    assert [each.name for each in outside.iterdir()] == ["kept.txt"]
    assert (outside / "kept.txt").read_text(encoding="utf-8") == "Kept words."


def test_a_name_that_was_taken_meanwhile_is_told(holdings: Holdings) -> None:
    waiting = holdings.propose("ferries.txt", NEW)
    (holdings.folder / "Ferries.txt").write_bytes(b"Others' words.")

    with pytest.raises(InputError, match="of this name is here already"):
        holdings.accept(waiting.token)

    assert (holdings.folder / "Ferries.txt").read_bytes() == b"Others' words."


def test_few_files_wait_and_none_for_ever(holdings: Holdings) -> None:
    tokens = [holdings.propose(f"n{n}.txt", NEW + b"%d" % n).token for n in range(12)]
    kept = {each.name for each in (holdings.folder / ".waiting").iterdir()}
    for each in (holdings.folder / ".waiting").iterdir():
        os.utime(each, (0, 0))
    last = holdings.propose("last.txt", NEW).token

    assert len(kept) == 10
    assert tokens[-1] in kept
    assert [each.name for each in (holdings.folder / ".waiting").iterdir()] == [last]


def test_a_folder_that_cannot_be_written_is_told(holdings: Holdings) -> None:
    (holdings.folder / ".waiting").write_text("no folder", encoding="utf-8")

    with pytest.raises(ReadError, match="can't be kept in the corpus folder"):
        holdings.propose("ferries.txt", NEW)


@pytest.mark.parametrize(
    ("sent", "safe"),
    [
        ("/etc/passwd/../note.txt", "note.txt"),
        ("~$note.DOCX", "note.docx"),
        ("con.txt", "file con.txt"),
        ("a\0b\u202etxt.md", "a-b-txt.md"),
        ("Записка № 1 (проект).pdf", "Записка No 1 (проект).pdf"),
        ("会议文件.pdf", "会议文件.pdf"),
        ("مذكرة.docx", "مذكرة.docx"),
        ("é" * 300 + ".txt", "é" * 60 + ".txt"),
        ("-rf.txt", "rf.txt"),
        ("note.pdf.txt ", "note.pdf.txt"),
        ("<script>.html", "script.html"),
    ],
)
def test_a_name_is_made_safe(sent: str, safe: str) -> None:
    assert safe_name(sent) == safe
