"""Pages for the staff of a meeting, which are there only behind the password.

documents  add, replace and retire documents: /staff/documents
questions  what was asked, and what the documents don't answer: /staff/questions
"""

from assistant.web.staff.documents import MAX_UPLOAD_FORM, add_documents
from assistant.web.staff.questions import add_asked
