import io
import json
from typing import Any

from assistant.errors import InputError
from assistant.terminal.json_lines import answer_lines


def double(row: object) -> dict[str, Any]:
    if not isinstance(row, dict) or not isinstance(row.get("number"), int):
        raise InputError("number: is missing.")
    return {"twice": 2 * row["number"]}


def answered(lines: bytes) -> tuple[bool, list[dict[str, Any]]]:
    output = io.StringIO()
    all_good = answer_lines(io.BytesIO(lines), output, answer=double)
    return all_good, [json.loads(line) for line in output.getvalue().splitlines()]


def test_each_line_gets_its_answer_in_order() -> None:
    assert answered(b'{"number": 1}\n{"number": 2}') == (True, [{"twice": 2}, {"twice": 4}])


def test_a_bad_line_gets_an_error_with_its_number_and_id_in_its_place() -> None:
    all_good, rows = answered(b'{"number": 1}\n{"id": "a"}\n[]\n{"number": 2}\n')

    assert not all_good
    assert rows == [
        {"twice": 2},
        {"id": "a", "error": "line 2: number: is missing."},
        {"id": None, "error": "line 3: number: is missing."},
        {"twice": 4},
    ]


def test_a_line_that_is_too_long_is_refused_and_the_next_is_read() -> None:
    _, rows = answered(b" " * 3_000_000 + b'{"number": 1}\n{"number": 2}\n')

    assert rows == [
        {"id": None, "error": "line 1: This is longer than 1,000,000 bytes; shorten it."},
        {"twice": 4},
    ]


def test_each_answer_is_flushed_before_the_next_line_is_read() -> None:
    class Output(io.StringIO):
        def flush(self) -> None:
            flushed.append(self.getvalue().count("\n"))

    class Lines(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            seen.append(len(flushed))
            return super().readline(size)

    flushed: list[int] = []
    seen: list[int] = []

    answer_lines(Lines(b'{"number": 1}\n{"number": 2}\n'), Output(), answer=double)

    assert flushed == [1, 2]
    assert seen == [0, 1, 2]
