"""A file becomes blocks of text, each format by a reader of its own.

In the order of reading: `registry` (which formats there are), `blocks` (what every reader gives), then the readers
`html`, `pdf`, `word` and `opendocument`; `encodings`, `numbering` and `office` serve several of them.

`documents.extraction` runs this package as a program (`__main__`), so that what a stranger's file does to a library
costs one process. It imports nothing else of the assistant, and so starts in a tenth of a second; its modules therefore
import each other relatively.
"""

from .blocks import Block, BlockKind
from .encodings import decode
from .registry import FORMATS, HEAD_BYTES, SUFFIXES, Format, Kind, format_named, format_of, sniff
