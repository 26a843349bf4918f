"""An assistant that finds the same whatever is asked."""

from collections.abc import Collection, Iterator, Sequence

from assistant.records import Answer, Hit, Objective, ObjectiveMatch, Passage, Source


def passage(locator: str, text: str = "words", *, number: int = 0) -> Passage:
    return Passage(Source("note", "Note"), number or int(locator[-1]), "", locator, text, 0, len(text))


def matches(*numbers: int) -> tuple[ObjectiveMatch, ...]:
    return tuple(ObjectiveMatch(Objective(n, "", "", 0, 1), "inferred", 0.9 - n / 10) for n in numbers)


class Fixed:
    """Finds the same paragraphs whatever is asked, and answers what begins with a capital.

    Without some of them it answers only what ends with an exclamation mark.
    """

    def __init__(self, *locators: str, languages: Sequence[str] = ("en",)) -> None:
        self.languages = languages
        self.passages = tuple(passage(locator) for locator in locators)
        self.histories: list[list[str]] = []
        self.left_out: list[set[str]] = []

    def ask(
        self, question: str, *, history: Sequence[str] = (), objectives: Collection[int] = (), top_k: int = 5
    ) -> Answer:
        self.histories.append(list(history))
        return self._answer(question, is_answered=question[0].isupper())

    def ask_without(self, question: str, passages: Collection[str]) -> Answer:
        self.left_out.append(set(passages))
        return self._answer(question, is_answered=question.endswith("!"))

    def _answer(self, question: str, *, is_answered: bool) -> Answer:
        if not is_answered:
            return Answer(question, question, "not_in_documents", "", probability=0.25, elapsed_ms=10)
        return Answer(
            question,
            question,
            "answered",
            "",
            answer="the exact words",
            hits=self.ranked_hits(question),
            probability=0.75,
            elapsed_ms=30,
        )

    def ranked_hits(self, question: str, *, history: Sequence[str] = (), top_k: int = 5) -> tuple[Hit, ...]:
        return tuple(Hit(each, 0.5) for each in self.passages[:top_k])

    def classify_all(self, topics: Sequence[str]) -> Iterator[tuple[ObjectiveMatch, ...]]:
        return iter([matches(1, 2, 3, 4)] * len(topics))
