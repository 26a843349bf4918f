from dataclasses import replace

from assistant.documents.corpus import Corpus
from assistant.documents.passages import split_document
from assistant.index.rows import corpus_arrays, passage_lines, read_corpus_arrays, read_passages
from assistant.records import Link, Source, Tag
from tests.conftest import make_document

DOCUMENT = make_document("Title\n\n1. Migrants’ “rights”.\n\n2. Children travel.\n")
LINKED = Source(
    "linked",
    "A page",
    kind="link",
    address="https://example.org/",
    links=(Link("Brief", "of 2020", "https://example.org/brief"),),
)
CORPUS = Corpus((DOCUMENT,), (DOCUMENT.source, LINKED), ("a.pdf: can't be read.", "b.pdf: can't be read."))


def test_a_corpus_of_its_arrays_is_as_it_was() -> None:
    assert read_corpus_arrays(corpus_arrays(CORPUS)) == CORPUS


def test_passages_of_their_lines_are_as_they_were() -> None:
    passages = tuple(replace(each, tags=(Tag(7, "stated", 1.0, "objective 7"),)) for each in split_document(DOCUMENT))

    assert read_passages(passage_lines(passages), CORPUS) == passages


def test_a_passage_s_text_is_cut_from_its_document() -> None:
    lines = passage_lines(split_document(DOCUMENT))
    changed = replace(CORPUS, documents=(replace(DOCUMENT, text=DOCUMENT.text.replace("Children", "Students")),))

    assert [each.text for each in read_passages(lines, changed)][-1] == "2. Students travel."


def test_a_file_s_name_may_hold_bytes_that_are_no_characters() -> None:
    odd = replace(CORPUS, problems=("caf\udce9.pdf: can't be read.",))

    assert read_corpus_arrays(corpus_arrays(odd)) == odd
