from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Link, Span
from assistant.web.rendering.document_words import is_web_address, read_lines, render_lines


class Reader(HTMLParser):
    """What a browser makes of a piece of HTML: its text, its marked text, its links and its lines."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.marked = ""
        self.links: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(str(html))  # what is added to a piece of Markup would be escaped
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self._open.append(tag)
        if tag == "a":
            self.links.append(("", dict(attrs)["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in ("span", "strong"):
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data
        if "a" in self._open:
            label, address = self.links[-1]
            self.links[-1] = (label + data, address)


def render_words(text: str, *, goes_on: tuple[bool, bool] = (False, False), **options: Any) -> str:
    return render_lines(read_lines(text, **options), goes_on=goes_on)


def squeezed(text: str) -> str:
    return "".join(text.split())


def lines(html: str) -> list[str]:
    return Reader(html).text.strip().split("\n")


def test_a_page_break_in_mid_sentence_is_shown_as_a_space() -> None:
    html = render_words("child-sensitive and\n\ngender-specific information")

    assert lines(html) == ["child-sensitive and gender-specific information"]


def test_a_heading_above_the_paragraph_is_a_line_of_its_own_in_bold() -> None:
    text = "Guiding questions\n\nAll guiding questions should be assessed"

    html = render_words(text, body=text.index("All"))

    assert lines(html) == ["Guiding questions", "All guiding questions should be assessed"]
    assert '<strong class="words-line words-heading">Guiding questions</strong>' in html


def test_the_lines_of_a_title_page_stay_apart() -> None:
    assert lines(render_words("Regional Review\n\n12 and 13 November 2020", keeps_lines=True)) == [
        "Regional Review",
        "12 and 13 November 2020",
    ]


def test_signs_of_markdown_are_not_shown() -> None:
    html = render_words("## The crises ##\n\n- one crisis\n- another")

    assert lines(html) == ["The crises", "one crisis", "another"]
    assert html.count("words-item") == 2


def test_a_dash_in_mid_line_is_a_dash() -> None:
    html = render_words("- or should have in place -", starts_line=False)

    assert lines(html) == ["- or should have in place -"]


@pytest.mark.parametrize(
    ("text", "shown", "links"),
    [
        pytest.param("see [the page](https://a.org/b).", "see the page.", [("the page", "https://a.org/b")], id="web"),
        pytest.param("see [the page](#).", "see the page.", [], id="lost"),
        pytest.param("[Act](https://a.org/(2018))", "Act", [("Act", "https://a.org/(2018)")], id="parentheses"),
        pytest.param("see [it](javascript:alert).", "see it.", [], id="script"),
        pytest.param(
            "[Policy Brief](#): Second one", "Policy Brief: Second one", [("Policy Brief", "https://b/")], id="b"
        ),
        pytest.param("[Policy Brief](#):\nFirst", "Policy Brief: First", [("Policy Brief", "https://a/")], id="a"),
        pytest.param("[Bad](#)", "Bad", [], id="address-that-runs"),
        pytest.param(
            "At https://a.org/b?c=1&d, and",
            "At https://a.org/b?c=1&d, and",
            [("https://a.org/b?c=1&d",) * 2],
            id="bare",
        ),
    ],
)
def test_a_link_shows_its_label_and_leads_where_it_should(text: str, shown: str, links: list[tuple[str, str]]) -> None:
    targets = [
        Link("Policy Brief", "First", "https://a/"),
        Link("Policy Brief", "Second", "https://b/"),
        Link("Bad", "", "javascript:alert(1)"),
    ]

    read = Reader(render_words(text, links=targets))

    assert read.text.strip() == shown
    assert read.links == links


def test_a_highlight_across_a_link_and_a_page_break_marks_just_its_words() -> None:
    text = "All [here](https://a.org) and\n\nthere; not this"

    read = Reader(render_words(text, highlights=[(4, text.index(";"))]))

    assert read.marked == "here and there"


def test_where_a_paragraph_goes_on_is_said_outside_its_words() -> None:
    html = render_words("in the middle", goes_on=(True, True))

    assert html == '<span class="words-line goes-on-before goes-on-after">in the middle</span>'


def test_only_addresses_of_the_web_may_be_linked() -> None:
    assert is_web_address("https://un.org")
    assert is_web_address("HTTP://un.org")
    assert not is_web_address("javascript:alert(1)")
    assert not is_web_address(" https://un.org")
    assert not is_web_address("")


# Laws ----------------------------------------------------------------------------------------------------------------

PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="#[]()-*•–/"), max_size=12)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", " \n\t", "\f", "\u2028"])
PLAIN_TEXTS = st.lists(st.tuples(PLAIN, GAPS), max_size=12).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
MARKED_UP_TEXTS = st.lists(
    st.sampled_from(
        [
            "word",
            "<b>",
            "&amp;",
            '"',
            "'",
            "## ",
            "- ",
            "[a <i>](#)",
            '[b](https://x.org/?a="b)',
            "\n",
            "\n\n",
            "🙂",
            "é",
            "](",
        ]
    ),
    max_size=20,
).map("".join)


@st.composite
def with_spans(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[str, list[Span]]:
    text = draw(texts)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    return text, [(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if start < end]


@given(with_spans(PLAIN_TEXTS), st.integers(0, 40), st.booleans())
def test_every_letter_is_shown_and_every_highlighted_letter_is_marked(
    passage: tuple[str, list[Span]], body: int, keeps_lines: bool
) -> None:
    text, spans = passage

    read = Reader(render_words(text, highlights=spans, body=min(body, len(text)), keeps_lines=keeps_lines))

    assert squeezed(read.text) == squeezed(text)
    assert squeezed(read.marked) == squeezed("".join(text[start:end] for start, end in spans))


@given(PLAIN_TEXTS)
def test_words_never_run_together(text: str) -> None:
    assert Reader(render_words(text)).text.split() == text.split()


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "## ", "- ", "* "]), st.sampled_from(["one", "two & <three>", "é 🙂"])),
        min_size=1,
    )
)
def test_of_markdown_only_the_signs_are_left_out(parts: list[tuple[str, str]]) -> None:
    text = "\n\n".join(sign + words for sign, words in parts)

    read = Reader(render_words(text, highlights=[(0, len(text))]))

    assert read.text.split() == " ".join(words for _, words in parts).split()
    assert squeezed(read.marked) == squeezed(read.text)


@given(with_spans(MARKED_UP_TEXTS))
def test_nothing_in_a_document_becomes_html(passage: tuple[str, list[Span]]) -> None:
    text, spans = passage

    read = Reader(render_words(text, highlights=spans))

    allowed = {
        "span": {"class"},
        "strong": {"class"},
        "mark": set(),
        "a": {"href", "target", "rel", "aria-describedby"},
    }
    assert all(set(attributes) <= allowed[tag] for tag, attributes in read.tags)
    assert all(is_web_address(address) for _, address in read.links)
