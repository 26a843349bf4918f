"""A PDF becomes blocks, although it knows letters and their places on paper alone.

`document` takes letters with their places from a file, `pages` makes lines of them without running heads, `columns`
puts the lines in the order of reading, and `prose` makes paragraphs, headings, tables and notes of the lines.
"""

from .document import read_pdf
