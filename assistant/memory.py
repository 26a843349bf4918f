"""Remember what is computed for one question until it is answered, and nothing of it for the next; keep memory small.

What is remembered longer could be told by the time that an answer takes: a question that somebody asked before would be
answered sooner.
"""

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")
# glibc's own numbers (malloc.h), and what a service sets them to. Left alone, each thread keeps the most that it ever
# held, which for a network's longest text is tens of megabytes.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_KEPT, _LARGE, _ARENAS = 1 << 20, 4 << 20, 2
_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None
_memory: ContextVar[dict[object, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def one_question() -> Iterator[None]:
    """Remember until the context ends; inside another such context, until that one does."""
    if _memory.get() is not None:
        yield
        return
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(function: Callable[_Arguments, _Value]) -> Callable[_Arguments, _Value]:
    """Let a function compute each value once for a question; its arguments are positional and hashable."""

    @wraps(function)
    def remember(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Value:
        memory = _memory.get()
        if memory is None:
            return function(*arguments, **named)
        key = remember, arguments
        if key not in memory:
            memory[key] = function(*arguments, **named)
        value: _Value = memory[key]
        return value

    return remember


def bound_memory() -> None:
    """Let the C library keep little of what is freed, if it is glibc; call it before threads begin."""
    if mallopt := getattr(_C_LIBRARY, "mallopt", None):
        for option, value in ((_TRIM_THRESHOLD, _KEPT), (_MMAP_THRESHOLD, _LARGE), (_ARENA_MAX, _ARENAS)):
            mallopt(option, value)


def give_memory_back() -> None:
    """Return what was freed to the system, if the C library is glibc, which otherwise keeps most of it."""
    if trim := getattr(_C_LIBRARY, "malloc_trim", None):
        trim(0)
