import pytest

from assistant.language.names import (
    beside_names,
    holds_phrase,
    named_documents,
    names_in,
    quoted_phrases,
    without_quoted,
)
from assistant.records import Source

SOURCES = (
    Source("note", "Background note, Roundtable 4", type="background note"),
    Source("brief", "People on the Move", "digest", type="policy brief"),
    Source("statement", "Nobody Is Left Out", "digest", type="statement"),
    Source("plan", "Regional plan of action"),
)


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('"GCM objective 7"', ("gcm objective 7",)),
        ("‘media’ and 'the press'", ("media", "the press")),
        ("»data« or «borders»", ("data", "borders")),
        ("„data“, „visas” et ‹borders›", ("data", "visas", "borders")),
        ("「data」和『border visas』", ("data", "border visas")),
        ("＂data＂ och ”visas”", ("data", "visas")),
        ("‚data‘", ("data",)),
        ("the network's channel and the states' views", ()),
        ('Where does it say "the"?', ()),
        ('an open " mark', ()),
    ],
)
def test_phrases_are_what_stands_in_quotation_marks(question: str, phrases: tuple[str, ...]) -> None:
    assert quoted_phrases(question) == phrases


def test_what_is_asked_beside_names() -> None:
    assert beside_names('How many "migrants" live in Germany?') == ["live", "germany"]
    assert beside_names("What does guiding question 3 say?") == []


def test_what_is_quoted_can_be_left_out() -> None:
    assert without_quoted("Où dit-on « value-driven » ?").split() == ["Où", "dit-on", "?"]


def test_names_stand_out_of_another_script_and_acronyms_out_of_the_same() -> None:
    assert names_in("Сколько подписчиков у @UNMigNetwork?", "ru") == ("@UNMigNetwork",)
    assert names_in("Que dit le GCM sur la COVID-19 ?", "fr") == ("GCM", "COVID-19")


def test_capitals_are_no_names_where_all_are_capitals() -> None:
    assert names_in("QUE DIT LA NOTE SUR LES ENFANTS ET #GCM ?", "fr") == ("#GCM",)
    assert names_in("ЧТО ТАКОЕ GCM?", "ru") == ("GCM",)


def test_a_phrase_stands_in_a_text_as_whole_words() -> None:
    assert holds_phrase("Child-sensitive data, para. 7", "sensitive data")
    assert not holds_phrase("insensitive data", "sensitive data")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does the note say about border guards?", "note"),
        ("According to the background note, who is at risk?", "note"),
        ("In this note, what is said of data?", "note"),
        ("I wonder whether the note mentions prisons", "note"),
        ("What does the note say about the policy brief?", "note"),
        ("Is the statement mentioned in the note?", "note"),
        ("Who is the note for?", "note"),
        ("What does the Secretary-General's policy brief say about women?", "brief"),
        ("Are IDPs covered by the SG's brief?", "brief"),
        ("What keeps migrants from care, according to the Network's statement?", "statement"),
        ("What the statement says about cost", "statement"),
        ("Is a minimum wage part of the plan?", "plan"),
        ("Que dit la note sur les enfants ?", "note"),
        ("Selon la note d'information, qui est vulnérable ?", "note"),
        ("La note parle-t-elle des enfants ?", "note"),
        ("Que dit la note de synthèse sur les femmes ?", "brief"),
        ("La déclaration mentionne-t-elle les prisons ?", "statement"),
        ("¿Qué dice la nota sobre los niños?", "note"),
        ("Según la nota de antecedentes, ¿quién es vulnerable?", "note"),
        ("¿Qué dice el informe de políticas sobre las mujeres?", "brief"),
        ("Что говорится в записке о детях?", "note"),
        ("Согласно справочной записке, кто уязвим?", "note"),
        ("Что говорится в аналитической записке о женщинах?", "brief"),
        ("ماذا تقول المذكرة عن حماية البيانات الشخصية؟", "note"),
        ("وفقا للمذكرة، من هم الضعفاء؟", "note"),
        ("ماذا يقول البيان عن السكن؟", "statement"),
        ("说明里关于保护个人数据是怎么说的？", "note"),
        ("根据背景说明，谁是弱势移民？", "note"),
        ("政策简报里怎么说妇女？", "brief"),
        ("Was sagt der Vermerk über Kinder?", "note"),
        ("What does People on the Move say of women?", "brief"),
    ],
)
def test_a_document_is_named_by_its_kind_or_its_title(question: str, named: str) -> None:
    assert named_documents(question, SOURCES) == {named}


@pytest.mark.parametrize(
    "question",
    [
        "What is the Secretary-General's policy brief called?",  # the note says so
        "Who signed the statement?",
        "please note that children matter",
        "Is there a note on children?",
        "Which newspapers published inflammatory reports?",
        "Does working together mean that a country gives up its own plans?",
        "La note du Réseau donne-t-elle des exemples ?",  # another note than the one that is here
        "Приводятся ли в записке Сети примеры?",
        "ماذا تقول البيانات؟",  # data, not the statement
        "统计数据能否用来说明移民带来的好处？",  # "show", not "note"
        "请说明中国的政策",
        "",
    ],
)
def test_other_questions_are_for_all_documents(question: str) -> None:
    assert named_documents(question, SOURCES) == frozenset()


def test_a_kind_that_no_document_is_of_names_none() -> None:
    assert named_documents("What does the resolution say about data?", SOURCES) == frozenset()
