import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from assistant.web.rendering import templates
from assistant.web.rendering.strings import read_strings
from assistant.web.rendering.templates import render
from tests.conftest import ROOT

WEB = ROOT / "assistant" / "web"
TEMPLATES = WEB / "rendering" / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def test_whatever_is_put_into_a_template_is_escaped() -> None:
    html = render("problem.html", title="<i>", body="\"&'", id='x"y', level=3, spoken="")

    assert html == (
        '<section class="problem" aria-labelledby="x&#34;y"><h3 id="x&#34;y">&lt;i&gt;</h3>'
        "<p>&#34;&amp;&#39;</p></section>"
    )


def test_a_name_that_a_template_is_not_given_is_a_fault() -> None:
    with pytest.raises(UndefinedError):
        render("problem.html", title="Only this")


@pytest.mark.parametrize(
    ("laid_out", "sent"),
    [
        ("<p>\n  one\n  two\n</p>\n", "<p>one two</p>"),
        ('<p class="a"\n   id="b">\n  <b>one</b>\n  <i>two</i>\n</p>', '<p class="a" id="b"><b>one</b><i>two</i></p>'),
        ("<b>one</b> <i>two</i>, three", "<b>one</b> <i>two</i>, three"),
        ("{% if true %}\n  one\n{% endif %}\n{{ 'two' }}\n", "onetwo"),
        ("one{{ ' ' }}\n{# A remark. #}\n<b>two</b>", "one <b>two</b>"),
    ],
)
def test_line_breaks_and_indentation_are_for_the_template_s_reader(laid_out: str, sent: str) -> None:
    assert templates._environment().from_string(laid_out).render() == sent


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles_and_is_called_by_name(name: str) -> None:
    templates._environment().get_template(name)

    callers = [path.read_text(encoding="utf-8") for path in (*WEB.rglob("*.py"), *TEMPLATES.rglob("*.html"))]
    assert any(f'"{name}"' in caller for caller in callers)


def test_html_is_written_in_templates_alone() -> None:
    # Those that write the documents' own words, letter by letter, and those of other packages' own.
    allowed = {"document_words.py", "documents.py"}
    sources = [path for folder in ("rendering", "widget", "page") for path in Path(WEB / folder).glob("*.py")]

    written = {path.name for path in sources if re.search(r"""['"]</?[a-z]+[ >]""", path.read_text(encoding="utf-8"))}

    assert written <= allowed


def test_a_template_reads_the_language_s_words() -> None:
    assert read_strings("fr").text("promise") in render("page/view_head.html", strings=read_strings("fr"))
