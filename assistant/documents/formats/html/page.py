"""A web page becomes blocks of the article in it, without menus, banners, footers and the like."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..blocks import FormatError, Reading, Title, clean
from ..encodings import decode_declared
from ..front_matter import split_front_matter
from .tree import blocks_of, steps
from .unseen import unseen

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_CHARSET_WITHIN = 4096  # bytes
# Elements that are always empty in HTML; any other is open until its end tag, even if it is written `<script/>`.
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_EMPTY_ELEMENT = re.compile(rf"<(?!(?:{_VOID})\b)([a-zA-Z][\w-]*+)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)(?<=/)>")
_NEVER = (
    "script, style, template, noscript, svg, canvas, iframe, object, button, dialog, audio, video,"
    " del, s, strike, rt, rp, annotation, annotation-xml, ix\\:header"
)
_FIELDS = "input, select, textarea"
_SHOWN_FIELDS = frozenset("text number date month week time datetime-local email tel url".split())
_MAIL_HEAD = re.compile(rb"\s*(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary", "menu", "toolbar")
_FURNITURE = ", ".join(
    (
        "nav, aside, footer, header:not(main header, article header)",
        "[aria-hidden=true], [aria-modal=true]",
        *(f"[role={role}]" for role in _ROLES),
    )
)
# Words in the classes and ids of what stands around an article.
_NAMES = frozenset(
    "ad ads advert advertisement banner breadcrumb breadcrumbs comments consent cookie cookies disqus drawer footer"
    " gdpr masthead menu modal nav navbar navigation newsletter offcanvas onetrust pager pagination popup promo related"
    " share sharing sidebar signup skip social subscribe toolbar watermark".split()
)
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAMED = "div[class], div[id], section[class], section[id], ul[class], ul[id], p[class], a[class], table[class]"
_ALWAYS_KEPT = frozenset({"html", "body", "main", "article"})
_MOST_OF_A_PAGE = 0.4  # of a page's words: an element with more is kept, whatever it is called
_ARTICLES = (
    "article",
    "main, [role=main]",
    "#content, #main, #main-content, #mw-content-text, .content, .entry-content",
)
_LEAST_OF_ARTICLE = 0.5  # of a page's words: an element with fewer is one of several articles, and not the article
_MENU_LINKS = 0.7  # of a menu's words are in links
_MENU_WORDS = 6  # in each link, on average
_SITE_NAME = re.compile(r"(?<!\s)\s+(?:[|–—·»]|-)\s+")


def read_html(path: Path) -> Reading:
    """Read a page of HTML."""
    return read_page(path.read_bytes())


def read_xhtml(path: Path) -> Reading:
    """Read a page of XHTML, whose elements end as those of XML do."""
    return _read_page(_as_html(_decoded(path.read_bytes())))


def read_page(content: bytes) -> Reading:
    """Read the bytes of a page of HTML."""
    return _read_page(split_front_matter(_decoded(content))[1])


def _read_page(page: str) -> Reading:
    tree = LexborHTMLParser(page)
    yield None
    if tree.body is None:
        return
    fallback = _declared_title(tree)
    _show_form_values(tree, tree.body)
    for node in [*unseen(tree), *tree.css(_NEVER)]:
        if node.parent is not None:  # else an element around it was removed
            node.remove()
    headline = _text(tree.css_first("h1", default=None))
    _remove_furniture(tree, tree.body)
    yield None
    root = _article(tree, tree.body)
    yield from blocks_of(root)
    title = _text(root.css_first("h1", default=None)) or headline or fallback
    if title:
        yield Title(title)


def _decoded(content: bytes) -> str:
    head = content[:_CHARSET_WITHIN]
    declared = ""
    if _MAIL_HEAD.match(head) and b"mime-version:" in head.lower():
        content, declared = _saved_page(content)
        head = content[:_CHARSET_WITHIN]
    if match := _XML_CHARSET.match(head) or _CHARSET.search(head):
        declared = match[1].decode("ascii").lower()
    return decode_declared(content, declared)


def _saved_page(content: bytes) -> tuple[bytes, str]:
    """Return the page inside a web archive, a file of the kind of an e-mail, and the encoding that it declares."""
    from email import message_from_bytes

    for part in message_from_bytes(content).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = part.get_payload(decode=True)
            return page if isinstance(page, bytes) else b"", part.get_content_charset("")
    raise FormatError("an e-mail, or a web archive without a page; open it and save the page as HTML.")


def _show_form_values(tree: LexborHTMLParser, body: LexborNode) -> None:
    """Put the values of fields in their places, and take away forms to fill in, as for a search."""
    forms = tree.css("form")
    most = _MOST_OF_A_PAGE * _word_count(body) if forms else 0
    for form in forms:
        if sum(map(bool, map(_form_value, form.css(_FIELDS)))) < 2 and _word_count(form) <= most:
            form.remove()
    for field in tree.css(_FIELDS):
        field.replace_with(f" {_form_value(field)} ")


def _form_value(field: LexborNode) -> str:
    """Return what a field shows: its text, its mark or what is chosen in it."""
    attributes = field.attributes
    if field.tag == "select":
        return ", ".join(_text(option) for option in field.css("option[selected]"))
    if field.tag == "textarea":
        return _text(field)
    kind = (attributes.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☒" if "checked" in attributes else ""
    return (attributes.get("value") or "") if kind in _SHOWN_FIELDS else ""


def _as_html(page: str) -> str:
    """Return a page with end tags for its empty elements, and with its character data escaped."""
    pieces = page.split("<![CDATA[")
    for i, piece in enumerate(pieces[1:], start=1):
        data, _, markup = piece.partition("]]>")
        pieces[i] = escape(data) + markup
    return _EMPTY_ELEMENT.sub(r"<\1\2></\1>", "".join(pieces))


def _declared_title(tree: LexborHTMLParser) -> str:
    named = tree.css_first('meta[property="og:title"]', default=None)
    if named is not None and (title := clean(named.attributes.get("content") or "")):
        return title
    return _SITE_NAME.split(_text(tree.css_first("title", default=None)))[0]


def _text(node: LexborNode | None) -> str:
    return clean(node.text(separator=" ")) if node is not None else ""


def _word_count(node: LexborNode) -> int:
    return len(node.text(separator=" ").split())


# What stands around the article --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Contents:
    """What an element holds, counted."""

    words: int = 0
    linked: int = 0  # words in links
    links: int = 0
    articles: int = 0  # and headlines

    def is_menu(self) -> bool:
        """Return whether there is little but short links."""
        return self.links > 2 and _MENU_LINKS * self.words <= self.linked <= _MENU_WORDS * self.links


def _contents(root: LexborNode) -> Mapping[int, _Contents]:
    """Return what each element holds, by its id; each node is looked at once, however deep it is."""
    found: dict[int, _Contents] = defaultdict(_Contents)
    open_ = [_Contents()]
    for node, is_entering in steps(root, skipping=None):
        if node.is_text_node:
            open_[-1].words += len((node.text_content or "").split()) if is_entering else 0
        elif is_entering:
            open_.append(_Contents(links=node.tag == "a", articles=node.tag in _ALWAYS_KEPT or node.tag == "h1"))
        else:
            own = found[node.mem_id] = open_.pop()
            outer = open_[-1]
            outer.words += own.words
            outer.linked += own.words if node.tag == "a" else own.linked
            outer.links += own.links
            outer.articles += own.articles
    return found


def _remove_furniture(tree: LexborHTMLParser, body: LexborNode) -> None:
    contents = _contents(body)
    most = _MOST_OF_A_PAGE * contents[body.mem_id].words
    unwanted = [node for node in tree.css(_FURNITURE) if node.tag not in _ALWAYS_KEPT]
    unwanted += [node for node in tree.css(_NAMED) if _is_named_furniture(node) and not contents[node.mem_id].articles]
    for node in unwanted:
        # An element inside another one that was removed has lost its parent.
        if node.parent is not None and contents[node.mem_id].words <= most:
            node.remove()


def _is_named_furniture(node: LexborNode) -> bool:
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return not _NAMES.isdisjoint(word.lower() for word in _NAME.findall(named))


def _article(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    contents = _contents(body)

    def words(node: LexborNode) -> int:
        return contents[node.mem_id].words

    for selector in _ARTICLES:
        found = max(tree.css(selector), key=words, default=None)
        if found is not None and words(found) >= max(_LEAST_OF_ARTICLE * words(body), 1):
            return found
    for menu in [node for node in tree.css("ul, ol") if contents[node.mem_id].is_menu()]:
        menu.remove()
    return body
