"""Ask documents on migration, and read their own words: quotations with their place and their objectives."""

from assistant.errors import AssistantError
from assistant.journeys import Assistant
from assistant.records import Answer, Document, Hit, Objective, ObjectiveMatch, Paragraph, Passage, Source, Tag

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Document",
    "Hit",
    "Objective",
    "ObjectiveMatch",
    "Paragraph",
    "Passage",
    "Source",
    "Tag",
]
