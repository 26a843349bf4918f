"""Evaluation: questions whose answers are known become figures, floors and a report.

In reading order: `questions` (ask them), `metrics` (the field's measures), `figures` (measure the outcomes), `pairs`
(the same question with its answer and without), `evaluate` (a whole split), `floors` (the worst figures that pass),
`report` and `plots` (show them).
"""

from assistant.evaluation.evaluate import evaluate_corpus, evaluate_texts, open_alone
from assistant.evaluation.floors import FLOORS_FILE, below_floors, read_floors, record_floors
from assistant.evaluation.questions import Row, evidence_of, folded, holds_evidence, read_gold, relevant_passages
from assistant.evaluation.report import check_report, render_figures, render_text, write_report
