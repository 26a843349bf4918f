from selectolax.lexbor import LexborHTMLParser

from assistant.documents.formats.html.unseen import unseen


def hidden(page: str) -> list[str]:
    return [node.text() for node in unseen(LexborHTMLParser(page))]


def test_style_attributes_hide_and_strike_out() -> None:
    styles = (
        "DISPLAY: NONE !important",
        "visibility:hidden",
        "opacity: 0",
        "font-size:0px",
        "text-decoration: underline line-through",
        "position:absolute; left:-9999px",
        "color: #FFF",
        "font-size: 1px",
        "max-height:0",
        "clip-path: inset(50%)",
    )

    assert hidden("".join(f'<p style="{style}">{i}</p>' for i, style in enumerate(styles))) == list("0123456789")
    assert (
        hidden('<p style="opacity:0.5;font-size:0.9em;max-height:10px;margin-left:-2px;color:#fffff0">seen</p>') == []
    )


def test_style_sheets_count_but_for_those_for_printing() -> None:
    page = """<style>/* .a{display:none} */ .b, #c > i {display:none} @media print{.d{display:none}}
    @media screen{.e{visibility:hidden}} @keyframes x{from{opacity:0}} .f::before{display:none} .g{display:none}
    .g{display:block}</style><style media="print">.a{display:none}</style>
    <p class="a">a</p><p class="b">b</p><p id="c"><i>c</i></p><p class="d">d</p><p class="e">e</p><p class="f">f</p>
    <p class="g">g</p>"""

    assert hidden(page) == ["b", "c", "e"]


def test_white_letters_are_hidden_where_no_colour_can_lie_under_them() -> None:
    assert hidden('<p style="color:white">a</p><p><font color="white">b</font></p>') == ["a", "b"]
    assert hidden('<style>p{background:#003}</style><p style="color:white">a</p>') == []


def test_a_page_that_is_hidden_until_a_script_has_run_is_seen() -> None:
    assert hidden('<body style="visibility:hidden"><p>a</p><p class="sr-only">b</p></body>') == ["b"]
