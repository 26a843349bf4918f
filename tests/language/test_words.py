from assistant.language.words import content_words, is_content, spelt_words, stem, words_of


def test_compounds_are_taken_apart_and_possessives_kept_whole() -> None:
    assert list(words_of("Child-sensitive states' COVID-19 data; l’accès")) == [
        "child",
        "sensitive",
        "states",
        "covid",
        "19",
        "data",
        "l",
        "accès",
    ]


def test_each_word_knows_where_it_stands() -> None:
    text = "Which  “Hashtags”?"

    assert [text[start:end] for _, (start, end) in spelt_words(text)] == ["Which", "Hashtags"]


def test_the_manner_of_asking_is_left_out() -> None:
    assert content_words("Please tell me what the note says about the media") == ["media"]


def test_a_question_of_asking_words_keeps_them() -> None:
    assert content_words("What does the document say?") == ["document", "say"]


def test_inflections_share_a_stem() -> None:
    assert stem("migrants") == stem("migrant")
    assert stem("policies") == stem("policy")


def test_grammar_is_no_content() -> None:
    assert not is_content("the")
    assert is_content("information")
