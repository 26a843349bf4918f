"""The table of the 23 objectives of the Global Compact for Migration (GCM), and examples of what falls under each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.files import read_toml
from assistant.records import OBJECTIVE_COUNT, Example, Objective, Translated


@dataclass(frozen=True, slots=True)
class ObjectivesTable:
    """The 23 objectives in order of their numbers, and examples of what falls under them."""

    objectives: tuple[Objective, ...]
    examples: tuple[Example, ...]


def read_objectives(path: Path) -> ObjectivesTable:
    """Read the table of the 23 objectives.

    Raises:
        CorpusError: The table can't be read, or isn't whole.
    """
    table = read_toml(path)
    try:
        objectives = [_objective(row) for row in table["objective"]]
        examples = [Example(text, row["number"], None) for row in table["objective"] for text in _example_texts(row)]
        examples += [Example(text, 0) for text in table.get("none", {}).get("topics", ())]
        examples += [
            Example(text, row["objectives"][0], tuple(row["objectives"][1:]))
            for row in table.get("example", ())
            for text in row["texts"]
        ]
    except (KeyError, TypeError, IndexError) as error:
        raise CorpusError(
            f"{path}: an [[objective]] or an [[example]] lacks {error}; the one needs number, title, short, paragraph, "
            "round_table, the other objectives, texts."
        ) from error
    objectives.sort(key=lambda objective: objective.number)
    if [objective.number for objective in objectives] != list(range(1, OBJECTIVE_COUNT + 1)):
        raise CorpusError(f"{path}: must hold the objectives 1 to {OBJECTIVE_COUNT}, each once.")
    if len({objective.title for objective in objectives}) != OBJECTIVE_COUNT:
        raise CorpusError(f"{path}: two objectives have the same title.")
    return ObjectivesTable(tuple(objectives), tuple(examples))


def read_translated(path: Path) -> tuple[Translated, ...]:
    """Read the objectives' titles and terms in other languages, and questions on any topic.

    Raises:
        CorpusError: The table can't be read, or isn't whole.
    """
    table = read_toml(path)
    try:
        terms = [
            Translated(str(text), int(row["number"]), str(row["language"]))
            for row in table["translation"]
            for text in (row["title"], *row["terms"])
        ]
        questions = [
            Translated(str(text), None, str(row["language"])) for row in table["questions"] for text in row["texts"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(
            f"{path}: lacks {error}; each [[translation]] needs number, language, title, terms, each [[questions]] "
            "language, texts."
        ) from error
    return (*terms, *questions)


def _objective(row: Mapping[str, Any]) -> Objective:
    scope, boundary = row.get("scope", ""), row.get("boundary", "")
    return Objective(row["number"], row["title"], row["short"], row["paragraph"], row["round_table"], scope, boundary)


def _example_texts(row: Mapping[str, Any]) -> list[str]:
    texts = [row["title"], row.get("scope", "")]
    for kind in ("topics", "practices", "actions"):
        texts += row.get(kind, ())
    return [text for text in texts if text]
