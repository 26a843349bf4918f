"""Gradio's part of the page: the question box, its button, and the way that a question takes to its answer.

The page itself is written by `shell`, and works before Gradio is there; Gradio's box then takes the place of the plain
one. Nothing that is asked is stored: the browser's tab keeps the conversation, and each question brings the earlier
ones that it may refer to.
"""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from assistant.settings import MAX_QUESTION
from assistant.web.page.turns import Turns
from assistant.web.rendering import Strings

_BOX, _BUTTON = "gradio-question", "gradio-ask"

# Straight calls, one request each: answers take milliseconds, and one that waits keeps no thread. `private` keeps them
# out of Gradio's own programming interface.
_CALL = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}


def build_page(turns: Turns) -> gr.Blocks:
    """Lay Gradio's part out, and tie its event to what answers questions."""

    async def ask(event: gr.EventData) -> object:
        answer = await turns.answer_text(str(event.request))
        return gr.skip() if answer is None else answer  # the former is nothing that the page itself sends

    with gr.Blocks(analytics_enabled=False, fill_width=True) as blocks:
        with gr.Row(elem_id="gradio-row"):
            gr.Textbox(
                elem_id=_BOX,
                show_label=False,
                container=False,
                lines=1,
                max_lines=5,
                max_length=MAX_QUESTION,
                html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
            )
            gr.Button(variant="primary", elem_id=_BUTTON, min_width=0, scale=0)
        newest = gr.HTML(
            "",
            elem_id="newest",
            js_on_load="askTheDocuments.newest(element, trigger, watch)",
            apply_default_css=False,
        )
        asked = newest.click(ask, None, newest, **_CALL)
        asked.failure(None, js="() => { askTheDocuments.fail('fault'); return []; }", api_visibility="private")
    return blocks


def spoken_config(blocks: gr.Blocks, strings: Strings) -> Mapping[str, Any]:
    """Return the layout as Gradio's script needs it, with the words of a language; the script adds where it is."""
    said = {_BOX: {"label": strings.text("question.label")}, _BUTTON: {"value": strings.text("ask")}}
    config = blocks.config
    components = [
        {**each, "props": {**each["props"], **said.get(each["props"].get("elem_id"), {})}}
        for each in config["components"]
    ]
    return {**config, "components": components, "username": None, "deep_link_state": "none", "current_page": ""}
