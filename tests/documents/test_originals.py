import json
from pathlib import Path

from assistant.documents.originals import Original, read_record


def test_a_record_that_is_nonsense_is_none(tmp_path: Path) -> None:
    original = Original("a", "https://a.example/a.pdf", "a.pdf")

    for nonsense in ("", "[]", "{}", json.dumps({"address": 1}), '{"fetched": "soon"}'):
        (tmp_path / "a.pdf.json").write_text(nonsense, encoding="utf-8")

        assert read_record(tmp_path, original) is None
