"""The address that takes whether an answer helped, for the operator's log; without such a log it isn't there."""

import asyncio
import json

from fastapi import FastAPI, Request, Response

from assistant.errors import InputError
from assistant.journeys import QuestionLog
from assistant.web.app import TooLargeError, read_capped, says_json
from assistant.web.rendering import as_text

_MAX_BODY = 16_384  # bytes


def add_feedback(app: FastAPI, log: QuestionLog) -> None:
    """Give an application the address that takes what visitors thought of an answer: POST /feedback."""

    @app.post("/feedback", response_model=None)
    async def take(request: Request) -> Response:
        if not says_json(request):
            return Response(status_code=415)
        try:
            sent = json.loads(await read_capped(request, _MAX_BODY))
            question, is_helpful = sent["question"], sent["helpful"]
        except TooLargeError:
            return Response(status_code=413)
        except (ValueError, KeyError, TypeError, RecursionError):
            return Response(status_code=422)
        if not isinstance(question, str) or not isinstance(is_helpful, bool):
            return Response(status_code=422)
        try:
            await asyncio.to_thread(log.add, "feedback", question=as_text(question), helpful=is_helpful)
        except InputError:
            return Response(status_code=503)
        return Response(status_code=204)
