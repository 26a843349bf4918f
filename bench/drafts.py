"""How well quotations of a draft are told: exact, altered (and how) or not in the documents; and how fast.

    python -m bench.drafts                          # on the documents of tests/data
    python -m bench.drafts --corpus DIR --foreign DIR

Quotations are made of sentences of the documents, by rules that the check doesn't know: copied, with one word changed,
dropped, added or swapped, two joined, with an ellipsis or a bracket, in other quotation marks. Foreign ones are
sentences of other documents, and some written by hand.
"""

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant import Assistant
from assistant.collation import Phrases, check_draft
from assistant.documents import read_corpus
from assistant.journeys import Checking
from assistant.language import sentence_spans
from assistant.records import Document, Quotation, Source
from bench.questions import questions

_DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
_WORDS = 30 * 400  # of 30 pages
_MARKS = ("“{}”", '"{}"', "‘{}’", "«{}»", "« {} »", "„{}“", "»{}«", "「{}」", "‹{}›", "”{}”", "'{}'", "“{}“")
_STRANGE = ("ukulele", "seventeen", "Wednesday", "not", "voluntary", "must", "purple")
# Sentences of our own, on the documents' subjects.
_WRITTEN = (
    "Every country shall open at least four regional offices for the licensing of harbour pilots.",
    "The delegation proposes that seasonal workers be paid on the first Monday of each month.",
    "Nothing in these rules obliges a host family to register its guests by telephone.",
    "Migrants who keep bees are exempt from the annual levy on orchards.",
    "We undertake to publish the minutes of each session before the next one begins.",
)


@dataclass(frozen=True)
class Made:
    """A quotation that was made, with what the check ought to say of it."""

    kind: str
    text: str
    status: str
    draft: tuple[str, ...] = ()  # words that a difference ought to name
    source: tuple[str, ...] = ()


def sentences_of(document: Document) -> list[str]:
    """Return a document's sentences of 8 to 45 words, without what one wouldn't quote."""
    spans = sentence_spans(document.text)
    found = [" ".join(document.text[start:end].split()) for start, end in spans]
    return [each for each in found if 8 <= len(each.split()) <= 45 and not re.search(r"[\"“”«»‘„…\[\]|#*]|\.\.", each)]


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word)


def made_of(sentence: str, other: str, random_: random.Random) -> Iterator[Made]:
    """Yield one quotation of each kind, made of a sentence; `other` comes later in its document."""
    words = sentence.split()
    inner = [i for i in range(1, len(words) - 1) if _plain(words[i]) == words[i] and words[i - 1] != words[i]]
    inner = [i for i in inner if words[i] not in (words[i + 1], words[i - 1])]
    i = random_.choice(inner) if inner else 1
    strange = random_.choice([each for each in _STRANGE if each not in words])
    yield Made("exact", sentence, "exact")
    start = random_.randrange(len(words) // 2)
    piece = " ".join(words[start : start + random_.randint(5, len(words))])
    yield Made("exact part", piece, "exact")
    yield Made("changed", " ".join([*words[:i], strange, *words[i + 1 :]]), "altered", (strange,), (words[i],))
    yield Made("dropped", " ".join([*words[:i], *words[i + 1 :]]), "altered", (), (words[i],))
    yield Made("added", " ".join([*words[:i], strange, *words[i:]]), "altered", (strange,))
    if i + 1 < len(words) - 1 and _plain(words[i + 1]) == words[i + 1]:
        swapped = [*words[:i], words[i + 1], words[i], *words[i + 2 :]]
        yield Made("swapped", " ".join(swapped), "altered", (words[i],), (words[i],))
    if other:
        yield Made("joined", f"{sentence.rstrip('.;:,')} and {other}", "altered")
        yield Made("ellipsis of two", f"{sentence} […] {other}", "exact")
    third = len(words) // 3
    for mark in (" … ", " [...] ", "... ", " […] "):
        yield Made("ellipsis", " ".join(words[:third]) + mark + " ".join(words[2 * third :]), "exact")
    yield Made("bracket", f"{' '.join(words[:i])} [that is] {' '.join(words[i:])}", "exact")
    if words[0][0].isalpha():
        yield Made("letter", f"[{words[0][0].lower()}]{sentence[1:]}", "exact")
    spaced = sentence.replace(" ", "\n", 1).replace(" - ", " — ").replace("-", "‑").replace("’", "'")
    yield Made("spaces and dashes", spaced, "exact")


def is_right(made: Made, found: Quotation) -> bool:
    """Return whether a quotation was told for what it is, with the right difference."""
    if found.status != made.status:
        return False
    said = " ".join(each.draft for each in found.differences).split()
    sources = " ".join(each.source for each in found.differences).split()
    total = len(said) + len(sources)
    plain_said, plain_sources = {_plain(each) for each in said}, {_plain(each) for each in sources}
    is_named = plain_said.issuperset(map(_plain, made.draft)) and plain_sources.issuperset(map(_plain, made.source))
    return is_named and (made.kind == "joined" or total <= 6)


def plain(text: str) -> str:
    """Return a text's words alone."""
    return " ".join(re.findall(r"[^_\W]+", text.lower()))


def shares_a_run(sentence: str, known: str, *, run: int = 8) -> bool:
    """Return whether eight words in a row are a document's: by the contract a quotation, and not foreign."""
    words = plain(sentence).split()
    return any(f" {' '.join(words[i : i + run])} " in known for i in range(max(len(words) - run + 1, 1)))


def draft_of(quotations: Sequence[Made], random_: random.Random) -> tuple[str, list[int]]:
    """Write a draft around quotations, each in a kind of marks; return it with where each begins."""
    text, starts = "", []
    for number, made in enumerate(quotations):
        kinds = [mark for mark in _MARKS if "'" not in mark or not re.search("['’]", made.text)]
        mark = kinds[number % len(kinds)]
        before = random_.choice(("The paper says ", "As was agreed: ", "One reads there that ", "("))
        text += before + mark.partition("{}")[0]
        starts.append(len(text))
        text += made.text + mark.partition("{}")[2] + random_.choice((".", ", which we support.", " and so on."))
        text += "\n\n" if number % 3 == 2 else " "
    return text, starts


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=_DATA)
    parser.add_argument("--foreign", type=Path)
    parser.add_argument("--each", type=int, default=40, help="sentences, each made into a dozen quotations")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--documents", type=int, default=100, help="of the draft of 30 pages that is timed")
    parser.add_argument("--index", type=Path, default=Path("index"), help="of the shipped documents, for objectives")
    parser.add_argument("--wrong", action="store_true", help="print what was told wrong")
    chosen = parser.parse_args()
    random_ = random.Random(chosen.seed)
    documents = read_corpus(chosen.corpus).documents
    began = time.process_time()
    phrases = Phrases(documents)
    indexed = time.process_time() - began
    made: list[Made] = []
    by_document = [sentences_of(each) for each in documents]
    for _ in range(chosen.each):
        sentences = random_.choice([each for each in by_document if each])
        at = random_.randrange(len(sentences))
        later = sentences[at + 2 :][:20]
        made += made_of(sentences[at], random_.choice(later) if later else "", random_)
    foreign = [Made("foreign", each, "absent") for each in _WRITTEN]
    if chosen.foreign:
        known = " ".join(plain(each.text) for each in documents)
        others = [each for document in read_corpus(chosen.foreign).documents for each in sentences_of(document)]
        random_.shuffle(others)
        others = [each for each in others if not shares_a_run(each, known)]
        foreign += [Made("foreign", each, "absent") for each in others[: 8 * chosen.each]]
    made += foreign
    random_.shuffle(made)
    text, starts = draft_of(made, random_)
    began = time.process_time()
    found = check_draft(text, phrases)
    took = time.process_time() - began
    by_start = {each.start: each for each in found}
    right: dict[str, list[bool]] = defaultdict(list)
    for each, start in zip(made, starts, strict=True):
        told = next((by_start[at] for at in (start, start + 1) if at in by_start), None)
        good = told is not None and is_right(each, told)
        right[each.kind].append(good)
        right[f"all {each.status}"].append(good)
        if chosen.wrong and not good:
            outcome = told and (told.status, told.text[:100], told.differences, told.source)
            print(f"\n{text[max(start - 60, 0) : start]}⟦\n{each.kind}: {each.text}\n  {str(outcome)[:1500]}")
    for kind, outcomes in sorted(right.items()):
        print(f"{kind:18} {sum(outcomes):5} of {len(outcomes):5}  {sum(outcomes) / len(outcomes):.3f}")
    print(f"{len(found) - len(made)} more quotations than were made")
    print(f"{len(documents)} documents, {len(phrases.words):,} words indexed in {indexed:.2f} s")
    print(f"{len(text.split()):,} words of a draft checked in {took:.2f} s")
    time_thirty_pages(documents, chosen.documents, Assistant.open(index=chosen.index), random_)


def time_thirty_pages(documents: Sequence[Document], count: int, assistant: Assistant, random_: random.Random) -> None:
    """Print how long a draft of 30 pages takes against many documents, made of the sentences of a few.

    Its objectives are told by the assistant. Times are the processor's, beside that of a question just before.
    """
    sentences = [each for document in documents for each in sentences_of(document)]
    many = {}
    for number in range(count):
        chosen = random_.sample(sentences, min(200, len(sentences)))
        text = "\n\n".join(f"{n}. {each}" for n, each in enumerate(chosen, start=1))
        many[str(number)] = Document(Source(str(number), f"Document {number}"), text, ())
    made = [each for _ in range(9) for each in made_of(random_.choice(sentences), "", random_)]
    quoted, _ = draft_of(made, random_)
    words = [word for each in (*sentences, *_WRITTEN) for word in each.split()]
    own = [" ".join(random_.sample(words, 20)) + "." for _ in range((_WORDS - len(quoted.split())) // 20)]
    text = quoted + "\n\n" + "\n\n".join(" ".join(own[i : i + 3]) for i in range(0, len(own), 3))
    assistant.warm_up()
    began = time.process_time()
    for question in islice(questions(), 20):
        assistant.ask(question)
    ordinary = (time.process_time() - began) / 20
    checking = Checking(many, "", assistant.classify_all, assistant.objectives)
    took = []
    for _ in range(3):  # the first one indexes the documents
        began, of_processors = time.perf_counter(), time.process_time()
        checked = checking.check(text)
        took.append((time.perf_counter() - began, time.process_time() - of_processors))
    print(
        f"30 pages ({len(text.split()):,} words, {len(checked.quotations)} quotations, {len(checked.paragraphs)} "
        f"paragraphs with their objectives) against {count} documents: {min(took)[0]:.2f} s, "
        f"the first draft {took[0][0]:.2f} s; {min(took)[1]:.2f} s of the processors', "
        f"as long as {min(took)[1] / ordinary:.0f} questions of {ordinary * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
