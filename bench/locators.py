"""How many paragraphs of resolutions are cited rightly: `python -m bench.locators FOLDER … [--wrong]`.

Reads the plain texts of the folders twice: once as the assistant does, and once by counting alone, which knows nothing
of the assistant's rules. The count takes what stands between line breaks. Operative are the blocks that go on counting
"1.", "2.", "3." from 1, whatever stands between; preambular those of six words or more that begin with a capital
letter, between the line of the organ ("The General Assembly,") and the first number. An annex and an organ begin anew;
articles aren't counted.
Prints for each text how many of either kind have the locator that they ought to; `--wrong` names the others.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents import read_corpus
from assistant.records import Document

_NUMBER = re.compile(r"(\d{1,3})\.\s+\S")
_ORGAN = re.compile(r"The [A-Z][\w\s-]{3,60},")
_WORDS = 6
_LOCATOR = re.compile(r"(?:.*, )?(?P<place>(?:preambular )?para\. \d+)(?: \[\d+\])?")


def counted(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the place of each paragraph that the count knows, its kind and how it ought to be cited."""
    number = preambular = 0
    inside = False
    for match in re.finditer(r"\S[^\n]*", text):
        block = match[0].rstrip()
        if _ORGAN.fullmatch(block):
            inside, preambular, number = True, 0, 0
        elif re.match(r"(?:Article|Guiding question)s? ?\d*\Z", block):
            inside, number = False, -1  # no number goes on
        elif re.match(r"annex\b", block, re.IGNORECASE) and len(block) < 60:
            inside, number = False, 0
        elif number >= 0 and (numbered := _NUMBER.match(block)) and int(numbered[1]) == number + 1:
            inside, number = False, number + 1
            yield match.start(), "operative", f"para. {number}"
        elif inside and block[0].isupper() and len(block.split()) >= _WORDS:
            preambular += 1
            yield match.start(), "preambular", f"preambular para. {preambular}"


def cited(document: Document) -> dict[int, str]:
    """Return the place of each paragraph that the assistant finds, and its locator without its part."""
    found = {}
    for paragraph in document.paragraphs:
        match = _LOCATOR.fullmatch(paragraph.locator)
        found[paragraph.start] = match["place"] if match else paragraph.locator
    return found


def judged(document: Document, *, name_wrong: bool) -> tuple[Counter[str], Counter[str]]:
    """Return how many paragraphs of each kind are cited rightly, and how many there are."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    locators = cited(document)
    for start, kind, locator in counted(document.text):
        total[kind] += 1
        right[kind] += locators.get(start) == locator
        if name_wrong and locators.get(start) != locator:
            print(f"  {locator}: {locators.get(start, 'within another')} | {document.text[start : start + 60]!r}")
    return right, total


def main(folders: Sequence[Path], *, name_wrong: bool) -> None:
    """Print the figures."""
    rights: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for folder in folders:
        for document in read_corpus(folder).documents:
            right, total = judged(document, name_wrong=name_wrong)
            rights, totals = rights + right, totals + total
            print(document.source.file, *(f"{kind} {right[kind]} of {total[kind]}" for kind in total), sep="; ")
    print(
        *(f"{kind}: {rights[kind]} of {totals[kind]} ({rights[kind] / totals[kind]:.3f})" for kind in totals), sep="\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--wrong", action="store_true", help="name what is cited otherwise")
    chosen = parser.parse_args()
    main(chosen.folders, name_wrong=chosen.wrong)
