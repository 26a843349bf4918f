"""Elements that a page's styles hide or strike out are found, so that they aren't read.

Understood are the style attributes and the page's own style sheets, without those for printing. Of two rules for one
element the later one counts.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SCREEN = re.compile(r"\s*@(?:media\s+(?:all|screen)\b[^()]*|layer\b[^;]*)\Z")
_MAX_RULES = 100
_MAX_STYLED = 200_000  # elements, each counted once for every rule that it falls under
_DECLARATION = re.compile(r"(?:\A|[;\s])([a-z-]+)\s*:\s*([^;]*)")
# By property: what hides an element or strikes it out; a value that fits none shows it.
_HIDING = {
    "display": re.compile(r"none\b"),
    "visibility": re.compile(r"(?:hidden|collapse)\b"),
    "opacity": re.compile(r"0?\.?0+%?(?![\d.])"),
    "font-size": re.compile(r"(?:0(?:px|pt|em|rem|%)?|[012](?:\.\d+)?px|1(?:\.\d+)?pt)(?![\d.\w])"),
    "max-height": re.compile(r"0(?:px)?(?![\d.])"),
    "clip-path": re.compile(r"inset\((?:50|100)%"),
    "text-decoration": re.compile(r"\A.*\bline-through\b"),
    "text-decoration-line": re.compile(r"\A.*\bline-through\b"),
    "left": re.compile(r"-\d{3,}"),
    "top": re.compile(r"-\d{3,}"),
    "text-indent": re.compile(r"-\d{3,}"),
    "clip": re.compile(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]"),
}
_MAY_HIDE = re.compile("|".join((*_HIDING, "color")), re.IGNORECASE)
_WHITE = re.compile(r"(?:#fff(?:fff)?|white|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))(?![\w-])")
# Classes of common frameworks for what only screen readers are to say.
_UNSEEN = "[hidden], .sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text, .screen-reader-only"
_PAGES = frozenset({"html", "body", "main", "article"})  # hidden only until a script has run


def unseen(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return the elements that a reader of the page doesn't see, or sees struck out."""
    hiding = dict(_HIDING)
    if "background" not in (tree.html or "").lower() and not tree.css("[bgcolor], link[rel=stylesheet]"):
        hiding["color"] = _WHITE
    nodes: dict[int, LexborNode] = {}
    properties: dict[int, set[str]] = {}
    for node, style in islice(_styled(tree), _MAX_STYLED):
        nodes[node.mem_id] = node
        hidden_by = properties.setdefault(node.mem_id, set())
        for name, value in _declared(style).items():
            if name in hiding:
                (hidden_by.add if hiding[name].match(value) else hidden_by.discard)(name)
    hidden = [node for key, node in nodes.items() if properties[key] and node.tag not in _PAGES]
    struck = tree.css('font[color="white"], font[color="#ffffff"]') if "color" in hiding else []
    return [*hidden, *struck, *tree.css(_UNSEEN)]


@lru_cache  # the same style may hold for many elements
def _declared(style: str) -> Mapping[str, str]:
    return dict(_DECLARATION.findall(style.lower()))


def _styled(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Yield elements with a style that may hide them, in the order in which the styles take effect."""
    sheets = [node.text() for node in tree.css("style") if "print" not in (node.attributes.get("media") or "")]
    rules = (rule for rule in _rules("\n".join(sheets)) if _MAY_HIDE.search(rule[1]))
    for selector, style in islice(rules, _MAX_RULES):
        try:
            yield from ((node, style) for node in tree.css(selector))
        except SelectolaxError:
            continue  # a pseudo-element, or what only browsers know
    for node in tree.css("[style]"):
        yield node, node.attributes.get("style") or ""


def _rules(sheets: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and declarations of the rules that hold on every screen."""
    sheets = _COMMENT.sub(" ", sheets)
    heads: list[str] = []  # of the rules that are open
    end = 0
    for brace in re.finditer(r"[{}]", sheets):
        before, end = sheets[end : brace.start()], brace.end()
        if brace[0] == "{":
            heads.append(before.rpartition(";")[2].strip())
        elif heads:
            *outer, selector = heads
            if not selector.startswith("@") and all(map(_SCREEN.match, outer)):
                yield selector, before
            heads.pop()
