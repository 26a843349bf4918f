"""Pages for the staff of a meeting, which are there only behind the password.

questions  what was asked, and what the documents don't answer: /staff/questions
"""

from assistant.web.staff.questions import add_asked
