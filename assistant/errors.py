"""Errors: what can go wrong, for the person asking.

    AssistantError          catch this one at the edges
    ├── CorpusError         the documents, or what describes them
    │   └── ReadError       one document; the others are unharmed
    ├── IndexingError       the index can't be written
    │   └── DamagedIndexError   it is missing, stale, damaged or another program's; it can be built again
    ├── EncoderError        the model
    └── InputError          a question, a topic or a line of input

A message says what is wrong, where, and what to do, in one line. Not knowing an answer is no error: it is an `Answer`.
"""


class AssistantError(Exception):
    """Anything that the person at the keyboard can do something about."""


class CorpusError(AssistantError):
    """The corpus folder, its tables or its documents as a whole can't be used."""


class ReadError(CorpusError):
    """One document can't be read; the others are unharmed."""


class IndexingError(AssistantError):
    """The index can't be written."""


class DamagedIndexError(IndexingError):
    """The index can't be used as it is and has to be built again."""


class EncoderError(AssistantError):
    """The model is missing, or isn't the one that was expected."""


class InputError(AssistantError):
    """A question, a topic or a line of input isn't of the form asked for."""
