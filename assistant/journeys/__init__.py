"""What a person sets going: ask, classify, build, verify."""

from assistant.journeys.assistant import Assistant
from assistant.journeys.build_process import build_apart
from assistant.journeys.building import corpus_state, load_build, translated_file
from assistant.journeys.changes import Snapshot, describe_changes, snapshot_of
from assistant.journeys.json_rows import answer_row, classification_row
from assistant.journeys.question_log import DAYS, QuestionLog
from assistant.journeys.verification import verify
