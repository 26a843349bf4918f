import pytest

from assistant.language.follow_ups import added_by, is_connected, is_follow_up


@pytest.mark.parametrize(
    "question",
    [
        "and for children?",
        "What about the media?",
        "how about women",
        "for children?",
        "Which objective is that under?",
        "Where is that said?",
        "and who should they work with?",
        "Can they get a regular status?",
        "When did it come out?",
        "Which one closed first?",
        "under which objectives does this question fall?",
        "What can be done about it?",
        "what about their jobs?",
        "Also in cities?",
        "which objectives does that come under?",
        "what time does it finish?",
        "how does that link to the goals?",
    ],
)
def test_a_question_that_leans_on_another_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "How can I send content to the Network's channel?",
        "What is the second tenet of the policy brief?",
        "Does working together mean that a country gives up its own plans?",
        "Which question is about measures that reduce vulnerability?",
        "What does this note say about data?",
        "Which hashtags can be used?",
        "legal assistance",
        "When is this meeting?",
        "For whom is this note?",
        "To whom are direct messages sent?",
        "By whom was the brief drafted?",
        "What time does the review finish?",
        "Does that group of countries report?",
        "In keeping with which objective does the roundtable consider experiences of building an evidence base?",
        "",
        "?",
    ],
)
def test_a_question_that_stands_on_its_own_is_none(question: str) -> None:
    assert not is_follow_up(question)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Et pour les enfants ?", "fr"),
        ("А для детей?", "ru"),
        ("¿Y para los niños?", "es"),
        ("وماذا عن الأطفال؟", "ar"),
        ("那么儿童呢？", "zh"),
    ],
)
def test_a_follow_up_leans_on_what_was_asked(question: str, language: str) -> None:
    assert is_follow_up(question, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Comment informer les migrants ?", "fr"),
        ("Как информировать мигрантов?", "ru"),
        ("¿Cómo informar a los migrantes?", "es"),
        ("كيف يُعلَم المهاجرون؟", "ar"),
        ("怎样向移民提供信息？", "zh"),
    ],
)
def test_a_question_that_says_enough_leans_on_nothing(question: str, language: str) -> None:
    assert not is_follow_up(question, language)


def test_a_question_that_opens_with_and_is_connected_to_what_was_said() -> None:
    assert is_connected("and for women?")
    assert not is_connected("Where is that said?")
    assert is_connected("А для детей?", "ru")


EVENTS = {
    "en": [
        "When is this meeting?",
        "What is this consultation about?",
        "Who opens this regional conference?",
        "Where can I follow this session online?",
        "Which part of the world does this review cover?",
        "Is there a report of this high-level round table?",
        "Will these hearings be recorded?",
        "What is the aim of this preparatory workshop?",
        "Is this forum open to the public?",
        "For whom is this side event?",
    ],
    "ru": [
        "Кто проводит это совещание?",
        "Когда состоится это региональное мероприятие?",
        "Каковы итоги этого форума?",
        "Где проходит это заседание?",
    ],
    "ar": ["متى يبدأ ذلك الاجتماع؟", "من ينظم ذلك المؤتمر الإقليمي؟"],
    "zh": ["这个会议什么时候举行？", "谁主持这个区域论坛？", "那个研讨会在哪里？"],
}


@pytest.mark.parametrize(("question", "language"), [(text, each) for each, texts in EVENTS.items() for text in texts])
def test_the_event_at_hand_is_not_what_was_asked_before(question: str, language: str) -> None:
    assert not is_follow_up(question, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Does this concern children?", "en"),
        ("Which objective covers this?", "en"),
        ("Is this under review?", "en"),
        ("Это касается детей?", "ru"),
        ("Какая цель у этого?", "ru"),
        ("لماذا ذلك مهم؟", "ar"),
        ("这个对儿童重要吗？", "zh"),
    ],
)
def test_a_word_that_points_at_anything_else_is_a_follow_up(question: str, language: str) -> None:
    assert is_follow_up(question, language)


@pytest.mark.parametrize(
    ("question", "language", "added"),
    [
        ("And for children?", "en", "for children?"),
        ("what about their jobs?", "en", "their jobs?"),
        ("for workers?", "en", "for workers?"),
        ("And objective 7?", "en", "objective 7?"),
        ("Et pour les enfants ?", "fr", "pour les enfants ?"),
        ("¿Y para las mujeres?", "es", "para las mujeres?"),
        ("А для детей?", "ru", "для детей?"),
        ("وماذا عن الأطفال؟", "ar", "الأطفال؟"),
        ("那儿童呢？", "zh", "儿童呢？"),
        ("Was ist mit Frauen?", "de", "Frauen?"),
        ("and who should they work with?", "en", ""),
        ("And are women protected?", "en", ""),
        ("Which one closed its border first?", "en", ""),
        ("and the fourth?", "en", ""),
        ("and that?", "en", ""),
        ("Can they get a status?", "en", ""),
        ("Et qui paie ?", "fr", ""),
        ("¿y quién paga?", "es", ""),
        ("А кто платит?", "ru", ""),
    ],
)
def test_a_follow_up_without_a_question_of_its_own_adds_a_phrase(question: str, language: str, added: str) -> None:
    assert added_by(question, language) == added
