from collections.abc import Sequence

import numpy as np

from assistant.encoding.encoder import Identity
from assistant.encoding.windowed_encoder import ModelOutput, WindowedEncoder
from assistant.memory import one_question


class LetterEncoder(WindowedEncoder):
    """Each letter is a token; a vector counts the letters a and b."""

    identity = Identity("letters", "")
    _window = 6
    _dimensions = 2

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def _run(self, texts: Sequence[str]) -> ModelOutput:
        self.read += texts
        tokens = [np.array([[letter == "a", letter == "b"] for letter in text], dtype=np.float32) for text in texts]
        spans = [np.array([(at, at + 1) for at in range(len(text))]) for text in texts]
        return ModelOutput(np.stack([rows.sum(axis=0) for rows in tokens]), tokens, spans)

    def _token_starts(self, text: str) -> list[int]:
        return list(range(len(text)))


def test_a_text_longer_than_the_window_is_read_in_pieces_that_fit() -> None:
    encoder = LetterEncoder()

    encoder.encode_passages(["aaaaaaaaab"])

    assert sorted(map(len, encoder.read)) == [2, 4, 4]
    assert all(piece in "aaaaaaaaab" for piece in encoder.read)


def test_tokens_of_a_later_window_stand_at_their_place_in_the_whole_text() -> None:
    encodings = LetterEncoder().encode_passages(["b", "aaa bb"], with_tokens=True)

    assert encodings.tokens is not None
    assert encodings.tokens.starts.tolist() == [0, 1, 7]
    assert encodings.tokens.words.tolist() == [0, 0, 0, 0, 1, 1, 1]
    np.testing.assert_allclose(encodings.vectors, np.array([[0, 1], [3 / 13**0.5, 2 / 13**0.5]]), atol=1e-6)


def test_a_long_question_is_encoded_as_a_passage_is() -> None:
    encodings = LetterEncoder().encode_passages(["aabbbaab"], with_tokens=True)

    query = LetterEncoder().encode_query("aabbbaab")

    assert encodings.tokens is not None
    np.testing.assert_allclose(query.vector, encodings.vectors[0], atol=1e-6)
    np.testing.assert_allclose(query.tokens, encodings.tokens.restored(), atol=1e-6)
    assert query.spans == tuple((at, at + 1) for at in range(8))


def test_tokens_are_left_out_unless_asked_for() -> None:
    encodings = LetterEncoder().encode_passages(["ab", "ba"])

    assert encodings.tokens is None
    assert encodings.vectors.shape == (2, 2)


def test_a_question_is_encoded_once_and_nothing_of_it_is_kept() -> None:
    encoder = LetterEncoder()

    with one_question():
        first, second = encoder.encode_query("ab"), encoder.encode_query("ab")
    encoder.encode_query("ab")

    assert encoder.read == ["ab", "ab"]
    assert first is second


def test_of_a_very_long_question_no_more_is_read_than_anybody_needs() -> None:
    encoder = LetterEncoder()

    query = encoder.encode_query("ab" * 5_000)

    assert sum(map(len, encoder.read)) <= 512
    assert len(query.tokens) == len(query.spans) == sum(map(len, encoder.read))
