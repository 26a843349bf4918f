"""Verify an index, its corpus and the fetched originals: every hash is computed again, every offset looked up again.

Nothing is built, repaired or written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.answering import READ, UNREAD, Answerability
from assistant.documents import linked_documents, read_corpus, read_record
from assistant.encoding import packaged_model
from assistant.errors import AssistantError, DamagedIndexError
from assistant.files import file_sha256
from assistant.index import listed_files
from assistant.journeys.building import Build, corpus_state, load_build
from assistant.records import Document, Span
from assistant.settings import Settings

_NAMED = 5  # faults of one kind that are named; of more, the number is told


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    is_right: bool
    text: str

    def __str__(self) -> str:
        """Return a line: "right: …" or "wrong: …"."""
        return f"{'right' if self.is_right else 'wrong'}: {self.text}"


def verify(settings: Settings) -> Iterator[Finding]:
    """Check an index, its corpus and the fetched originals; yield a finding for each check."""
    corpus, index = settings.corpus, settings.index
    yield from _files(index)
    try:
        build = load_build(index)
    except DamagedIndexError as error:
        yield Finding(False, str(error))
    else:
        yield from _offsets(build)
        for check in (_origin, _texts):
            try:
                yield from check(build, corpus, settings.reading.ocr)
            except (AssistantError, OSError) as error:
                yield Finding(False, str(error))
        yield from _weights(build, settings.model)
    try:
        yield from _originals(corpus)
    except (AssistantError, OSError) as error:
        yield Finding(False, str(error))


# Hashes --------------------------------------------------------------------------------------------------------------


def _files(index: Path) -> Iterator[Finding]:
    """Compare the index's files with what the manifest says of each."""
    files = listed_files(index)
    if not files:
        return  # loading it says what is wrong
    wrong = []
    for name, sha256 in files.items():
        path = index / name
        try:
            if path.parent != index or file_sha256(path) != sha256:
                wrong.append(f"{path}: its bytes aren't those that were written.")
        except OSError as error:
            wrong.append(f"{path}: can't be read ({error.strerror or error}).")
    yield from _findings(wrong, f"{len(files)} files of the index have the bytes that were written")


def _origin(build: Build, corpus: Path, ocr: bool) -> Iterator[Finding]:
    state, table = corpus_state(corpus, ocr=ocr)
    told = build.origin
    yield Finding(
        state == told.corpus,
        f"the documents are those that the index was built from ({state[:15]}…)"
        if state == told.corpus
        else f"the documents are {state[:15]}…, the index was built from {told.corpus[:15]}…",
    )
    yield _equal(table, told.table, "the table of objectives")
    weights = Answerability.read(READ if told.reader_sha256 else UNREAD)
    yield _equal(weights.sha256, told.answerability, "the weights that tell what is answered")


def _weights(build: Build, model: str) -> Iterator[Finding]:
    try:
        weights = (Path(model) if model else packaged_model()) / "model.safetensors"
        if weights.is_file():
            yield _equal(file_sha256(weights), build.origin.encoder_sha256, "the model's weights")
    except (AssistantError, OSError) as error:
        yield Finding(False, str(error))


def _originals(corpus: Path) -> Iterator[Finding]:
    for linked in linked_documents(corpus):
        original = linked.original
        if original is None or not (path := corpus / original.file).is_file():
            continue
        record = read_record(corpus, original)
        if record is None:
            yield Finding(True, f"{path}: put there by hand, so that there is nothing to compare it with")
        elif record.fits(path):
            yield Finding(True, f"{path}: its bytes are those fetched on {record.day}")
        else:
            yield Finding(False, f"{path}: its bytes aren't those fetched on {record.day}.")


def _equal(found: str, told: str, name: str) -> Finding:
    if found == told:
        return Finding(True, f"{name}: as when the index was built")
    return Finding(False, f"{name}: changed since the index was built (sha256:{found[:8]}…, was {told[:8]}…)")


# Offsets -------------------------------------------------------------------------------------------------------------


def _offsets(build: Build) -> Iterator[Finding]:
    """Look every offset up in the texts that the index holds."""
    passages = build.passages.passages
    documents = {document.id: document for document in build.corpus.documents}
    paragraphs = [
        f"{document.id}, {document.paragraphs[row].locator}"
        for document in build.corpus.documents
        for row in _wrong_spans([(each.start, each.end) for each in document.paragraphs], len(document.text))
    ]
    count = sum(len(document.paragraphs) for document in build.corpus.documents)
    yield from _faults(paragraphs, f"{count} paragraphs lie in their documents, in order", "paragraph out of place")
    misplaced = [
        passage.id
        for passage in passages
        if not passage.text or documents[passage.source.id].text[passage.start : passage.end] != passage.text
    ]
    right = f"{len(passages)} passages stand word for word at their offsets"
    yield from _faults(misplaced, right, "passage that isn't at its offsets")
    sentences = [
        f"{passage.id}, sentence {row + 1}"
        for passage, spans in zip(passages, build.passages.sentences, strict=True)
        for row in _wrong_spans(spans, len(passage.text))
    ]
    count = sum(map(len, build.passages.sentences))
    yield from _faults(sentences, f"{count} sentences lie in their passages, in order", "sentence out of place")


def _wrong_spans(spans: list[Span] | tuple[Span, ...], length: int) -> Iterator[int]:
    """Yield the rows of the spans that are empty, go beyond the text, or begin before the previous one ends."""
    before = 0
    for row, (start, end) in enumerate(spans):
        if not before <= start < end <= length:
            yield row
        before = end


def _texts(build: Build, corpus: Path, ocr: bool) -> Iterator[Finding]:
    """Compare the texts that the index holds with what the files hold now."""
    read = read_corpus(corpus, ocr=ocr)
    now: Mapping[str, Document] = {document.id: document for document in read.documents}
    held = {document.id: document for document in build.corpus.documents}
    wrong = [f"{id}: isn't in the index." for id in now if id not in held]
    wrong += [f"{id}: is in the index, but can't be read from {corpus}." for id in held if id not in now]
    both = [(id, held[id], now[id]) for id in held if id in now]
    wrong += [f"{id}: its text in the index isn't its file's." for id, old, new in both if new.text != old.text]
    wrong += [
        f"{id}: its title, paragraphs or the like aren't those in the index."
        for id, old, new in both
        if new.text == old.text and new != old
    ]
    wrong += [problem for problem in read.problems if problem not in build.corpus.problems]
    yield from _findings(wrong, f"{len(held)} texts in the index are their files', character for character")


# Parts ---------------------------------------------------------------------------------------------------------------


def _findings(wrong: list[str], right: str) -> Iterator[Finding]:
    yield from (Finding(False, text) for text in wrong)
    if not wrong:
        yield Finding(True, right)


def _faults(places: list[str], right: str, fault: str) -> Iterator[Finding]:
    if not places:
        yield Finding(True, right)
        return
    named = "; ".join(places[:_NAMED]) + (f" and {len(places) - _NAMED} more" if len(places) > _NAMED else "")
    yield Finding(False, f"{len(places)} times a {fault}: {named}")
