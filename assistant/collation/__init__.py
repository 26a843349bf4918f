"""A draft or a version of a text is laid beside the documents, word by word.

In reading order: `words` (a text's words, and what stands between them), `phrases` (where four words of a draft stand
in the documents), `alignment` (a quotation beside a document, and how they differ), `marks` (what stands in quotation
marks), `figures` (numbers and dates beside a quotation), `drafts` (all quotations of a draft), `versions` (what changed
from one version of a document to the next).
"""

from assistant.collation.drafts import check_draft
from assistant.collation.marks import paragraph_spans
from assistant.collation.phrases import Phrases
from assistant.collation.versions import PieceKind, compare_versions, earlier_versions, pieces_between
