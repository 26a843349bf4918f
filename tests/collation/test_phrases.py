from assistant.collation.phrases import UNKNOWN, Block, Phrases
from tests.collation.shelf import PHRASES, document


def test_the_longest_runs_of_the_same_words_are_found() -> None:
    phrases = Phrases([document("a", "one two three four five six"), document("b", "seven one two three four nine")])

    found = phrases.blocks(phrases.numbers("zero one two three four five".split()))

    assert found == [Block(1, 0, 5), Block(1, 7, 4)]


def test_a_phrase_of_two_documents_is_none() -> None:
    phrases = Phrases([document("a", "one two"), document("b", "three four")])

    assert phrases.blocks(phrases.numbers("one two three four".split())) == []


def test_a_word_that_no_document_has_is_unknown() -> None:
    assert PHRASES.numbers(["zebra"]).tolist() == [UNKNOWN]


def test_few_words_are_found_where_most_of_them_stand_together() -> None:
    found = PHRASES.near(PHRASES.numbers(["fair", "zebra", "at"]))

    assert [(block.draft, block.length) for block in found] == [(0, 1), (2, 1)]


def test_a_corpus_without_words_has_no_phrases() -> None:
    phrases = Phrases([])

    assert phrases.blocks(phrases.numbers(["one", "two", "three", "four"])) == []
