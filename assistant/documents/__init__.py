"""A file becomes a document with paragraphs that can be cited, and a document becomes passages.

In reading order: `sources` (what a folder holds), `corpus` (its documents), `reading` (a file to text and paragraphs,
by the readers of `formats`, in a process of its own: `extraction`), `masthead` (title, symbol, date), `lines`,
`preambles`, `outline`, `items` and `structure` (paragraphs with locators), `passages`; `originals` of linked documents,
which `fetching` gets.
"""

from assistant.documents.corpus import Corpus, fingerprint, read_corpus, read_one, read_source
from assistant.documents.extraction import extract
from assistant.documents.formats.encodings import encoding_of
from assistant.documents.formats.registry import HEAD_BYTES, Format, Kind, format_named, format_of, sniff
from assistant.documents.lines import LINK, markdown_title, without_link_marks
from assistant.documents.originals import Original, Record, keep, read_record
from assistant.documents.passages import context_of, sentence_in_full, split_document
from assistant.documents.sources import (
    ANSWERS_FILE,
    OBJECTIVES_FILE,
    RETIRED,
    SOURCES_FILE,
    TRANSLATED_FILE,
    LinkedDocument,
    allowed_hosts,
    document_files,
    linked_documents,
    passed_over,
    resolved,
)
