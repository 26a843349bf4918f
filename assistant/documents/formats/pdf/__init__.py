"""A PDF becomes blocks, although it knows letters and their places on paper alone.

`document` opens a file, `recognition` has pictures of pages read by OCR, `unseen` finds what isn't seen on a page, and
`letters` makes words of the rest, with `directions` where they are read from the right. `pages` makes lines of them;
`grids` finds drawn tables, `furniture` what is no text. `columns` finds boxes beside the text and puts the lines in the
order of reading; `tabular` finds other tables, and `prose` makes paragraphs, headings and notes, with `words` for those
that are divided.
"""

from .document import read_pdf, read_scanned_pdf
