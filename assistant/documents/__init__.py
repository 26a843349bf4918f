"""A file becomes a document with paragraphs that can be cited, and a document becomes passages."""

from assistant.documents.corpus import (
    OBJECTIVES_FILE,
    SOURCES_FILE,
    TRANSLATED_FILE,
    Corpus,
    LinkedDocument,
    allowed_hosts,
    fingerprint,
    linked_documents,
    read_corpus,
)
from assistant.documents.lines import markdown_title
from assistant.documents.media import MediaKind, fits_type, is_whole, kind_of_name, links_of
from assistant.documents.originals import Original, Record, keep, path_of, read_record, standing_of
from assistant.documents.passages import context_of, split_document
