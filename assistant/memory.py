"""Remember what is computed for one question until it is answered, and nothing of it for the next.

What is remembered longer could be told by the time that an answer takes: a question that somebody asked before would be
answered sooner.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")
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
