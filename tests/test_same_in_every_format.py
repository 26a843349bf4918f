"""One document as LibreOffice and Chromium made it of one text: whatever the format, the same places and answers.

The files in `data/samples` are the first 21 paragraphs of `formal-document.txt` as a page of HTML, which LibreOffice
turned into a Word document and that into a PDF and an OpenDocument text, and Chromium printed into another PDF.
"""

import json
import shutil
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.documents.reading import read_file
from assistant.records import Answer
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

DATA = Path(__file__).parent / "data"
SAMPLES = sorted((DATA / "samples").glob("decision*"))
QUESTIONS = [
    json.loads(line)["question"]
    for line in (Path(__file__).parent / "gold" / "formal-dev.jsonl").read_text(encoding="utf-8").splitlines()
][:12]


def flowing(text: str) -> str:
    return " ".join(text.split())


def without_page(locator: str) -> str:
    return locator.split(", ", 1)[1] if locator.startswith("p. ") else locator


def found(answer: Answer) -> list[tuple[str, str]]:
    passages = [hit.passage for hit in (*answer.hits, *answer.nearest)]
    return [(without_page(passage.locator), flowing(passage.text)) for passage in passages]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_its_paragraphs_are_those_of_the_text(sample: Path) -> None:
    text = read_file(DATA / "formal-document.txt")
    expected = [(each.locator, flowing(text.text[each.start : each.end])) for each in text.paragraphs[:67]]

    read = read_file(sample)

    assert [
        (without_page(each.locator), flowing(read.text[each.start : each.end])) for each in read.paragraphs
    ] == expected


def test_a_question_finds_the_same_passages(tmp_path: Path) -> None:
    answers = {}
    for sample in SAMPLES:
        folder = tmp_path / sample.name
        folder.mkdir()
        (folder / "objectives.toml").write_text(small_table(), encoding="utf-8")
        shutil.copy(sample, folder / f"decision{sample.suffix}")
        assistant = Assistant.open(folder, tmp_path / f"{sample.name}-index", encoder=BagOfWordsEncoder())
        answers[sample.name] = [assistant.ask(question) for question in QUESTIONS]

    first, *others = answers.values()

    assert len(answers) == 5
    assert {answer.status for answer in first} == {"answered", "not_in_documents"}
    for other in others:
        assert [answer.status for answer in other] == [answer.status for answer in first]
        assert [found(answer) for answer in other] == [found(answer) for answer in first]
