"""The page in a browser: the only home of Gradio and FastAPI.

Importing it makes sure that nothing behind the page speaks to another host.
"""

import os

# Gradio and the model hub's client read these once, when they are imported; so they are set before that.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
