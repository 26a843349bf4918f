import json
import shutil
import unicodedata
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import InputError
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder, BilingualEncoder

TEXTS = {
    "children": "Children are protected in all circumstances by the authorities of the country.",
    "data": "Data on migration is collected by the ministries and shared among them.",
    "borders": "Borders are managed together by the neighbouring countries and their police.",
}
TRANSLATED = "\n".join(
    f'[[translation]]\nnumber = {n}\nlanguage = "fr"\ntitle = "but {n}"\n'
    f'terms = ["motif{n} trame{n}", "trame{n}", "motif{n}"]\n'
    for n in range(1, 24)
)
QUESTIONS = '[[questions]]\nlanguage = "fr"\ntexts = ["Que dit le texte ?", "Qui parle ?"]\n'


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "objectives.toml").write_text(small_table(), encoding="utf-8")
    (folder / "objectives-translated.toml").write_text(TRANSLATED + QUESTIONS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def bilingual(corpus: Path, index: Path) -> Assistant:
    return Assistant.open(corpus, index, encoder=BagOfWordsEncoder(), multilingual=BilingualEncoder())


@pytest.fixture(scope="module")
def english(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(corpus, tmp_path_factory.mktemp("english"), encoder=BagOfWordsEncoder())


@pytest.mark.parametrize(
    ("question", "document"),
    [("Que dit le texte sur les enfants ?", "children"), ("Que dit le texte sur les frontières ?", "borders")],
)
def test_a_question_in_another_language_finds_the_english_passage(
    bilingual: Assistant, question: str, document: str
) -> None:
    assert bilingual.ranked_hits(question)[0].passage.source.id == document


def test_what_can_be_asked_in_is_told(bilingual: Assistant, english: Assistant) -> None:
    assert bilingual.languages == ("en", "fr")
    assert english.languages == ("en",)


def test_english_is_searched_as_if_there_were_no_other_language(bilingual: Assistant, english: Assistant) -> None:
    question = "What does it say about the children?"

    multilingual, without = bilingual.ask(question), english.ask(question)

    assert [(hit.passage.id, hit.score) for hit in multilingual.hits or multilingual.nearest] == [
        (hit.passage.id, hit.score) for hit in without.hits or without.nearest
    ]


def test_a_question_that_can_not_be_read_is_told_so_in_its_language(english: Assistant) -> None:
    answer = english.ask("Que dit le texte sur les enfants ?")

    assert (answer.status, answer.is_unread, answer.hits, answer.nearest) == ("unclear", True, (), ())
    assert "français" in (answer.notice or "")


def test_a_topic_that_can_not_be_read_is_refused(english: Assistant) -> None:
    with pytest.raises(InputError, match="français"):
        english.classify("les droits des enfants dans les écoles")


def test_of_many_topics_one_that_can_not_be_read_is_told(english: Assistant, bilingual: Assistant) -> None:
    assert "français" in english.unread("les droits des enfants dans les écoles")
    assert english.unread("rights of children at school") == ""
    assert bilingual.unread("les droits des enfants dans les écoles") == ""


@pytest.mark.parametrize("greeting", ["Bonsoir", "Merci beaucoup !"])
def test_a_greeting_is_told_so_in_its_language(bilingual: Assistant, english: Assistant, greeting: str) -> None:
    for assistant in (bilingual, english):
        answer = assistant.ask(greeting)

        assert (answer.status, answer.hits, answer.nearest) == ("unclear", (), ())
        assert (answer.notice or "").startswith("Ce n’est pas")


@pytest.mark.parametrize(("text", "beginning"), [("؟؟؟", "هذا ليس"), ("и?", "Это ещё"), ("???", "That isn’t")])
def test_what_is_no_question_is_told_so_in_its_language(bilingual: Assistant, text: str, beginning: str) -> None:
    assert (bilingual.ask(text).notice or "").startswith(beginning)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ('أين ورد "whole of government"؟', "ar"),
        ("ما هو @UNMigNetwork؟", "ar"),
        ("Wo steht „neighbouring countries and police“?", "de"),
        ('Where does it say "les droits des enfants"?', "en"),
        ("“Que dit le texte sur les enfants ?”", "fr"),
        ("#GCM", "en"),
    ],
)
def test_what_is_quoted_or_a_handle_does_not_tell_the_language(
    bilingual: Assistant, question: str, language: str
) -> None:
    assert bilingual.finders.spoken(question).language == language


def test_accents_that_are_typed_apart_are_read_alike(bilingual: Assistant) -> None:
    question = "Que dit le texte sur les frontières et l'été ?"

    apart = bilingual.ask(unicodedata.normalize("NFD", question))

    assert apart.understood_as == question
    assert apart.hits == bilingual.ask(question).hits


def test_what_wants_a_text_is_not_answered_and_a_polite_question_is_none(bilingual: Assistant) -> None:
    answer = bilingual.ask("Écris un poème sur les enfants")

    assert answer.status == "not_in_documents"
    assert (answer.notice or "").startswith("Les réponses sont ici des citations")


def test_a_quoted_phrase_is_found_to_the_letter(bilingual: Assistant) -> None:
    answer = bilingual.ask("Où est-il question de « managed together » ?")

    assert (answer.status, answer.hits[0].passage.source.id) == ("answered", "borders")
    assert "managed together" in (answer.answer or "")


def test_a_quoted_phrase_that_no_document_has_is_not_answered(bilingual: Assistant) -> None:
    assert bilingual.ask("Que dit le texte des « children police » ?").status == "not_in_documents"


def test_a_quoted_phrase_in_the_question_s_own_language_is_only_words(bilingual: Assistant) -> None:
    plain, quoted = (bilingual.ranked_hits(f"Que dit le texte sur les {word} ?") for word in ("enfants", "« enfants »"))

    assert [hit.passage.id for hit in quoted] == [hit.passage.id for hit in plain]


def test_each_part_of_a_question_is_searched_for(bilingual: Assistant) -> None:
    hits = bilingual.ranked_hits("Que dit le texte sur les enfants ? Et que dit le texte sur les données ?", top_k=2)

    assert {hit.passage.source.id for hit in hits} == {"children", "data"}


def test_a_place_that_no_document_has_is_not_answered(bilingual: Assistant) -> None:
    named, unnamed = bilingual.ask("Que dit le paragraphe 1 ?"), bilingual.ask("Que dit le paragraphe 99 ?")

    assert (named.status, unnamed.status) == ("answered", "not_in_documents")


def test_a_place_named_before_the_language_is_known_is_found_as_in_english(bilingual: Assistant) -> None:
    english, other = (bilingual.ask(question).hits for question in ("para. 1", "párrafo 1"))

    assert [hit.passage.id for hit in other] == [hit.passage.id for hit in english]


def test_a_refusal_speaks_the_language_of_the_question(bilingual: Assistant) -> None:
    answer = bilingual.ask("Combien coûte le train pour la gare ce soir ?")

    assert answer.status == "not_in_documents"
    assert (answer.notice or "").startswith("Aucun passage")


def test_a_follow_up_is_read_with_what_it_leans_on(bilingual: Assistant) -> None:
    answer = bilingual.ask("Et sur la migration ?", history=["Que dit le texte sur les données ?"])

    assert answer.understood_as == "Que dit le texte sur les données ? Et sur la migration ?"


def test_a_follow_up_that_no_passage_holds_with_what_it_leans_on_is_read_by_itself(bilingual: Assistant) -> None:
    answer = bilingual.ask("Et sur les enfants ?", history=["Que dit le texte sur les données ?"])

    assert answer.understood_as == "Et sur les enfants ?"
    assert [hit.passage.source.id for hit in answer.hits or answer.nearest] == ["children"]


def test_a_topic_falls_under_the_objective_whose_terms_it_has(bilingual: Assistant) -> None:
    first = bilingual.classify("les motif7 et les trame7").objectives[0]

    assert (first.objective.number, first.why) == (7, ("motif7", "trame7"))


def test_topics_of_a_sheet_are_read_each_in_its_language(bilingual: Assistant) -> None:
    rankings = list(bilingual.classify_all(["word5 in case 2", "les motif9 et les trame9"]))

    assert [ranking[0].objective.number for ranking in rankings] == [5, 9]


def test_an_objective_named_by_number_is_stated(bilingual: Assistant) -> None:
    first = bilingual.classify("Que dit l'objectif 17 sur les pays ?").objectives[0]

    assert (first.objective.number, first.basis, first.why) == (17, "stated", ("objectif 17",))


def test_a_kept_index_answers_alike(bilingual: Assistant, corpus: Path, index: Path) -> None:
    again = Assistant.open(corpus, index, encoder=BagOfWordsEncoder(), multilingual=BilingualEncoder())

    question = "Que dit le texte sur les données ?"
    assert [hit.score for hit in again.ranked_hits(question)] == pytest.approx(
        [hit.score for hit in bilingual.ranked_hits(question)]
    )


def test_only_what_is_new_is_encoded_again(corpus: Path, index: Path, bilingual: Assistant, tmp_path: Path) -> None:
    second = BilingualEncoder()
    added = corpus / "language.txt"
    added.write_text("Language courses are offered to those who have arrived.", encoding="utf-8")
    try:
        Assistant.open(corpus, index, encoder=BagOfWordsEncoder(), multilingual=second)
    finally:
        added.unlink()

    assert second.encoded == ["Language courses are offered to those who have arrived."]


def test_an_index_without_multilingual_vectors_is_built_anew_where_they_are_wanted(
    corpus: Path, tmp_path: Path
) -> None:
    Assistant.open(corpus, tmp_path, encoder=BagOfWordsEncoder())
    Assistant.open(corpus, tmp_path, encoder=BagOfWordsEncoder(), multilingual=BilingualEncoder())

    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert "multilingual_vectors" in manifest["parts"]


def test_an_index_with_multilingual_vectors_serves_where_nothing_reads_them(corpus: Path, tmp_path: Path) -> None:
    Assistant.open(corpus, tmp_path, encoder=BagOfWordsEncoder(), multilingual=BilingualEncoder())
    before = (tmp_path / "manifest.json").read_bytes()

    opened = Assistant.open(corpus, tmp_path, encoder=BagOfWordsEncoder())

    assert (tmp_path / "manifest.json").read_bytes() == before
    assert opened.languages == ("en",)


def test_a_document_in_another_language_is_answered_from_and_cited_with_its_language(
    corpus: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(corpus, folder)
    (folder / "notice.txt").write_text(
        "Les enfants ont droit à une école dans la langue du pays. Les communes en sont responsables.", encoding="utf-8"
    )

    opened = Assistant.open(folder, tmp_path / "index", encoder=BagOfWordsEncoder(), multilingual=BilingualEncoder())
    first = opened.ranked_hits("Que dit le texte sur l'école dans la langue du pays ?")[0].passage

    assert (first.source.id, first.source.language) == ("notice", "fr")
    assert [passage.tags for passage in opened.passages if passage.source.id == "notice"] == [()]
