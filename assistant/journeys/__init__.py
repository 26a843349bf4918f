"""Journeys that a person starts: a question to its answer, a topic to its objectives, a folder to its index.

In reading order: `assistant` (the front door), `opening` (a corpus, built where need be by `building` or in a
`build_process`), `ask`, `classify` and `objective_ranking`, `checking` of a draft, `json_rows` (the contract's JSON),
`verification` and `changes` of an index, `linting` of a corpus, `holdings` (documents added, replaced and retired); the
package `asked` keeps and reports what was asked.
"""

from assistant.journeys.asked import (
    DAYS,
    NO_OBJECTIVE,
    NOTHING_KEPT,
    Asked,
    Counts,
    Kept,
    QuestionLog,
    kept_by,
    report,
)
from assistant.journeys.assistant import Assistant
from assistant.journeys.build_process import build_apart
from assistant.journeys.building import corpus_state, load_build, translated_file
from assistant.journeys.changes import Snapshot, describe_changes, snapshot_of
from assistant.journeys.checking import MAX_DRAFT, Checking, open_version
from assistant.journeys.holdings import MAX_UPLOAD, Holdings, Waiting
from assistant.journeys.json_rows import answer_row, check_row, classification_row, comparison_row, timed
from assistant.journeys.linting import lint
from assistant.journeys.opening import open_corpus, publish
from assistant.journeys.verification import verify
