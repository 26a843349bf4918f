from pathlib import Path

import pytest

from assistant.journeys.linting import lint
from assistant.settings import Settings
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

BRIEFING = """RULES OF THE HOUSE

1. The ABCD meets on 3 May in Hall VII, see E/CN.9/2025/6. The Xylo Yard Zone (XYZ) and the ILO sent #NEWS to the ABCD.

2. Delegations pay for their own travel to the quarterly assembly of island gardeners and beekeepers.

3. Statements last three minutes in the large blue conference room.
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small corpus."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "briefing.txt").write_text(BRIEFING, encoding="utf-8")
    (corpus / "objectives.toml").write_text(small_table(), encoding="utf-8")
    return Settings(corpus, tmp_path / "index")


def lines_of(settings: Settings) -> list[str]:
    return [line.replace(f"{settings.corpus}", "corpus") for line in lint(settings, encoder=BagOfWordsEncoder())]


def test_documents_without_date_and_undefined_acronyms_are_named_with_what_to_do(settings: Settings) -> None:
    assert lines_of(settings) == [
        "briefing: has no date and no symbol; give it in sources.toml, if there is one.",
        "briefing, para. 1: uses ABCD (2 times), which nothing defines; add it to glossary.toml.",
    ]


def test_what_a_glossary_and_a_description_tell_is_not_amiss(settings: Settings) -> None:
    (settings.corpus / "glossary.toml").write_text('[[term]]\nen = ["assembly", "ABCD"]\n', encoding="utf-8")
    (settings.corpus / "sources.toml").write_text(
        '[[source]]\nid = "briefing"\ntitle = "Briefing"\nkind = "original"\nfile = "briefing.txt"\n'
        'date = "3 May 2026"\nsymbol = "A/1"\n',
        encoding="utf-8",
    )

    assert lines_of(settings) == []


def test_stale_pins_are_named_and_passages_left_until_they_are_mended(settings: Settings) -> None:
    (settings.corpus / "sources.toml").write_text(
        '[[source]]\nid = "briefing"\ntitle = "Briefing"\nkind = "original"\nfile = "briefing.txt"\n'
        'date = "3 May 2026"\nsymbol = "A/1"\nsupersedes = "old"\n',
        encoding="utf-8",
    )
    (settings.corpus / "answers.toml").write_text(
        '[[answer]]\nquestions = ["Who?"]\ndocument = "briefing"\nplace = "para. 8"\n', encoding="utf-8"
    )

    stale, version, *_, last = lines_of(settings)

    assert stale.startswith("corpus/answers.toml: [[answer]] number 1: briefing has no place 'para. 8'; ")
    assert version == "sources.toml, briefing: supersedes 'old', which isn't there; mend the id."
    assert last == "corpus: its passages weren't looked at; mend answers.toml first."


def test_a_passage_that_others_hide_is_named(settings: Settings) -> None:
    double = BRIEFING.partition("2. ")[2].partition("\n")[0]
    for number in range(6):
        (settings.corpus / f"copy-{number}.txt").write_text(f"{number + 1}. {double}", encoding="utf-8")

    hidden = [line for line in lines_of(settings) if "a question made of its words finds" in line]

    assert hidden
    assert all("take doubles away" in line for line in hidden)
