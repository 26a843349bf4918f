from assistant.memory import one_question, remembered


class Doubling:
    """Doubles numbers, and counts how often it really does."""

    def __init__(self) -> None:
        self.done = 0
        self.doubled = remembered(self._doubled)

    def _doubled(self, number: int) -> int:
        self.done += 1
        return 2 * number


def test_for_one_question_each_value_is_computed_once() -> None:
    doubling = Doubling()

    with one_question():
        values = [doubling.doubled(number) for number in (1, 2, 1, 2)]

    assert (values, doubling.done) == ([2, 4, 2, 4], 2)


def test_nothing_is_remembered_for_the_next_question() -> None:
    doubling = Doubling()

    for _ in range(2):
        with one_question():
            doubling.doubled(1)

    assert doubling.done == 2


def test_a_question_inside_another_is_part_of_it() -> None:
    doubling = Doubling()

    with one_question():
        with one_question():
            doubling.doubled(1)
        doubling.doubled(1)

    assert doubling.done == 1


def test_without_a_question_nothing_is_remembered() -> None:
    doubling = Doubling()

    assert [doubling.doubled(1), doubling.doubled(1)] == [2, 2]
    assert doubling.done == 2


def test_two_of_a_kind_remember_apart() -> None:
    one, other = Doubling(), Doubling()

    with one_question():
        one.doubled(1)
        other.doubled(1)

    assert one.done == other.done == 1
