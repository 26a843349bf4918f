import pytest

from assistant.language.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How many borders were closed, and who wrote the brief?",
            ("How many borders were closed", "who wrote the brief?"),
        ),
        (
            "When is the meeting held? Which hashtags are used?",
            ("When is the meeting held?", "Which hashtags are used?"),
        ),
        (
            "When is the meeting held? And which hashtags are used?",
            ("When is the meeting held?", "which hashtags are used?"),
        ),
        ("When is the meeting held? And for children?", ()),
        ("When and where is the meeting?", ()),
        ("Who shares data and when?", ()),
        ("How do states share data and protect privacy?", ()),
        ("Which rules apply to women and who are they?", ()),
        ("data and borders", ()),
    ],
)
def test_a_question_for_several_things_has_parts(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "language", "parts"),
    [
        (
            "Quand a lieu la réunion ? Et où se trouve le siège ?",
            "fr",
            ("Quand a lieu la réunion ?", "où se trouve le siège ?"),
        ),
        (
            "Combien d'États participent et pourquoi la note parle-t-elle de visas ?",
            "fr",
            ("Combien d'États participent", "pourquoi la note parle-t-elle de visas ?"),
        ),
        ("Где проходит встреча? А кто её ведёт сегодня?", "ru", ("Где проходит встреча?", "кто её ведёт сегодня?")),
        (
            "¿Qué es el Pacto? ¿Y cuántos países lo firmaron?",
            "es",
            ("¿Qué es el Pacto?", "cuántos países lo firmaron?"),
        ),
        ("متى يعقد هذا الاجتماع؟ وكم دولة تشارك فيه؟", "ar", ("متى يعقد هذا الاجتماع؟", "كم دولة تشارك فيه؟")),
        ("会议什么时候举行？另外谁来主持会议？", "zh", ("会议什么时候举行？", "谁来主持会议？")),
        ("会议什么时候举行；谁来主持会议？", "zh", ("会议什么时候举行", "谁来主持会议？")),
        ("Wann ist das Treffen? Wo ist der Sitz?", "de", ("Wann ist das Treffen?", "Wo ist der Sitz?")),
        (
            "Quanti paesi partecipano? E chi presiede la riunione?",
            "it",
            ("Quanti paesi partecipano?", "chi presiede la riunione?"),
        ),
        (
            "Скільки країн беруть участь? І хто веде зустріч?",
            "uk",
            ("Скільки країн беруть участь?", "хто веде зустріч?"),
        ),
    ],
)
def test_questions_put_together_are_taken_apart(question: str, language: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question, language) == parts


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Que dit la note sur les enfants et les femmes ?", "fr"),
        ("Quels migrants travaillent et qui n'ont pas de contrat ?", "fr"),
        ("Combien de pays ? Et pour les enfants ?", "fr"),
        ("Je prépare un discours ; la note parle des enfants", "fr"),
        ("Кто и когда написал записку?", "ru"),
        ("¿Qué medidas hay para las niñas y los niños?", "es"),
        ("ما هي حقوق النساء والأطفال؟", "ar"),
        ("儿童和妇女的权利是什么？", "zh"),
        ("谁？为什么？", "zh"),
        ("Wie viele Länder nehmen teil? Und für die Kinder?", "de"),
        ("?" * 50, "fr"),
        ("Que dit la note ? " * 20, "fr"),
        ("子どもは？ 何ですか？", "ja"),
    ],
)
def test_a_question_for_one_thing_has_no_parts(question: str, language: str) -> None:
    assert parts_of(question, language) == ()
