import time

import pytest

from assistant.language.asking import LISTED, about_documents, asked_for, asks_for_more, nouns_of_documents


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Combien de pays ?", "fr", "count"),
        ("Сколько стран?", "ru", "count"),
        ("¿Cuántos países?", "es", "count"),
        ("كم دولة؟", "ar", "count"),
        ("有多少国家？", "zh", "count"),
        ("Qui préside la réunion ?", "fr", "identity"),
        ("Кто председатель?", "ru", "identity"),
        ("¿Cuándo empieza?", "es", "date"),
        ("أين المقر؟", "ar", "place"),
        ("电话号码是什么？", "zh", "contact"),
    ],
)
def test_what_a_question_asks_for_is_known_in_five_languages(question: str, language: str, kind: str) -> None:
    assert kind in asked_for(question, language)


def test_a_question_for_no_particular_thing_asks_for_none() -> None:
    assert asked_for("Que dit la note sur les enfants ?", "fr") == frozenset()
    assert asked_for("Hoeveel landen?", "nl") == frozenset()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Que dit ?", "fr"),
        ("О чём говорится в ?", "ru"),
        ("Por favor, ¿qué dice el ?", "es"),
        ("ماذا جاء في ؟", "ar"),
        ("讲什么？", "zh"),
    ],
)
def test_words_of_asking_say_nothing_beside(text: str, language: str) -> None:
    assert not asks_for_more(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("sur les enfants", "fr"),
        ("о детях", "ru"),
        ("sobre los visados", "es"),
        ("عن الأطفال", "ar"),
        ("关于儿童", "zh"),
        ("a", "ja"),
    ],
)
def test_what_is_asked_says_something_beside(text: str, language: str) -> None:
    assert asks_for_more(text, language)


@pytest.mark.parametrize(
    ("question", "subject", "language"),
    [
        ("Who wrote the note?", LISTED, "en"),
        ("Who is the author of the background note?", LISTED, "en"),
        ("When was the note published?", LISTED, "en"),
        ("Which documents are here?", LISTED, "en"),
        ("List the sources", LISTED, "en"),
        ("How many documents are searched?", LISTED, "en"),
        ("How many guiding questions are there?", "question", "en"),
        ("What is the number of paragraphs in the note?", "paragraph", "en"),
        ("Qui a rédigé la note ?", LISTED, "fr"),
        ("Quels documents sont disponibles ici ?", LISTED, "fr"),
        ("Combien y a-t-il de questions directrices ?", "question", "fr"),
        ("¿Quién es el autor de la nota?", LISTED, "es"),
        ("¿Cuántos párrafos tiene la nota?", "paragraph", "es"),
        ("Кто автор записки?", LISTED, "ru"),
        ("Какие документы здесь есть?", LISTED, "ru"),
        ("Сколько в записке направляющих вопросов?", "question", "ru"),
        ("من كتب المذكرة؟", LISTED, "ar"),
        ("كم عدد الأسئلة التوجيهية؟", "question", "ar"),
        ("说明是谁写的？", LISTED, "zh"),
        ("有多少个指导性问题？", "question", "zh"),
        ("Welche Dokumente gibt es hier?", LISTED, "de"),
        ("Wie viele Leitfragen gibt es?", "question", "de"),
        ("Chi ha scritto la nota?", LISTED, "it"),
        ("Quem escreveu a nota?", LISTED, "pt"),
        ("Notu kim yazdı?", LISTED, "tr"),
        ("Хто написав записку?", LISTED, "uk"),
    ],
)
def test_a_question_about_documents_themselves_is_known_in_any_language(
    question: str, subject: str, language: str
) -> None:
    asked = about_documents(question)

    assert asked is not None
    assert (asked.subject, asked.language) == (subject, language)


@pytest.mark.parametrize(
    "question",
    [
        "What does the note say?",
        "What is the note about?",
        "Where can I find the documents?",
        "What documents do I need for a visa?",
        "Who wrote the brief on well governed migration?",
        "Who wrote the note on children?",
        "How many guiding questions deal with objective 7?",
        "How many words does the note have?",
        "How many countries are there?",
        "Which papers should I read before the meeting?",
        "Are the papers available in braille?",
        "Où trouver les documents de la réunion ?",
        "Que dit la note ?",
        "Какие документы нужны для визы?",
        "移民需要哪些文件？",
        "",
    ],
)
def test_what_asks_for_more_is_a_question_to_the_documents(question: str) -> None:
    assert about_documents(question) is None


def test_the_nouns_tell_which_documents_are_meant() -> None:
    assert nouns_of_documents("Who wrote the Background Note and the paper?", "en") == ("background note", "paper")


@pytest.mark.parametrize("text", ["how many " * 20, "the note " * 20, "note" * 5000])
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()

    about_documents(text)

    assert time.perf_counter() - started < 1
