"""The page that people open, and the addresses that only it uses.

In reading order: `page` lays out the conversation, `topics` the view "Which objective?"; `localized` puts them into the
visitor's language. `library` serves documents, `sheets` ranks files of topics, `feedback` takes whether an answer
helped; `gradio_routes` closes what Gradio serves and the page doesn't need.
"""

from assistant.web.page.feedback import add_feedback
from assistant.web.page.gradio_routes import CALL_PATH, MAX_CALL, close_unused
from assistant.web.page.library import add_library
from assistant.web.page.localized import InLanguage, language_for
from assistant.web.page.page import build_page
from assistant.web.page.sheets import SHEET_MEGABYTES, SHEETS_AT_ONCE, add_sheets
