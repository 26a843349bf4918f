"""A file becomes blocks of text, each format by a reader of its own.

In the order of reading: `registry` (which formats there are), `blocks` (what every reader gives), then the readers
`html`, `pdf`, `word`, `opendocument`, `presentation`, `akoma_ntoso` and, for spreadsheets, `workbook`; `encodings`,
`front_matter`, `numbering`, `office`, `raised` and `tables` serve several of them.

`documents.extraction` runs this package as a program (`__main__`), so that what a stranger's file does to a library
costs one process. The program starts in a tenth of a second, because the package imports nothing else of the assistant,
its modules import each other relatively, and this file imports none of them.
"""
