"""The facts in the manifest of a build, each with its type and its range, checked before anything is made of them.

A table, and not models of pydantic: a question that is asked alone would wait for that to be imported.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from assistant.records import OBJECTIVE_COUNT

_Check: TypeAlias = Callable[[Any], bool]


def _whole(least: int, most: float = math.inf) -> _Check:
    return lambda value: type(value) is int and least <= value <= most


def _between(least: float, most: float) -> _Check:
    return lambda value: type(value) in (int, float) and math.isfinite(value) and least < value < most


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _terms(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, list) and all(map(_text, each)) for each in value.values())


_COUNT, _NUMBER, _SHARE = _whole(0), _between(-math.inf, math.inf), _between(-1.001, 1.001)  # cosines, but for rounding
_WINDOW = _whole(3, 1_000_000)  # tokens
_OBJECTIVE = {
    **dict.fromkeys(("title", "short", "scope", "boundary"), _text),
    "number": _whole(1, OBJECTIVE_COUNT),
    "paragraph": _whole(1),
    "round_table": _whole(1, 4),
}
_ANSWER = {"questions": [_text], **dict.fromkeys(("document", "place"), _text), "start": _COUNT, "end": _COUNT}
_AGREEMENT = {**dict.fromkeys(("cosine", "least", "tokens", "ranking"), _SHARE), "texts": _COUNT}
# A list holds what each item of a list is; "?" ends the name of what may be missing or null.
_PARTS: Mapping[str, Any] = {
    **{key: {} for key in ("corpus", "passages", "words", "multilingual_vectors?", "multilingual_objectives?")},
    "objectives": {"objectives": [_OBJECTIVE]},
    "operating_point": {"threshold": _between(0, 1), "apart": _NUMBER, "probes": _COUNT},
    "reader_scale": {"slope": _NUMBER, "offset": _NUMBER},
    "network?": {"special": [_COUNT], "window": _WINDOW, "agreement?": _AGREEMENT},
    "steering?": {"terms": [_terms], "answers": [_ANSWER]},
    "reader?": {"window": _WINDOW, "begin": _COUNT, "between": _COUNT},
}
_TEXTS = "encoder encoder_sha256 corpus table answerability reader reader_sha256 second_sha256".split()
_MANIFEST = {
    **dict.fromkeys(_TEXTS, _text),
    "format": _whole(0),
    "counts": dict.fromkeys(("documents", "passages", "sentences", "dimensions"), _COUNT),
    "parts": _PARTS,
}


def check_manifest(manifest: object) -> None:
    """Check the facts in the manifest of a build; `Origin` tells what its texts are.

    Raises:
        ValueError: A fact is missing, unknown, of another type or out of its range; the message names it.
    """
    _check(manifest, _MANIFEST, "manifest")


def _check(value: Any, expected: Any, name: str) -> None:
    if isinstance(expected, Mapping) and isinstance(value, dict):
        if unknown := value.keys() - {key.rstrip("?") for key in expected}:
            raise ValueError(f"{name}: {', '.join(sorted(unknown))} isn't known")
        for key, each in expected.items():
            plain = key.rstrip("?")
            if plain == key or value.get(plain) is not None:
                _check(value.get(plain), each, f"{name}.{plain}")
    elif isinstance(expected, list) and isinstance(value, list):
        for row, each in enumerate(value):
            _check(each, expected[0], f"{name}.{row}")
    elif not (callable(expected) and expected(value)):
        raise ValueError(f"{name}: {value!r:.80} is out of range or of another type")
