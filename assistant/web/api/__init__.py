"""JSON and the Model Context Protocol become answers for programs.

In reading order: `routes` (the addresses), `bodies` (of requests, as strict JSON), `schema` (what comes back over HTTP
alone), `openapi` (the description, and `/docs`), `suggestions` (to go on with), `mcp_server`.
"""

from assistant.web.api.bodies import MAX_BODY, MAX_DRAFT_BODY
from assistant.web.api.mcp_server import add_model_context, gradio_without_mcp, serve_standard_streams
from assistant.web.api.routes import add_api
from assistant.web.api.suggestions import Suggestions
