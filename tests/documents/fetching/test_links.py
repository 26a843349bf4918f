from assistant.documents.fetching.links import links_of


def test_links_are_found_each_once_in_order() -> None:
    page = b'<a href="b.pdf">x</a><A HREF=" a.pdf#1 "><a name="n"><a href=""><p href="no"><a href="b.pdf"><a \xff'

    assert links_of(page) == ("b.pdf", "a.pdf#1")
