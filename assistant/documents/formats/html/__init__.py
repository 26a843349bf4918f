"""A web page becomes blocks: `page` finds the article in it, `tree` reads that."""

from .page import read_html, read_xhtml
