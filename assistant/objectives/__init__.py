"""The 23 objectives of the Global Compact: a text becomes the objectives that it states or falls under.

In reading order: `table` reads what is known of each, `stated` finds those that a text names, `training` fits the
models with which `classifier` and, for other languages, `multilingual` predict what a text falls under, `shipped` keeps
them; `coverage` counts passages by objective and document, `sheet_rows` reads spreadsheets, `spreadsheets` ranks their
topics.
"""

from assistant.objectives.classifier import LIKELY, SUREST, ObjectiveClassifier, standing_of
from assistant.objectives.coverage import Cell, Coverage, coverage_of
from assistant.objectives.multilingual import (
    MultilingualClassifier,
    multilingual_examples,
    second_sha256,
    term_array,
)
from assistant.objectives.sheet_rows import open_sheet
from assistant.objectives.shipped import PRETRAINED, Pretrained, pretrained
from assistant.objectives.spreadsheets import (
    Rank,
    RankedRow,
    SheetOutcome,
    Unread,
    classify_sheet,
    correct_sheet,
    ranked_rows,
)
from assistant.objectives.stated import asked_numbers, asked_objectives, with_stated_tags
from assistant.objectives.table import ObjectivesTable, read_objectives, read_translated
