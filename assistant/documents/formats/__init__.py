"""Files of a format -> blocks of text, each format in a process of its own.

`assistant.extraction` starts this package as a program (`__main__`). It imports nothing of the assistant, so that the
process is there in a tenth of a second; its modules therefore import each other relatively.
"""
