"""The 23 objectives of the Global Compact: what a text states, what it falls under, where the gaps are."""

from assistant.objectives.classifier import SUREST, ObjectiveClassifier
from assistant.objectives.coverage import Cell, Coverage, coverage_of
from assistant.objectives.multilingual import CentredRows, Second, Texts, build_second, second_sha256
from assistant.objectives.shipped import PRETRAINED, Pretrained, pretrained
from assistant.objectives.spreadsheets import Rank, Unread, classify_sheet
from assistant.objectives.table import (
    ObjectivesTable,
    asked_objectives,
    read_objectives,
    read_translated,
    with_stated_tags,
)
