import re

import pytest

from assistant import errors

FAMILY = [each for each in vars(errors).values() if isinstance(each, type)]


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_tree_below_its_parent(error: type[Exception]) -> None:
    tree = [line for line in (errors.__doc__ or "").splitlines() if re.search(r"\b\w+Error\b", line)]
    depth = {re.findall(r"\w+Error", line)[0]: len(line) - len(line.lstrip(" │├└─")) for line in tree}
    names = list(depth)

    before = [name for name in names[: names.index(error.__name__)] if depth[name] < depth[error.__name__]]

    assert error is errors.AssistantError or before[-1] == error.__bases__[0].__name__
