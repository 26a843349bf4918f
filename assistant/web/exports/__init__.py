"""A conversation becomes a file: Word or Markdown."""

from assistant.web.exports.routes import MAX_CONVERSATION, add_exports
