"""A file becomes a document with paragraphs that can be cited, and a document becomes passages."""

from assistant.documents.corpus import OBJECTIVES_FILE, TRANSLATED_FILE, Corpus, fingerprint, read_corpus
from assistant.documents.lines import markdown_title
from assistant.documents.media import MediaKind, fits_type, is_whole, kind_of_name, links_of
from assistant.documents.originals import Original, Record, keep, path_of, read_record, standing_of
from assistant.documents.passages import context_of, split_document
from assistant.documents.sources import SOURCES_FILE, LinkedDocument, allowed_hosts, linked_documents
