"""The loader that a meeting page names, and the compact page that it frames."""

from assistant.web.widget.routes import MAX_TURN, add_embed
