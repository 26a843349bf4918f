import base64
import quopri
from pathlib import Path

import pytest

from assistant.documents.formats.blocks import Block, FormatError
from assistant.documents.formats.html import read_html, read_xhtml
from tests.documents.formats.samples import BRIEF, pieces_of

ARTICLE = "".join(f"<p>{text}</p>" for text in BRIEF)


def read(tmp_path: Path, page: str | bytes) -> tuple[list[Block], str]:
    path = tmp_path / "page.html"
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    return pieces_of(read_html(path))


def texts(tmp_path: Path, page: str | bytes) -> list[str]:
    return [block.text for block in read(tmp_path, page)[0]]


def test_the_article_is_read_and_not_what_stands_around_it(tmp_path: Path) -> None:
    page = f"""<!doctype html><html><head><title>Rooms | Example office</title></head><body class="has-sidebar menu">
    <header><a href="/">Example office</a><nav><ul><li><a href="/a">About</a></li></ul></nav></header>
    <div id="cookieBanner"><p>We use cookies. Accept?</p><button>Yes</button></div>
    <main><div class="breadcrumb">Home / Briefs</div><article><header><h1>Rooms</h1></header>{ARTICLE}
    <div class="social-share"><a href="#">Share this</a></div></article></main>
    <aside><p>Related briefs</p></aside><footer>All rights reserved</footer>
    <script>alert("no")</script><div hidden>Not shown</div></body></html>"""

    blocks, title = read(tmp_path, page)

    assert title == "Rooms"
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Rooms"),
        *(("paragraph", text) for text in BRIEF),
    ]


def test_a_page_without_marked_regions_loses_its_menus_alone(tmp_path: Path) -> None:
    menu = "<ul>" + "".join(f'<li><a href="/{i}">Part {i}</a></li>' for i in range(5)) + "</ul>"
    links = "<ul><li><a href='/x'>The long title of a brief that this page cites as a source of figures</a></li></ul>"

    told = texts(tmp_path, f"<body>{menu}<div>{ARTICLE}{links}</div></body>")

    assert told[:-1] == list(BRIEF)
    assert told[-1].startswith("• The long title")


def test_what_is_most_of_a_page_is_kept_whatever_it_is_called(tmp_path: Path) -> None:
    assert texts(tmp_path, f'<body><div class="page-with-sidebar">{ARTICLE}</div></body>') == list(BRIEF)


def test_lists_have_the_numbers_that_a_browser_shows(tmp_path: Path) -> None:
    page = """<ol start="3"><li>three<ol type="a"><li>a</li><li value="4">d</li></ol></li><li><p>four</p><p>more
    </p></li></ol><ol reversed><li>two</li><li>one</li></ol><ul><li>dot</li></ul>
    <ol type="A" start="28"><li>after Z</li></ol><ol style="list-style-type: lower-roman"><li>i</li>
    <li>(b) has its own</li></ol>"""

    assert texts(tmp_path, page) == [
        "3. three", "a. a", "d. d", "4. four", "more", "2. two", "1. one", "• dot", "AB. after Z", "i. i",
        "(b) has its own",
    ]  # fmt: skip


def test_tables_are_read_by_rows_and_layout_as_text(tmp_path: Path) -> None:
    page = """<table><caption>Beds</caption><tr><th>Town</th><th>Beds</th></tr><tr><td>Port</td><td><p>7</p></td></tr>
    </table><table><tr><td><h2>Left</h2></td><td>Right</td></tr><tr><td>Below</td></tr></table>"""

    blocks, _ = read(tmp_path, page)

    assert [(block.kind, block.text, block.label) for block in blocks] == [
        ("paragraph", "Beds", ""),
        ("row", "Town | Beds", "table 1"),
        ("row", "Port | 7", "table 1"),
        ("heading", "Left", ""),
        ("paragraph", "Right", ""),
        ("paragraph", "Below", ""),
    ]


def test_cells_stand_under_their_headings(tmp_path: Path) -> None:
    page = """<table><tr><th rowspan="2">State</th><th colspan="2">2020</th></tr><tr><th>men</th><th>women</th></tr>
    <tr><td rowspan="2">Ruritania</td><td></td><td>&nbsp;</td></tr><tr><td>5</td><td>6</td></tr>
    <tr><td colspan="3">All figures are estimates.</td></tr><tr><td></td><td> </td><td></td></tr></table>"""

    assert texts(tmp_path, page) == [
        "State | 2020 | 2020",
        "State | men | women",
        "Ruritania |  |",
        "Ruritania | 5 | 6",
        "All figures are estimates.",
    ]


def test_raised_characters_are_no_digits_of_what_is_before_them(tmp_path: Path) -> None:
    page = """<p>By 2020<sup>3</sup> some 10<sup>6</sup> people had 4<sup>1</sup>/<sub>2</sub> m<sup>2</sup> each.</p>
    <p>In 2021<span style="vertical-align: super">4</span> it was the 2<sup>nd</sup>.</p>
    <p><math><msup><mn>10</mn><mn>9</mn></msup></math> and <math><mfrac><mn>1</mn><mn>3</mn></mfrac></math></p>"""

    assert texts(tmp_path, page) == [
        "By 2020 some 10⁶ people had 4 1/2 m² each.",
        "In 2021 it was the 2nd.",
        "10⁹ and 1/3",
    ]


def test_ruby_text_is_left_out_and_its_base_is_kept(tmp_path: Path) -> None:
    assert texts(tmp_path, "<p><ruby>权利<rp>(</rp><rt>quánlì</rt><rp>)</rp></ruby>受到保护</p>") == ["权利受到保护"]


def test_what_fields_show_is_read_and_a_form_for_searching_is_not(tmp_path: Path) -> None:
    page = """<form><p>State: <input value="Ruritania"> Permits: <input type="number" value="35"><input type="submit"
    value="Send"></p><p>Ratified: <select><option>No</option><option selected>Yes</option></select></p>
    <p><input type="checkbox" checked> A plan <textarea>in two parts</textarea></p></form>
    <form>Search <input name="q"></form><p>Words outside of it.</p>"""

    assert texts(tmp_path, page) == [
        "State: Ruritania Permits: 35",
        "Ratified: Yes",
        "☒ A plan in two parts",
        "Words outside of it.",
    ]


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_web_archive_is_read_as_the_page_in_it(tmp_path: Path, encoding: str) -> None:
    page = "<html><body><p>The ministry opened 61 shelters in Odrin – 2019.</p></body></html>".encode()
    coded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(encoding, bytes)(page)
    head = f"""From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r
Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"""

    assert texts(tmp_path, head.encode() + coded + b"\r\n--x--\r\n") == [
        "The ministry opened 61 shelters in Odrin – 2019."
    ]


def test_a_mail_without_a_page_says_so(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="without a page"):
        read(tmp_path, "From: a\nMIME-Version: 1.0\nContent-Type: text/plain\n\nWords.")


def test_notes_are_apart_and_their_marks_out_of_the_text(tmp_path: Path) -> None:
    page = """<p>Rooms help.<sup><a href="#fn1">1</a></sup> An area of 4 m<sup>2</sup>.<a href="#_ftn7">[7]</a></p>
    <div class="footnotes"><ol><li id="fn1">The first. <a href="#ref1">↩</a></li></ol></div>
    <div id="ftn7"><p><a href="#_ftnref7">[7]</a> The seventh.</p></div><p>After them.</p>"""

    blocks, _ = read(tmp_path, page)

    assert [(block.text, block.label) for block in blocks] == [
        ("Rooms help. An area of 4 m².", ""),
        ("After them.", ""),
        ("1. The first.", "footnote 1"),
        ("The seventh.", "footnote 7"),
    ]


def test_line_breaks_and_bold_lines_are_understood(tmp_path: Path) -> None:
    page = "<p><strong>Clinics</strong></p><p>4. First.<br>(a) one;<br/>(b) two.</p><h2>A<br>B</h2><pre>x\ny</pre>"

    blocks, _ = read(tmp_path, page)

    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Clinics"),
        ("paragraph", "4. First."),
        ("paragraph", "(a) one;"),
        ("paragraph", "(b) two."),
        ("heading", "A B"),
        ("paragraph", "x"),
        ("paragraph", "y"),
    ]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "windows-1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">', "iso-8859-2"),
        ("", "utf-8"),
        ("", "utf-16"),
        ('<meta charset="nonsense">', "utf-8"),
        ('<meta charset="utf-8">', "windows-1252"),
        ('<meta charset="iso-8859-1">', "utf-8"),
        ('<meta charset="utf-16">', "utf-8"),
    ],
)
def test_a_pages_encoding_is_found(tmp_path: Path, head: str, encoding: str) -> None:
    word = {"windows-1251": "Дом", "iso-8859-2": "łódź"}.get(encoding, "café")

    blocks, _ = read(tmp_path, f"<html><head>{head}</head><body><p>{word} and room</p></body></html>".encode(encoding))

    assert [block.text for block in blocks] == [f"{word} and room"]


def test_the_title_is_the_headline_else_what_the_page_declares(tmp_path: Path) -> None:
    meta = '<meta property="og:title" content="Declared">'

    assert read(tmp_path, f"<title>T | Site</title>{meta}<main><h1>H</h1>{ARTICLE}</main>")[1] == "H"
    assert read(tmp_path, f"<title>T | Site</title>{meta}<main>{ARTICLE}</main>")[1] == "Declared"
    assert read(tmp_path, f"<title>T | Site</title><main>{ARTICLE}</main>")[1] == "T"


def test_no_depth_of_nesting_is_too_much(tmp_path: Path) -> None:
    assert texts(tmp_path, "<div>" * 20_000 + "deep") == ["deep"]


XHTML = """<?xml version="1.0" encoding="iso-8859-2"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a>b.js" /><link rel="x" href="y"/></head><body>
<h1>Łódź<a id="top"/></h1><ol><li>one<br/>more</li><li>two</li></ol><p class="intro"/><div class='nav' />
<p>Fewer than <![CDATA[3 < 5 & more]]> beds.<img src="x.png" alt=""/></p></body></html>"""


def test_a_page_of_xhtml_ends_its_elements_as_xml_does(tmp_path: Path) -> None:
    path = tmp_path / "page.xhtml"
    path.write_bytes(XHTML.encode("iso-8859-2"))

    blocks, title = pieces_of(read_xhtml(path))

    assert title == "Łódź"
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Łódź"),
        ("paragraph", "1. one"),
        ("paragraph", "more"),
        ("paragraph", "2. two"),
        ("paragraph", "Fewer than 3 < 5 & more beds."),
    ]


@pytest.mark.parametrize("page", ["<![CDATA[" * 5, "<a b='" * 20_000, "<a /" * 20_000, "<a " + "b " * 50_000, ""])
def test_a_page_of_xhtml_that_is_none_harms_nothing(tmp_path: Path, page: str) -> None:
    path = tmp_path / "page.xhtml"
    path.write_text(f"{page}<p>Words.", encoding="utf-8")

    blocks, _ = pieces_of(read_xhtml(path))

    assert len(blocks) <= 1


def test_an_empty_page_has_no_blocks(tmp_path: Path) -> None:
    assert read(tmp_path, "") == ([], "")
