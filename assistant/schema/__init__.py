"""The contract's JSON, the same for HTTP, JSON lines and MCP: read strictly, checked, and described.

    strict_json  bytes -> JSON, without what programs would read differently
    requests     JSON -> a question, a topic or a draft, or one line that says what to mend
    replies      the fields of what comes back

It imports pydantic, which takes a fifth of a second: a command that answers one question doesn't import this package.
"""

from assistant.schema.replies import Answer, Check, Classification, Reply
from assistant.schema.requests import (
    MAX_PAGE,
    MAX_PAGE_SIZE,
    Draft,
    ObjectiveNumber,
    Question,
    Topic,
    explain_errors,
    read_request,
)
from assistant.schema.strict_json import MAX_DEPTH, read_json, shown
