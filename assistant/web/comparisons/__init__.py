"""Pages that lay texts beside the documents: a draft's quotations, and one subject in all documents.

    drafts    a draft -> its page, or a Word file with comments
    subjects  a question -> a table of what each document says on it, on a page or in a file
    routes    the addresses /draft and /subject

They are written by the server and run no script. Nothing that is sent is kept.
"""

from assistant.web.comparisons.routes import MAX_DRAFT_FORM, PAGE_POLICY, STYLE, add_comparisons
