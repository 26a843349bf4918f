"""Records become HTML in the words of a language."""

from assistant.web.rendering.asking import MAX_TEXT, Asked, as_text, ask, leaning_on, read_asked, turn_of
from assistant.web.rendering.cards import (
    Context,
    basis_in_words,
    context_of,
    goes_on,
    is_likely,
    place_in_compact,
    render_quotation,
)
from assistant.web.rendering.citations import cite, listed, place_of_hit
from assistant.web.rendering.coverage_table import UNTAGGED, render_cell, render_coverage
from assistant.web.rendering.filter import chosen_numbers, names_of, render_filter
from assistant.web.rendering.frame import (
    NOTE_EXAMPLES,
    render_below_box,
    render_cannot_open,
    render_colophon,
    render_examples,
    render_getting_ready,
    render_masthead,
    render_pending,
    render_searched,
    render_status,
    render_topic_head,
    render_topic_pending,
    render_view_head,
)
from assistant.web.rendering.markup import is_web_address, link_attributes
from assistant.web.rendering.ranking import render_ranking
from assistant.web.rendering.reader import render_library, render_sheet
from assistant.web.rendering.render import (
    Turn,
    announcement,
    render_ask_button,
    render_problem,
    render_turn,
    unclear_words,
)
from assistant.web.rendering.strings import LANGUAGES, Strings, direction_of, language_of, negotiate, read_strings
