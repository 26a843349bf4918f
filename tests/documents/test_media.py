from assistant.documents.media import fits_type, is_whole, kind_of_name, links_of


def test_names_promise_a_kind() -> None:
    kinds = {name: kind_of_name(name) for name in ("a.PDF", "a.b.htm", "a.docx", "a.md", "a.exe", "pdf")}

    assert kinds == {"a.PDF": "pdf", "a.b.htm": "html", "a.docx": "zip", "a.md": "text", "a.exe": None, "pdf": None}


def test_a_type_fits_its_own_kind_and_what_says_nothing_fits_all() -> None:
    assert fits_type("pdf", "Application/PDF; charset=binary")
    assert fits_type("html", "")
    assert fits_type("zip", "application/octet-stream")
    assert not fits_type("pdf", "text/html")


def test_a_whole_file_has_its_end() -> None:
    assert is_whole("pdf", b"xref %%EOF\r\n", is_length_known=True)
    assert not is_whole("pdf", b"%%EOF" + b"0" * 5000, is_length_known=True)
    assert is_whole("html", b"<p>no end", is_length_known=True)
    assert not is_whole("html", b"<p>no end", is_length_known=False)
    assert is_whole("html", b"</HTML>", is_length_known=False)
    assert is_whole("text", b"", is_length_known=False)


def test_links_are_found_each_once_in_order() -> None:
    page = b'<a href="b.pdf">x</a><A HREF=" a.pdf#1 "><a name="n"><a href=""><p href="no"><a href="b.pdf"><a \xff'

    assert links_of(page) == ("b.pdf", "a.pdf#1")
