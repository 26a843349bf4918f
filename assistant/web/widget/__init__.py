"""The loader that a meeting page names, and the page that it frames.

In reading order: `compact_page` (the page), `routes` (its addresses and the loader's).
"""

from assistant.web.widget.routes import add_embed, add_loader
