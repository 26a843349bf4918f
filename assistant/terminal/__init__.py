"""Commands, answers and progress for people at a terminal, JSON lines for programs behind it.

command_line  which commands there are, and what each takes
rendering     an answer or a ranking -> plain text
comparisons   a draft's quotations, versions, one subject across documents -> plain text
reports       what was asked -> plain text
holdings      the documents, and what was read of a new one -> plain text
progress      a bar on standard error
json_lines    a JSON object a line -> an answer a line
"""

from assistant.terminal.command_line import make_parser
from assistant.terminal.comparisons import render_check, render_comparison, render_in_all
from assistant.terminal.holdings import render_holdings, render_waiting
from assistant.terminal.json_lines import answer_lines
from assistant.terminal.progress import ProgressBar
from assistant.terminal.rendering import render_answer, render_classification
from assistant.terminal.reports import render_asked
