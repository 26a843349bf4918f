"""Answers and progress for people at a terminal, JSON lines for programs behind it.

rendering    an answer or a ranking -> plain text
progress     a bar on standard error
json_lines   a JSON object a line -> an answer a line
"""

from assistant.terminal.json_lines import answer_lines
from assistant.terminal.progress import ProgressBar
from assistant.terminal.rendering import render_answer, render_classification
