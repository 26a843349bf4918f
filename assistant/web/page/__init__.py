"""The Gradio page, its views and the addresses that only it uses."""

from assistant.web.page.feedback import add_feedback
from assistant.web.page.gradio_routes import CALL_PATH, MAX_CALL, close_unused
from assistant.web.page.library import add_library
from assistant.web.page.localized import InLanguage, language_for
from assistant.web.page.page import build_page
from assistant.web.page.sheets import SHEET_MEGABYTES, SHEETS_AT_ONCE, add_sheets
