"""Questions that were asked, as far as an operator keeps them, become a report of what the documents lack.

In reading order: `question_log` (the questions, in a file), `counts` (their numbers alone), `keeping` (what is kept of
each question), `report` (how many, and which weren't answered, grouped by likeness).
"""

from assistant.journeys.asked.counts import Counts
from assistant.journeys.asked.keeping import NO_OBJECTIVE, NOTHING_KEPT, Kept, kept_by
from assistant.journeys.asked.question_log import DAYS, QuestionLog
from assistant.journeys.asked.report import Asked, Gap, report
