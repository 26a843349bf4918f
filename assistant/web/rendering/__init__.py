"""Records become HTML in the words of a language.

In reading order: `questions` reads what a page asks and answers it. `strings` holds the interface's words, `wording`
says facts in them, `citations` cites; `document_words` writes a document's words to the letter, `passages` those of a
passage. `templates` fills in the files of the folder `templates`, in which all pages are written; `answers`,
`documents`, `objectives`, `coverage` and `page_frame` give them what they show.
"""

from assistant.web.rendering.answers import announcement, render_problem, render_turn, unclear_words
from assistant.web.rendering.citations import (
    address_at,
    cite,
    cite_briefly,
    listed,
    our_place,
    place_of,
    place_of_entry,
    place_of_hit,
)
from assistant.web.rendering.coverage import UNTAGGED, render_cell, render_coverage
from assistant.web.rendering.document_words import is_web_address
from assistant.web.rendering.documents import render_document
from assistant.web.rendering.objectives import chosen_numbers, render_choice, render_filter, render_ranking
from assistant.web.rendering.page_frame import (
    NOTE_EXAMPLES,
    Example,
    render_getting_ready,
    render_searched,
)
from assistant.web.rendering.passages import Context, context_of, goes_on, quoted_lines, searched_for
from assistant.web.rendering.questions import (
    MAX_TURN,
    Asked,
    Turn,
    UnaskedError,
    as_text,
    ask,
    leaning_on,
    read_asked,
    received,
    turn_of,
)
from assistant.web.rendering.strings import (
    LANGUAGES,
    Strings,
    direction_of,
    language_of,
    name_of_language,
    negotiate,
    read_strings,
)
from assistant.web.rendering.templates import render
from assistant.web.rendering.wording import (
    basis_in_words,
    chance_in_words,
    difference_in_words,
    is_likely,
    names_of,
    place_in_compact,
    short_name,
)
