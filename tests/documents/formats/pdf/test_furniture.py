from assistant.documents.formats.pdf.furniture import without_furniture
from tests.documents.formats.pdf.pieces import page, piece


def test_what_stands_at_the_head_of_several_pages_is_left_out_and_so_are_page_numbers() -> None:
    pages = [
        page(
            piece("ECE/1", 50, 780),
            piece(f"Text of page {number}", 50, 400),
            piece(str(number), 290, 20),
            number=number,
        )
        for number in (1, 2, 3)
    ]

    kept = without_furniture(pages)

    assert [[each.text for each in one.pieces] for one in kept] == [[f"Text of page {n}"] for n in (1, 2, 3)]
