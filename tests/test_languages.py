"""Questions and documents in different languages, with the real models."""

import shutil
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.encoding.nano_encoder import is_installed
from assistant.web.rendering import NOTE_EXAMPLES, read_strings
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs requirements-languages.txt")
ANSWERED = {
    "من يدفع رسوم التوظيف؟": ("shelters-ar", "يدفع أصحاب العمل"),
    "كم عدد المآوي الجديدة التي افتتحتها البلدية؟": ("shelters-ar", "ثلاثة مآوٍ"),
    "How many beds does the commune of Valmont reserve for families?": ("recrutement", "quarante lits"),
    "Кто рассматривает жалобы на отказ в приёме в школу?": ("schools-ru", "уполномоченный"),
    "没有身份证件的移民什么时候可以免费看病？": ("clinic-zh", "每周三"),
    "¿Qué comisión cobra la caja rural por los envíos?": ("remesas", "dos por ciento"),
    "Que dit-on des unaccompanied children du Lake Office ?": ("data-note", "guardian within two days"),
}
FOUND = {  # first, but refused: in so small a corpus its chance isn't high enough
    "What does the Lake Office say about enfants non accompagnés?": ("data-note", "guardian within two days"),
}


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory, assistant: Assistant, index_folder: Path) -> Assistant:
    """Documents in six languages, on the conversions that the session's index holds."""
    assert assistant.passages  # it is built
    index = tmp_path_factory.mktemp("languages") / "index"
    shutil.copytree(index_folder, index)
    return Assistant.open(ROOT / "tests" / "data" / "languages", index)


@pytest.mark.parametrize("question", ANSWERED | FOUND)
def test_a_question_finds_its_answer_whatever_the_languages_of_both(multilingual: Assistant, question: str) -> None:
    document, words = (ANSWERED | FOUND)[question]

    answer = multilingual.ask(question)
    first = (answer.hits or answer.nearest)[0].passage

    assert answer.status == "answered" or question in FOUND
    assert first.source.id == document
    assert words in first.text


@pytest.mark.parametrize("language", ["en", "fr", "ru", "es", "ar", "zh"])
def test_the_examples_of_the_page_are_answered_and_not_by_a_question(assistant: Assistant, language: str) -> None:
    asked = [read_strings(language).text(key) for _, key in NOTE_EXAMPLES]

    answers = [assistant.ask(question).answer or "" for question in asked]

    assert [question for question, answer in zip(asked, answers, strict=True) if not answer or "?" in answer] == []
