"""A language's messages: what is said beside an answer to whoever asked in it. Documents are never translated."""

from dataclasses import dataclass

from assistant.language.profiles import ENGLISH, profiles


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one language.

    Attributes:
        unclear: To what is no question.
        nothing: When no passage answers; {searched} stands for what was searched.
        unread: When questions in this language can't be read here.
    """

    unclear: str
    nothing: str
    unread: str


def messages_in(language: str) -> Messages:
    """Return the messages of a language, or the English ones where it has none."""
    known = profiles()
    return Messages(**(known.get(language) or known[ENGLISH]).tables["messages"])
