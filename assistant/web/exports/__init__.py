"""A conversation becomes a file.

    outline   a conversation -> blocks, and those as Markdown
    word      blocks -> a Word file
    routes    the page's questions -> a file with their answers

Nothing that is asked is kept.
"""

from assistant.web.exports.routes import MAX_CONVERSATION, add_exports
