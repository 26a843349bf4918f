import io
import zipfile
from dataclasses import replace

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from hypothesis import given, settings

from assistant.web.exports.word import render_docx
from assistant.web.rendering.questions import Turn
from assistant.web.rendering.strings import read_strings
from tests.web.exports.test_outline import (
    ARABIC,
    CONTEXT,
    PAGE,
    QUESTION,
    TODAY,
    kept,
    of_style,
    squeezed,
    texts,
    told,
    word_file,
)
from tests.web.fake_assistant import (
    CHILDREN,
    NOTE,
    NOTE_PASSAGE,
    answered,
    not_in_documents,
)


@given(texts)
@settings(max_examples=30, deadline=None)
def test_any_words_survive_word(words: str) -> None:
    file = word_file([told(words, question=words)])

    quoted = "".join(each.text for each in of_style(file, "Quote", "Quote item"))
    assert squeezed(quoted) == 2 * kept(words)


def test_a_word_file_has_real_headings_on_a4() -> None:
    file = word_file([Turn(QUESTION, answered(QUESTION)), Turn("Pensions?", not_in_documents("Pensions?"))])

    levels = [
        (each.style.name if each.style else "", each.text) for each in of_style(file, *(f"Heading {n}" for n in "123"))
    ]
    assert levels == [
        ("Heading 1", "Questions to the documents, and their answers"),
        ("Heading 2", "What is searched"),
        ("Heading 2", QUESTION),
        ("Heading 3", "Answer, word for word"),
        ("Heading 3", "2 passages found"),
        ("Heading 2", "Pensions?"),
        ("Heading 3", "Not in the documents"),
        ("Heading 3", "Nearest passages"),
    ]
    width, height = file.sections[0].page_width, file.sections[0].page_height
    assert width is not None
    assert height is not None
    assert (round(width.mm), round(height.mm)) == (210, 297)


def test_a_word_file_quotes_in_a_style_of_its_own_and_a_digest_in_another() -> None:
    file = word_file([Turn(QUESTION, answered(QUESTION))])

    assert [each.text for each in of_style(file, "Quote")] == [CHILDREN, f"{NOTE_PASSAGE.text} […]"]
    assert [each.text for each in of_style(file, "Digest", "Digest item")] == [
        "What it says",
        "The crisis is of health, of livelihoods and of protection.",
    ]
    assert (
        of_style(file, "Citation")[0].text == "United Nations, Background note, Roundtable 4, 13 November 2020, para. 4"
    )


def test_a_word_file_says_who_made_it_when_and_in_which_language() -> None:
    properties = word_file([Turn(QUESTION, answered(QUESTION))], ARABIC).core_properties

    assert properties.author == properties.last_modified_by == read_strings("ar").text("product")
    assert properties.title.startswith(read_strings("ar").text("export.title"))
    assert properties.language == "ar"
    assert properties.comments == ""
    assert properties.created is not None
    assert properties.created.date() == TODAY
    assert properties.modified == properties.created


def test_nothing_of_the_template_is_left() -> None:
    content = render_docx(
        [Turn(QUESTION, answered(QUESTION))], replace(CONTEXT, strings=read_strings("fr")), asked_on=TODAY
    )

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        everything = b"".join(map(parts.read, names))
    assert not [name for name in names if "thumbnail" in name or "app.xml" in name or "customXml" in name]
    for word in (b"python-docx", b"2013-12", b"Macintosh", b"en-US", b"ja-JP"):
        assert word not in everything


def languages(paragraph: WordParagraph) -> set[str | None]:
    return {each.get(qn("w:val")) for each in paragraph.paragraph_format.element.iter(qn("w:lang"))}


def is_right_to_left(paragraph: WordParagraph) -> bool:
    return paragraph.paragraph_format.element.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None


def test_each_run_says_its_language() -> None:
    source = replace(NOTE, language="fr")

    file = word_file([told("Des mots.", source=source)])

    assert languages(of_style(file, "Quote")[0]) == languages(of_style(file, "Citation")[0]) == {"fr-FR"}
    assert languages(of_style(file, "Heading 1")[0]) == {"en-GB"}
    assert all(languages(each) and None not in languages(each) for each in file.paragraphs)


def test_an_arabic_file_runs_from_the_right_but_for_the_document_s_words() -> None:
    file = word_file([Turn("ماذا عن الأطفال؟", answered(QUESTION)), Turn(QUESTION, problem="x")], ARABIC, PAGE)

    first, second = of_style(file, "Heading 2")[1:3]
    assert [is_right_to_left(each) for each in (first, second)] == [True, False]
    assert first.runs[0].font.rtl
    assert is_right_to_left(of_style(file, "Heading 1")[0])
    assert all(is_right_to_left(each) for each in of_style(file, "Heading 3", "Passage label", "Closing note"))
    for paragraph in of_style(file, "Quote", "Digest", "Digest item"):
        assert not is_right_to_left(paragraph)
        assert not any(run.font.rtl for run in paragraph.runs)


def test_arabic_words_run_from_the_right_in_an_english_file() -> None:
    file = word_file([told("كلمات الوثيقة", source=replace(NOTE, language="ar"))])

    quotation = of_style(file, "Quote")[0]
    assert is_right_to_left(quotation)
    assert quotation.runs[0].font.rtl
    assert languages(quotation) == {"ar-SA"}
