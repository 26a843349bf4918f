"""A conversation becomes a file.

    outline   a conversation -> blocks, and those as Markdown
    word      blocks -> a Word file
    commented a checked draft -> a Word file with comments
    subjects  what each document says on a subject -> a table in Word or Markdown
    routes    the page's questions -> a file with their answers

Nothing that is asked is kept.
"""

from assistant.web.exports.commented import commented_docx
from assistant.web.exports.routes import MAX_CONVERSATION, add_exports
from assistant.web.exports.subjects import subject_docx, subject_markdown
