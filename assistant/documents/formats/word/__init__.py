"""A Word document becomes blocks: `parts` reads its files of XML, `document` walks through its text."""

from .document import read_docx
