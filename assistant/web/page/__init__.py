"""The page that people open, and the addresses that only it uses.

In reading order: `places` are those of the page; `turns` answers its questions, `topics` ranks topics and shows what
the documents cover, `library` serves documents, `sheets` ranks files of topics, `feedback` takes whether an answer
helped. `shell` writes the page, whole without a script; `page` is Gradio's part of it, and `gradio_routes` closes what
Gradio serves and the page doesn't need.
"""

from assistant.web.page.feedback import add_feedback
from assistant.web.page.gradio_routes import CALL_PATH, MAX_CALL, close_unused
from assistant.web.page.library import Library, add_library
from assistant.web.page.page import build_page
from assistant.web.page.sheets import MAX_CORRECTED, SHEET_MEGABYTES, SHEETS_AT_ONCE, add_sheets
from assistant.web.page.shell import Parts, add_shell, language_for
from assistant.web.page.topics import Topics, add_topics
from assistant.web.page.turns import Turns
