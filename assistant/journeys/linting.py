"""Say what is amiss in a corpus, a line each: what, where, and what to do.

Stale pins (entries of `answers.toml`, originals, versions), documents without date or symbol, acronyms that nothing
defines, and passages that no question made of their own words finds. Nothing is changed but the index, where it is old.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Unpack

from assistant.answering import probe_of
from assistant.documents import Corpus, linked_documents, passed_over, read_corpus, read_record
from assistant.journeys.assistant import Assistant
from assistant.journeys.building import Build, stale_answers
from assistant.journeys.opening import Options
from assistant.language import read_glossary, words_of
from assistant.records import Document
from assistant.retrieval import KNOWN_ACRONYMS, EnglishFinder, Understood, defined_acronyms
from assistant.settings import Settings

_REACHED = 5  # passages that are shown with an answer: among them each is looked for
_ASKED_FOR = 2000  # passages that are looked for; each takes some milliseconds
_MANY = 10  # passages that are named; of more, the number is told
# Capitals that stand alone: no part of a symbol, a tag or an address, and no line in capitals.
_ACRONYM = re.compile(r"(?<![\w/@#.&-])[A-Z]{2,8}(?=s?(?![\w/@&-]))(?!\.\w)")
# In parentheses, perhaps after a few words, or before some.
_INTRODUCED = re.compile(r"\((?:[^()\n]{0,20}\b)?(?P<inside>[A-Z]{2,8})s?[”\"’']?\)|\b(?P<before>[A-Z]{2,8})s? (?=\()")
_ROMAN = re.compile(r"[IVXLC]+")
_CAPITALS = re.compile(r"^[^a-z\n]*$", re.MULTILINE)  # a line of them is a heading


def lint(settings: Settings, **options: Unpack[Options]) -> Iterator[str]:
    """Yield a line for each thing that is amiss in the corpus that settings name, opened with options.

    Raises:
        CorpusError: The documents can't be used.
        EncoderError: The model can't be used.
    """
    corpus = read_corpus(settings.corpus, ocr=settings.reading.ocr)
    stale = stale_answers(settings.corpus, corpus)
    yield from filter(None, (*corpus.problems, passed_over(settings.corpus)))
    yield from chain(stale, _stale_sources(settings, corpus), _undated(corpus), _undefined(settings, corpus))
    if stale:
        yield f"{settings.corpus}: its passages weren't looked at; mend answers.toml first."
    else:
        opened = Assistant.from_settings(replace(settings, store=""), **options)
        yield from _unreached(opened.build, opened.finders.english)


def _stale_sources(settings: Settings, corpus: Corpus) -> Iterator[str]:
    ids = {each.id for each in corpus.sources}
    for linked in linked_documents(settings.corpus):
        source, original = linked.source, linked.original
        if source.supersedes and source.supersedes not in ids:
            yield f"sources.toml, {source.id}: supersedes {source.supersedes!r}, which isn't there; mend the id."
        record = read_record(settings.corpus, original) if original else None
        if original and record and (path := settings.corpus / original.file).is_file() and not record.fits(path):
            yield f"{path}: its bytes aren't those fetched on {record.day}; remove it, and run: sources fetch"


def _undated(corpus: Corpus) -> Iterator[str]:
    for document in corpus.documents:
        lacking = [name for name in ("date", "symbol") if not getattr(document.source, name)]
        if lacking:
            yield f"{document.id}: has no {' and no '.join(lacking)}; give it in sources.toml, if there is one."


def _undefined(settings: Settings, corpus: Corpus) -> Iterator[str]:
    """Yield the acronyms of documents that neither these nor a glossary define, where each stands first."""
    own = {
        word for entry in read_glossary(settings.corpus) for term in chain(*entry.values()) for word in words_of(term)
    }
    known = {*KNOWN_ACRONYMS, *defined_acronyms(each.text for each in corpus.documents), *own}
    introduced = {
        found["inside"] or found["before"] for each in corpus.documents for found in _INTRODUCED.finditer(each.text)
    }
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for document in corpus.documents:
        for acronym, place in _acronyms(document):
            counts[acronym] += 1
            first.setdefault(acronym, f"{document.id}, {place}")
    for acronym, n in counts.most_common():
        if acronym.lower() in known or acronym in introduced:
            continue
        times = "once" if n == 1 else f"{n} times"
        yield f"{first[acronym]}: uses {acronym} ({times}), which nothing defines; add it to glossary.toml."


def _acronyms(document: Document) -> Iterator[tuple[str, str]]:
    for paragraph in document.paragraphs:
        text = _CAPITALS.sub("", document.text[paragraph.start : paragraph.end])
        for found in _ACRONYM.finditer(text):
            if not _ROMAN.fullmatch(found[0]):
                yield found[0], paragraph.locator


def _unreached(build: Build, finder: EnglishFinder) -> Iterator[str]:
    """Yield the passages that aren't among the first that a question made of their own words finds."""
    index, unreached = build.passages, []
    for passage, spans in islice(zip(index.passages, index.sentences, strict=True), _ASKED_FOR):
        if probe := probe_of(passage, spans):
            found = [each.passage for each in finder.search(Understood(probe, ((probe, 1.0),)), top_k=_REACHED)]
            index.tokens.release()
            if passage not in found:
                unreached.append((passage, found[0] if found else passage))
    for passage, before in unreached[:_MANY]:
        yield (
            f"{passage.source.id}, {passage.locator}: a question made of its words finds {before.source.id}, "
            f"{before.locator} and others first; take doubles away, or name it in answers.toml."
        )
    if len(unreached) > _MANY:
        yield f"And {len(unreached) - _MANY} passages more are found by no question made of their words."
    if len(index.passages) > _ASKED_FOR:
        yield f"Only the first {_ASKED_FOR} of {len(index.passages)} passages were looked for."
