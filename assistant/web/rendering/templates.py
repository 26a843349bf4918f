"""The templates that pages are written in: one environment, each template compiled once.

Whatever is put into a template is escaped. Line breaks and indentation are for a template's reader: beside a tag they
leave nothing in the page, between words they are a space.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from assistant.records import THIS_ROUND_TABLE
from assistant.web.rendering import citations, document_words, passages, wording
from assistant.web.rendering.strings import LANGUAGES, direction_of, name_of_language

_TEMPLATES = Path(__file__).parent / "templates"
_LINE_BREAK = re.compile(r"(?<!\s)\s*\n\s*")


def render(template: str, **values: object) -> str:
    """Fill in a template.

    Args:
        template: Its path inside the folder `templates`.
        values: What it calls by name.
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[_Unindented],
        auto_reload=False,
    )
    functions = (
        *(
            citations.address_at,
            citations.cite_briefly,
            citations.listed,
            citations.place_of,
            citations.place_of_document,
            citations.place_of_entry,
            citations.place_of_hit,
        ),
        *(document_words.is_web_address, document_words.link_attributes),
        *(passages.render_passage, passages.render_quotation, passages.searched_for),
        *(wording.basis_in_words, wording.facts_in_words, wording.is_likely, wording.is_long, wording.is_put_to_states),
        *(wording.language_in_words, wording.names_of, wording.place_in_compact, wording.standing_in_words),
        wording.marks_of,
        wording.short_name,
        wording.title_in_words,
        *(direction_of, name_of_language),
    )
    environment.globals.update({each.__name__: each for each in functions})
    environment.globals.update(LANGUAGES=LANGUAGES, THIS_ROUND_TABLE=THIS_ROUND_TABLE)
    return environment


class _Unindented(Extension):
    """A rule for white space: what only lays a template out isn't sent to a browser."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass a template's tokens on, its text without line breaks and indentation."""
        for token in stream:
            yield Token(token.lineno, token.type, _unindented(token.value)) if token.type == "data" else token


def _unindented(text: str) -> str:
    def shortened(line_break: re.Match[str]) -> str:
        before, after = text[: line_break.start()][-1:], text[line_break.end() :][:1]
        return "" if before in ("", ">") or after in ("", "<") else " "

    return _LINE_BREAK.sub(shortened, text)
