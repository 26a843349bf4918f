from assistant import Assistant
from assistant.objectives.coverage import Cell, coverage_of
from assistant.records import Basis, Passage, Source, Tag


def make_passage(document: str, number: int, *tagged: tuple[int, Basis]) -> Passage:
    """A passage of a document with its tags."""
    tags = tuple(Tag(objective, basis, 1.0 if basis == "stated" else 0.6, "words") for objective, basis in tagged)
    return Passage(Source(document, document.title()), number, "", f"para. {number}", "Words.", 0, 6, tags=tags)


def test_each_cell_keeps_what_is_stated_apart_from_what_is_inferred() -> None:
    first = make_passage("note", 1, (7, "stated"), (3, "inferred"))
    second = make_passage("note", 2, (7, "inferred"))
    third = make_passage("brief", 1, (7, "stated"))

    coverage = coverage_of([first, second, third])

    assert coverage.cell(7, "note") == Cell(stated=(first,), inferred=(second,))
    assert coverage.cell(7, "brief") == Cell(stated=(third,))
    assert coverage.cell(3, "note") == Cell(inferred=(first,))


def test_a_passage_that_names_an_objective_and_resembles_it_counts_once_as_stated() -> None:
    passage = make_passage("note", 1, (7, "inferred"), (7, "stated"))

    assert coverage_of([passage]).cell(7, "note") == Cell(stated=(passage,))


def test_where_no_passage_carries_an_objective_there_is_a_gap() -> None:
    coverage = coverage_of([make_passage("note", 1, (7, "stated"))])

    assert coverage.cell(7, "brief").is_gap
    assert not coverage.cell(7, "note").is_gap


def test_passages_without_an_objective_are_listed_in_order() -> None:
    bare = [make_passage("note", 1), make_passage("brief", 1)]

    coverage = coverage_of([bare[0], make_passage("note", 2, (1, "stated")), bare[1]])

    assert coverage.untagged == tuple(bare)


def test_every_passage_of_the_corpus_is_in_a_cell_or_in_the_list_of_those_without(assistant: Assistant) -> None:
    coverage = coverage_of(assistant.passages)

    in_cells = {passage.id for cell in coverage.cells.values() for passage in cell.stated + cell.inferred}
    without = {passage.id for passage in coverage.untagged}
    assert in_cells | without == {passage.id for passage in assistant.passages}
    assert not in_cells & without
