"""A PDF becomes blocks, although it knows letters and their places on paper alone.

`document` opens a file, `unseen` finds what isn't seen on a page, and `letters` makes words of the rest, with
`directions` where they are read from the right. `pages` makes lines of them; `grids` finds drawn tables, `furniture`
what is no text, and `floats` boxes beside it. `columns` puts the lines in the order of reading; `tabular` finds other
tables, and `prose` makes paragraphs, headings and notes, with `words` for those that are divided.
"""

from .document import read_pdf
