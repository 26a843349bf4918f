"""The errors that a person can do something about.

    AssistantError          catch this one at the edges
    ├── CorpusError         the documents, or what describes them
    │   └── ReadError       one document; the others are unharmed
    ├── IndexingError       the index can't be written
    │   └── DamagedIndexError   it is missing, stale, damaged or another program's; it can be built again
    ├── StoreError          the database that keeps the index
    ├── EncoderError        the model
    └── InputError          a question, a topic or a line of input

A message says in one line what is wrong, where, and what to do. Not knowing an answer isn't an error but an `Answer`.
"""


class AssistantError(Exception):
    """An error that the person at the keyboard can do something about."""


class CorpusError(AssistantError):
    """The corpus folder, its tables or its documents as a whole can't be used."""


class ReadError(CorpusError):
    """One document can't be read; the others are unharmed."""


class IndexingError(AssistantError):
    """The index can't be written."""


class DamagedIndexError(IndexingError):
    """The index can't be used as it is and has to be built again."""


class StoreError(AssistantError):
    """The database that keeps the index can't be reached, or doesn't hold what it should."""


class EncoderError(AssistantError):
    """The model is missing, or isn't the expected one."""


class InputError(AssistantError):
    """A question, a topic or a line of input isn't of the form asked for."""
