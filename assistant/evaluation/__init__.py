"""Questions whose answers are known become figures, floors and a report."""

from assistant.evaluation.asking import evaluate_corpus
from assistant.evaluation.figures import read_gold
from assistant.evaluation.floors import FLOORS_FILE, below_floors, read_floors, record_floors
from assistant.evaluation.plots import Series, render_plot
from assistant.evaluation.report import check_report, render_text, write_report
