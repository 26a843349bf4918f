from assistant.collation import compare_versions, earlier_versions, pieces_between
from assistant.records import Source
from tests.collation.shelf import document

BEFORE = document(
    "note",
    "1. Migrants shall be protected at all times by the State.\n\n2. The second stays “as it is”.\n\n"
    "3. This third paragraph is going to be taken out entirely.\n",
)
AFTER = document(
    "note-rev",
    "1. A wholly new opening sets out some principles.\n\n2. Migrants must be protected at all times by the State.\n\n"
    '3. The second stays "as it is".\n',
)


def test_paragraphs_are_mapped_though_their_numbers_changed() -> None:
    changes = compare_versions(BEFORE, AFTER)

    told = [(each.kind, each.before and each.before.locator, each.after and each.after.locator) for each in changes]
    assert told == [
        ("added", None, "para. 1"),
        ("changed", "para. 1", "para. 2"),
        ("same", "para. 2", "para. 3"),
        ("removed", "para. 3", None),
    ]
    assert [(each.source, each.draft) for each in changes[1].differences] == [("shall", "must")]


def test_pieces_hold_every_word_of_both_texts() -> None:
    pieces = pieces_between("one two three", "one four three five")

    assert pieces == [
        ("same", "one", "one"),
        ("changed", "two", "four"),
        ("same", "three", "three"),
        ("added", "", "five"),
    ]


def test_earlier_versions_are_known_by_what_is_superseded_and_by_file_names() -> None:
    first, second = Source("a", "A", file="a.txt"), Source("b", "B", file="b.txt", supersedes="a")
    draft, rev, final = (Source(name, name, file=f"{name}.docx") for name in ("plan-draft", "plan-rev1", "plan-rev2"))
    other = Source("other", "Other", file="other-rev1.docx")
    all_ = [first, second, draft, rev, final, other]

    assert [each.id for each in earlier_versions(second, all_)] == ["a"]
    assert [each.id for each in earlier_versions(final, all_)] == ["plan-rev1", "plan-draft"]
    assert earlier_versions(first, all_) == earlier_versions(other, all_) == []


def test_a_circle_of_versions_ends() -> None:
    one, other = Source("a", "A", supersedes="b"), Source("b", "B", supersedes="a")

    assert [each.id for each in earlier_versions(one, [one, other])] == ["b"]
