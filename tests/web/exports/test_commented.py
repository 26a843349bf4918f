import io

import docx

from assistant.records import CheckedDraft
from assistant.web.exports import commented_docx
from assistant.web.rendering import read_strings
from tests.collation.shelf import checked


def test_a_comment_stands_at_each_quotation_and_the_text_stays() -> None:
    draft = "One\x01 “the rights of\nmost migrants, regardless of their status” (1999).\n\n“zebra”"

    content = commented_docx(CheckedDraft(draft, checked(draft), (), "sha256:abc"), read_strings("en"))

    document = docx.Document(io.BytesIO(content))
    altered, absent = (comment.text for comment in document.comments)
    assert "\n".join(each.text for each in document.paragraphs) == draft.replace("\x01", "\ufffd")
    assert altered.split("\n") == [
        "Altered",
        "Changed: “all” → “most”",
        "The document says: “the rights of all migrants, regardless of their status”",
        "Title of en, 2018, item 1",
        "1999, beside it, is not in the document",
    ]
    assert absent == "Not in these documents"
