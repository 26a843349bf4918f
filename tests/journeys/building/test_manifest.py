import pytest
from pydantic import ValidationError

from assistant.journeys.building.manifest import Manifest

MANIFEST = {
    "format": 1,
    **dict.fromkeys(("encoder", "encoder_sha256", "corpus", "table", "answerability"), "a"),
    **dict.fromkeys(("reader", "reader_sha256", "second_sha256"), ""),
    "counts": {"documents": 1, "passages": 2, "sentences": 3, "dimensions": 4},
    "parts": {
        **{name: {} for name in ("corpus", "passages", "words")},
        "objectives": {"objectives": []},
        "operating_point": {"threshold": 0.5, "apart": -1, "probes": 3},
        "reader_scale": {"slope": 1.0, "offset": 0.0},
    },
}


def test_facts_of_their_types_and_ranges_are_taken() -> None:
    assert Manifest.model_validate(MANIFEST).parts.operating_point.threshold == 0.5


@pytest.mark.parametrize("change", [{"corpus": 3}, {"format": "1"}, {"more": 1}, {"counts": {}}, {"parts": {}}])
def test_a_fact_that_is_none_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(change))):
        Manifest.model_validate(MANIFEST | change)
