"""Evaluate the assistant on a split of the gold questions: open it, ask everything, gather the figures."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.encoding import NO_ENCODER
from assistant.evaluation.figures import (
    chances,
    conversation_figures,
    first_confidences,
    language_figures,
    latency_figures,
    objective_figures,
    pairs,
    question_figures,
)
from assistant.evaluation.metrics import Bin, Figure, Point, reliability, risk_coverage
from assistant.evaluation.questions import Answering, Outcome, Row, ask_all, read_gold
from assistant.journeys import Assistant
from assistant.records import ReportProgress
from assistant.settings import Settings

_FORMAL_DOCUMENT = Path(__file__).resolve().parents[2] / "tests" / "data" / "formal-document.txt"
# The languages beside English in which there are gold questions, by their codes.
_LANGUAGES = {"fr": "French", "ru": "Russian", "es": "Spanish", "ar": "Arabic", "zh": "Chinese"}


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The risk of wrong answers by the share of questions that are answered.

    Attributes:
        points: The share answered, and the share of these whose first passage doesn't answer.
        chosen: The point at which the assistant operates.
    """

    points: tuple[Point, ...]
    chosen: Point


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of a split.

    Attributes:
        split: "dev" or "test".
        corpus: "sha256:…" of the documents.
        encoder: The model's name.
        reliability: Bins of chances, by the name of what was asked.
        risks: Risk and coverage, by the name of what was asked.
    """

    split: str
    corpus: str
    encoder: str
    figures: tuple[Figure, ...]
    reliability: Mapping[str, tuple[Bin, ...]]
    risks: Mapping[str, RiskCoverage]


def evaluate_corpus(settings: Settings, *, gold: Path, split: str, report: ReportProgress) -> Evaluation:
    """Evaluate a split of the gold questions on a corpus and on the made-up formal document.

    Args:
        settings: The folders and the models.
        gold: The folder of the questions.
        split: "dev" or "test".
        report: Called as the work advances.

    Raises:
        AssistantError: The documents, the model or the questions can't be used.
    """
    documents = Assistant.from_settings(settings, report=report)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "corpus"
        folder.mkdir()
        shutil.copy(_FORMAL_DOCUMENT, folder)
        if settings.index.is_dir():  # it holds what was learned about the objectives, which this corpus shares
            shutil.copytree(settings.index, Path(scratch) / "index")
        made_up = replace(settings, corpus=folder, index=Path(scratch) / "index", multilingual=NO_ENCODER)
        formal = Assistant.from_settings(made_up, report=report)
    encoder = documents.finders.english.runtime.encoder.identity.name
    return evaluate(documents, formal, gold=gold, split=split, corpus=documents.corpus_hash, encoder=encoder)


def evaluate(
    documents: Answering, formal: Answering, *, gold: Path, split: str, corpus: str, encoder: str
) -> Evaluation:
    """Ask all questions of a split.

    Args:
        documents: The assistant over the project's documents.
        formal: The assistant over the made-up formal document.
        gold: The folder of the questions.
        split: "dev" or "test".
        corpus: As in `Evaluation`.
        encoder: As in `Evaluation`.

    Raises:
        InputError: The questions can't be read.
    """
    asked = ask_all(documents, _questions(gold, split, "ask", "refuse"))
    conversations = ask_all(documents, _questions(gold, split, "talk"))
    of_formal = ask_all(formal, _questions(gold, split, "formal"))
    topics = _questions(gold, split, "objectives")
    ranked = list(documents.classify_all([row["text"] for row in topics]))
    estimates = {
        "documents": chances(asked),
        "formal text": chances(of_formal),
        "objectives": first_confidences(ranked, topics),
    }
    return Evaluation(
        split=split,
        corpus=corpus,
        encoder=encoder,
        figures=(
            *question_figures(asked, name="documents"),
            *conversation_figures(conversations, name="conversations"),
            *question_figures(of_formal, name="formal text"),
            *objective_figures(ranked, topics, name="objectives"),
            *(figure for code in _LANGUAGES for figure in _evaluate_language(documents, gold, split, code)),
            *latency_figures([*asked, *conversations, *of_formal], name="latency"),
        ),
        reliability={name: reliability(each) for name, each in estimates.items() if len(each)},
        risks={"documents": _risk(asked), "formal text": _risk(of_formal)},
    )


def _evaluate_language(documents: Answering, gold: Path, split: str, code: str) -> list[Figure]:
    """Ask the questions in another language; return no figures where it can't be read or there are none."""
    if code not in documents.languages or not (gold / f"ask-{code}-{split}.jsonl").is_file():
        return []
    answerable, unanswerable, topics = (
        _questions(gold, split, f"{name}-{code}") for name in ("ask", "refuse", "objectives")
    )
    asked = ask_all(documents, [*answerable, *unanswerable])
    in_english = ask_all(documents, [{**row, "question": row["english"]} for row in answerable])
    ranked = list(documents.classify_all([row["text"] for row in topics]))
    return language_figures(asked, in_english, ranked, topics, name=_LANGUAGES[code])


def _questions(gold: Path, split: str, *names: str) -> list[Row]:
    return [row for name in names for row in read_gold(gold / f"{name}-{split}.jsonl")]


def _risk(asked: Sequence[Outcome]) -> RiskCoverage:
    answered = [each for each in asked if each.is_answered]
    wrong = sum(not each.is_right for each in answered)
    chosen = (len(answered) / max(len(asked), 1), wrong / max(len(answered), 1))
    return RiskCoverage(risk_coverage(pairs((each.chance, each.is_right) for each in asked)), chosen)
