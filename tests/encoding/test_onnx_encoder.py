import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from assistant.encoding.encoder import Identity
from assistant.encoding.onnx_encoder import ConvertedEncoder, Network
from assistant.encoding.sentence_encoder import SentenceEncoder
from assistant.errors import EncoderError

IDENTITY = Identity("converted", "0" * 64)
QUESTIONS = ["What does the note say about children?", "remittances", "Who may work?", "", "Zürich – 移民?"]


@pytest.fixture(scope="module")
def network(assistant: Assistant) -> Network:
    """The packaged MiniLM, converted with the shipped documents."""
    converted = assistant.build.network
    assert converted is not None
    return converted


@pytest.fixture(scope="module")
def encoder(network: Network) -> ConvertedEncoder:
    return ConvertedEncoder(network, IDENTITY)


@pytest.fixture(scope="module")
def original() -> SentenceEncoder:
    return SentenceEncoder()


def test_a_question_has_nearly_the_vectors_of_the_original(
    encoder: ConvertedEncoder, original: SentenceEncoder
) -> None:
    for question in QUESTIONS:
        ours, theirs = encoder.encode_query(question), original.encode_query(question)

        assert ours.vector @ theirs.vector > 0.995
        assert ((ours.tokens * theirs.tokens).sum(axis=1) > 0.99).all()
        np.testing.assert_allclose(ours.lengths, theirs.lengths, rtol=0.02)


def test_word_pieces_are_the_original_ones_at_their_places(
    encoder: ConvertedEncoder, original: SentenceEncoder
) -> None:
    texts = [*QUESTIONS, "The committee met again on matters of unaccompanied minors. " * 120]

    ours, theirs = (each.encode_passages(texts, with_tokens=True).tokens for each in (encoder, original))

    assert ours is not None
    assert theirs is not None
    assert ours.words.tolist() == theirs.words.tolist()
    assert ours.starts.tolist() == theirs.starts.tolist()


def test_a_window_keeps_no_more_tokens_than_the_model_reads(network: Network) -> None:
    short = ConvertedEncoder(replace(network, window=5), IDENTITY)

    output = short._run(["one two three four five six"])

    assert len(output.tokens[0]) == 3
    assert output.spans[0].tolist() == [[0, 3], [4, 7], [8, 13]]


def test_it_knows_the_words_that_the_original_knows(encoder: ConvertedEncoder, original: SentenceEncoder) -> None:
    words = ["children", "migration", "chlidren", "##ing", "qwzx"]

    assert [encoder.knows(word) for word in words] == [original.knows(word) for word in words]


def test_threads_that_share_an_encoder_get_what_one_would(encoder: ConvertedEncoder) -> None:
    texts = [f"question {n} on borders" for n in range(40)]
    expected = encoder.encode_passages(texts).vectors

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: encoder.encode_passages([text]).vectors[0], texts))

    np.testing.assert_array_equal(np.stack(found), expected)


@pytest.mark.parametrize("part", ["graph", "tokenizer"])
def test_what_is_no_model_is_refused_in_one_line(network: Network, part: str) -> None:
    broken = {"graph": np.zeros(10, dtype=np.uint8), "tokenizer": "{}"}[part]

    with pytest.raises(EncoderError, match="converted model") as caught:
        ConvertedEncoder(replace(network, **{part: broken}), IDENTITY)  # type: ignore[arg-type]

    assert "\n" not in str(caught.value)


def test_a_missing_library_is_told(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    with pytest.raises(EncoderError, match="library that runs the converted model"):
        ConvertedEncoder(network, IDENTITY)


def test_the_library_that_serves_holds_no_code_that_sends() -> None:
    spec = importlib.util.find_spec("onnxruntime")
    assert spec is not None
    assert spec.origin is not None
    libraries = [
        path for path in Path(spec.origin).parent.rglob("*") if path.suffix in (".so", ".dll", ".pyd", ".dylib")
    ]

    assert libraries
    assert not [path for path in libraries if b"events.data.microsoft.com" in path.read_bytes()]


def test_the_library_is_told_not_to_send_before_it_is_loaded() -> None:
    code = (
        "import os, sys, assistant.encoding.onnx_encoder as runtime\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'onnxruntime': print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Finder())\n"
        "try: runtime.open_session(b'none')\n"
        "except runtime.EncoderError: pass\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["1"]
