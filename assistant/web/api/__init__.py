"""JSON and the Model Context Protocol become answers for programs."""

from assistant.web.api.bodies import MAX_BODY
from assistant.web.api.mcp_server import add_model_context, gradio_without_mcp
from assistant.web.api.routes import add_api
