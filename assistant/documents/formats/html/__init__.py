"""A web page becomes blocks: `page` finds the article in it, `unseen` what is hidden, and `tree` reads the rest."""

from .page import read_html, read_page, read_xhtml
