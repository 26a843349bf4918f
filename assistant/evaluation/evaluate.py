"""Evaluate the assistant on a split of the gold questions: open it, ask everything, gather the figures."""

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from assistant.encoding import NO_ENCODER
from assistant.evaluation.figures import (
    chances,
    conversation_figures,
    first_confidences,
    language_figures,
    latency_figures,
    objective_figures,
    pairs,
    parallel_figures,
    question_figures,
    several_figures,
)
from assistant.evaluation.metrics import Bin, Figure, Point, reliability, risk_coverage
from assistant.evaluation.pairs import ask_pairs, pair_figures, wording_figure
from assistant.evaluation.questions import Answering, Outcome, Row, ask_all, evidence_of, read_gold
from assistant.journeys import Assistant, open_corpus
from assistant.records import ReportProgress
from assistant.settings import Settings

_DATA = Path(__file__).resolve().parents[2] / "tests" / "data"
_FORMAL_DOCUMENT, _UNSEEN = _DATA / "formal-document.txt", _DATA / "unseen"
Unseen = Mapping[str, tuple[Answering, Sequence[Row]]]  # documents that nothing is fitted on, with their questions
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


def evaluate_corpus(
    settings: Settings, *, gold: Path, split: str, without: Collection[str] = (), report: ReportProgress
) -> Evaluation:
    """Evaluate a split of the gold questions on a corpus and on made-up documents.

    Args:
        settings: The folders and the models.
        gold: The folder of the questions.
        split: "dev" or "test"; with "test" the documents that nothing was fitted on are asked, too.
        without: Signs of answerability that are left out.
        report: Called as the work advances.

    Raises:
        AssistantError: The documents, the model or the questions can't be used.
    """
    documents = _open(settings, without, report)
    with tempfile.TemporaryDirectory() as scratch:
        formal = open_alone(_FORMAL_DOCUMENT, Path(scratch), settings, without=without, report=report)
        unseen = {
            name: (open_alone(_UNSEEN / name, Path(scratch), settings, without=without, report=report), rows)
            for name, rows in (unseen_questions(gold).items() if split == "test" else ())
        }
    encoder = documents.finders.english.runtime.encoder.identity.name
    about = {"corpus": documents.corpus_hash, "encoder": encoder}
    return evaluate(documents, formal, unseen, gold=gold, split=split, **about)


def evaluate_texts(
    settings: Settings, texts: Path, questions: Path, *, without: Collection[str] = (), report: ReportProgress
) -> list[Figure]:
    """Measure on other documents, each asked alone.

    Args:
        settings: The models, and the index that what is known of objectives is taken from.
        texts: The folder of the documents.
        questions: A file of questions, of which "doc" names the document's file without its ending.
        without: Signs of answerability that are left out.
        report: Called as the work advances.

    Raises:
        AssistantError: The documents, the model or the questions can't be used.
    """
    rows = read_gold(questions)
    with tempfile.TemporaryDirectory() as scratch:
        unseen = {
            path.name: (open_alone(path, Path(scratch), settings, without=without, report=report), of_document)
            for path in sorted(texts.iterdir())
            if (of_document := [row for row in rows if row.get("doc") == path.stem])
        }
    return _unseen_figures(unseen, name="texts")


def open_alone(
    document: Path, scratch: Path, settings: Settings, *, without: Collection[str] = (), report: ReportProgress
) -> Assistant:
    """Open one document as a corpus of its own, for questions in English."""
    folder, index = scratch / document.name, scratch / f"{document.name}-index"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(document, folder)
    if settings.index.is_dir() and not index.exists():  # it holds conversions, and what was learned of the objectives
        shutil.copytree(settings.index, index)
    return _open(replace(settings, corpus=folder, index=index, store="", multilingual=NO_ENCODER), without, report)


def _open(settings: Settings, without: Collection[str], report: ReportProgress) -> Assistant:
    opened = open_corpus(settings, report=report)
    return Assistant(replace(opened, judges=opened.judges.without(without)) if without else opened)


def unseen_questions(gold: Path) -> dict[str, list[Row]]:
    """Read the questions on documents that nothing is fitted on, by the document's file."""
    files = {path.stem: path.name for path in _UNSEEN.iterdir() if path.stem != "README"}
    found: dict[str, list[Row]] = {}
    for path in sorted((gold / "unseen").glob("*.jsonl")):
        kind = {"kind": "near_miss"} if path.stem.endswith("-near") else {}
        found.setdefault(files[path.stem.rpartition("-")[0]], []).extend({**row, **kind} for row in read_gold(path))
    return found


def evaluate(
    documents: Answering,
    formal: Answering,
    unseen: Unseen = MappingProxyType({}),
    *,
    gold: Path,
    split: str,
    corpus: str,
    encoder: str,
) -> Evaluation:
    """Ask all questions of a split.

    Args:
        documents: The assistant over the project's documents.
        formal: The assistant over the made-up formal document.
        unseen: The assistants over documents that nothing was fitted on, by name, each with its questions.
        gold: The folder of the questions.
        split: "dev" or "test".
        corpus: As in `Evaluation`.
        encoder: As in `Evaluation`.

    Raises:
        InputError: The questions can't be read.
    """
    in_english: dict[str, Outcome] = {}
    rows, formal_rows = _questions(gold, split, "ask", "refuse"), _questions(gold, split, "formal")
    asked, of_formal = ask_all(documents, rows), ask_all(formal, formal_rows)
    conversations = ask_all(documents, _questions(gold, split, "talk"))
    worded = {"documents": _worded(rows), "formal text": _worded(formal_rows)}
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
            *(_unseen_figures(unseen, name="unseen documents") if unseen else ()),
            *question_figures(asked, name="documents"),
            *pair_figures(ask_pairs(documents, rows), name="documents"),
            wording_figure(worded, name="documents", among=["documents"]),
            *conversation_figures(conversations, name="conversations"),
            *question_figures(of_formal, name="formal text"),
            *pair_figures(ask_pairs(formal, formal_rows), name="formal text"),
            wording_figure(worded, name="formal text", among=["formal text"]),
            *objective_figures(ranked, topics, name="objectives"),
            *_evaluate_several(documents, gold, split),
            *(
                figure
                for code in _LANGUAGES
                for figure in _evaluate_language(documents, gold, split, code, in_english=in_english)
            ),
            *_evaluate_parallel(documents, gold, split),
            *latency_figures([*asked, *conversations, *of_formal], name="latency"),
        ),
        reliability={name: reliability(each) for name, each in estimates.items() if len(each)},
        risks={"documents": _risk(asked), "formal text": _risk(of_formal)},
    )


def _unseen_figures(unseen: Unseen, *, name: str) -> list[Figure]:
    """Measure questions, pairs, and what the wording alone tells, over all of these documents."""
    outcomes = [outcome for assistant, rows in unseen.values() for outcome in ask_all(assistant, rows)]
    asked_twice = [pair for assistant, rows in unseen.values() for pair in ask_pairs(assistant, rows)]
    worded = {document: _worded(rows) for document, (_, rows) in unseen.items()}
    return [
        *pair_figures(asked_twice, name=name),
        *question_figures(outcomes, name=name),
        wording_figure(worded, name=name, among=list(worded)),
    ]


def _worded(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """Return the questions, near misses among them, with whether they are answered."""
    return [
        (row["question"], bool(evidence_of(row))) for row in rows if evidence_of(row) or row.get("kind") == "near_miss"
    ]


def _evaluate_several(documents: Answering, gold: Path, split: str) -> list[Figure]:
    """Rank the objectives of texts of which several may hold; return no figures where there are no such texts."""
    if not (gold / f"several-{split}.jsonl").is_file():
        return []
    rows = _questions(gold, split, "several")
    return several_figures(list(documents.classify_all([row["text"] for row in rows])), rows, name="several objectives")


def _evaluate_language(
    documents: Answering, gold: Path, split: str, code: str, *, in_english: dict[str, Outcome]
) -> list[Figure]:
    """Ask the questions in another language; return no figures where it can't be read or there are none.

    Args:
        in_english: The outcomes of the same questions in English, which are asked once for all languages; added to.
    """
    if code not in documents.languages or not (gold / f"ask-{code}-{split}.jsonl").is_file():
        return []
    answerable, unanswerable, topics = (
        _questions(gold, split, f"{name}-{code}") for name in ("ask", "refuse", "objectives")
    )
    asked = ask_all(documents, [*answerable, *unanswerable])
    for row in answerable:
        if row["english"] not in in_english:
            (in_english[row["english"]],) = ask_all(documents, [{**row, "question": row["english"]}])
    ranked = list(documents.classify_all([row["text"] for row in topics]))
    return language_figures(
        asked, [in_english[row["english"]] for row in answerable], ranked, topics, name=_LANGUAGES[code]
    )


def _evaluate_parallel(documents: Answering, gold: Path, split: str) -> list[Figure]:
    """Ask the same questions in all languages that can be read; no figures where there are no such questions."""
    path = gold / "parallel" / f"{split}.jsonl"
    if not path.is_file() or len(documents.languages) == 1:
        return []
    rows = read_gold(path)
    languages = [each for each in rows[0]["questions"] if each in documents.languages]
    asked = {
        each: ask_all(documents, [{**row, "question": row["questions"][each]} for row in rows]) for each in languages
    }
    return parallel_figures(asked, name="in parallel")


def _questions(gold: Path, split: str, *names: str) -> list[Row]:
    return [row for name in names for row in read_gold(gold / f"{name}-{split}.jsonl")]


def _risk(asked: Sequence[Outcome]) -> RiskCoverage:
    answered = [each for each in asked if each.is_answered]
    wrong = sum(not each.is_right for each in answered)
    chosen = (len(answered) / max(len(asked), 1), wrong / max(len(answered), 1))
    return RiskCoverage(risk_coverage(pairs((each.chance, each.is_right) for each in asked)), chosen)
