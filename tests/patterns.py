"""Every pattern that the package compiles, with how it is used, and texts that are hard for it.

`python -m tests.patterns` prints them as lines of JSON. It runs by itself, since patterns are recorded as they are
compiled: at an import, or by a function that keeps what it compiles of each language's profile.
"""

import ast
import importlib
import itertools
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import _lru_cache_wrapper
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = Path(__file__).parents[1] / "assistant"
_AT_ONE_PLACE = {"match", "fullmatch"}
_USES = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
_DATA = {"assistant/documents/formats/registry.py", "assistant/index/catalogue.py"}  # put together from data; see below
_UNITS = (
    *" \n\t\u3000aA1.,()“\"'’-–…?!:;/<>&#«[]|*`_=+@%éя中ع",
    *(
        "a ",
        "A ",
        "1 ",
        "a. ",
        "a, ",
        "( ",
        "a\n",
        " \n",
        "\n ",
        "\r\n",
        "-\n",
        "1.",
        "1, ",
        "(a) ",
        "a/",
        "A-",
        ". . ",
    ),
)
_MOST_OWN = 40  # hard texts made of a pattern's own parts
_LONG = 8  # repetitions that a pattern allows, from which on it may take long

Recorded = Mapping[tuple[str, int], set[tuple[str, int]]]  # file and line -> patterns and their flags


@dataclass(frozen=True)
class Compiled:
    """A pattern, where it is compiled, and whether it is looked for anywhere in a text or only at one place."""

    place: str  # "assistant/language/words.py:14"
    pattern: str
    flags: int
    is_searched: bool


def record() -> list[Compiled]:
    """Import the whole package, compile all that it compiles later, and return every pattern.

    Raises:
        LookupError: A place compiles a pattern, and none was recorded there.
    """
    recorded: dict[tuple[str, int], set[tuple[str, int]]] = {}
    compile_ = re.compile

    def recording(pattern: Any, flags: int = 0) -> Any:
        caller = sys._getframe(1)
        if isinstance(pattern, str) and caller.f_code.co_filename.startswith(str(PACKAGE)):
            recorded.setdefault((caller.f_code.co_filename, caller.f_lineno), set()).add((pattern, int(flags)))
        return compile_(pattern, flags)

    setattr(re, "compile", recording)  # noqa: B010 - mypy knows that nobody else may
    names = [found.name for found in pkgutil.walk_packages([str(PACKAGE)], "assistant.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    for module in modules:
        _call_kept(module)
    setattr(re, "compile", compile_)  # noqa: B010
    by_file = {module.__file__: module for module in modules}
    return [each for path in sorted(PACKAGE.rglob("*.py")) for each in _of_file(path, by_file, recorded)]


def _call_kept(module: ModuleType) -> None:
    """Call each function of the language package that keeps what it compiles, for every language and kind."""
    from assistant.language.profiles import profiles

    choices = {"language": list(profiles()), "kind": ["bare", "greeting"]}
    for function in vars(module).values():
        if isinstance(function, _lru_cache_wrapper) and function.__module__.startswith("assistant.language."):
            code = function.__wrapped__.__code__
            names = code.co_varnames[: code.co_argcount]
            if set(names) <= choices.keys():
                for chosen in itertools.product(*(choices[name] for name in names)):
                    function(*chosen)


def _of_file(path: Path, modules: Mapping[str | None, ModuleType], recorded: Recorded) -> Iterator[Compiled]:
    source = path.read_text(encoding="utf-8")
    relative = path.relative_to(PACKAGE.parent).as_posix()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        if ast.unparse(node.func.value) != "re" or name not in ("compile", *_USES):
            continue
        found = {
            each
            for (file, line), patterns in recorded.items()
            if file == str(path) and node.lineno <= line <= (node.end_lineno or node.lineno)
            for each in patterns
        } or _written(node.args[0], modules.get(str(path)))
        is_of_bytes = isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, bytes)
        if not found and relative not in _DATA and not is_of_bytes:
            raise LookupError(f"{relative}:{node.lineno}: no pattern was recorded here; let `_call_kept` compile it.")
        line = source.splitlines()[node.lineno - 1]
        is_searched = _is_searched(line, source) if name == "compile" else name not in _AT_ONE_PLACE
        yield from (Compiled(f"{relative}:{node.lineno}", *each, is_searched) for each in found)


def _written(argument: ast.expr, module: ModuleType | None) -> set[tuple[str, int]]:
    """Return the pattern that a call names outright, or by a constant; none of one in bytes."""
    if isinstance(argument, ast.Constant):
        return {(argument.value, 0)} if isinstance(argument.value, str) else set()
    value = getattr(module, argument.id, None) if isinstance(argument, ast.Name) else None
    return {(value, 0)} if isinstance(value, str) else set()


def _is_searched(line: str, source: str) -> bool:
    constant = re.match(r"([A-Z_0-9]+)(?:: [^=]*)? = re\.compile\((?!r?b)", line)
    used = set(re.findall(rf"(?<!\w){constant[1]}\.(\w+)\b", source)) if constant else set()
    return not used or not used <= _AT_ONE_PLACE


# Hard texts ----------------------------------------------------------------------------------------------------------


def hard_texts(pattern: str, flags: int) -> list[tuple[str, str]]:
    """Return pairs of what a hard text begins with and what it repeats: of common marks, and of a pattern's parts."""
    parser: Any = importlib.import_module("re._parser")
    own = dict.fromkeys(
        pair
        for prefix, unit in _repeated(parser.parse(pattern, flags), "")
        for pair in ((prefix, unit), ("", prefix + unit))
        if pair[1]
    )
    return [*(("", unit) for unit in _UNITS), *itertools.islice(own, _MOST_OWN)]


def _repeated(nodes: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield what may be repeated in a pattern, after what must stand before it."""
    for operation, argument in nodes:
        if str(operation).endswith("REPEAT"):
            _, most, body = argument
            if int(most) > _LONG:
                yield before, _sample(body)
        for body in _bodies(operation, argument):
            yield from _repeated(body, before)
        before += _sample([(operation, argument)])


def _bodies(operation: Any, argument: Any) -> list[Any]:
    """Return the parts inside of a part of a pattern."""
    places: Mapping[str, Callable[[], list[Any]]] = {
        "BRANCH": lambda: argument[1],
        "SUBPATTERN": lambda: [argument[3]],
        "ATOMIC_GROUP": lambda: [argument],
    }
    name = str(operation)
    if name.endswith("REPEAT"):
        return [argument[2]]
    if name.startswith("ASSERT"):
        return [argument[1]]
    return places[name]() if name in places else []


def _sample(nodes: Any) -> str:
    """Return a short text that a part of a pattern matches, more or less."""
    return "".join(_sample_of(str(operation), argument) for operation, argument in nodes)


def _sample_of(name: str, argument: Any) -> str:
    if name.startswith("ASSERT"):
        return ""
    if bodies := _bodies(name, argument):
        return _sample(bodies[0]) * (int(argument[0]) if name.endswith("REPEAT") else 1)
    samples: Mapping[str, Callable[[], str]] = {
        "LITERAL": lambda: chr(argument),
        "NOT_LITERAL": lambda: "b" if argument == ord("a") else "a",
        "ANY": lambda: "a",
        "RANGE": lambda: chr(argument[0]),
        "IN": lambda: _member(argument),
        "CATEGORY": lambda: {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": " "}.get(
            str(argument), "a"
        ),
    }
    return samples[name]() if name in samples else ""


def _member(items: Any) -> str:
    if str(items[0][0]) != "NEGATE":
        return _sample_of(str(items[0][0]), items[0][1])
    excluded = {_sample_of(str(name), argument) for name, argument in items[1:]}
    return next((each for each in "a ,1\n" if each not in excluded), "b")


if __name__ == "__main__":
    for compiled in record():
        sys.stdout.write(json.dumps(asdict(compiled)) + "\n")
