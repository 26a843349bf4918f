import pytest

from assistant.retrieval import Finders
from tests.conftest import small_finders

TEXT = """\
Title

1. Children are protected by the authorities.

2. Data are shared between states.

3. All is well.

4. No more.
"""


@pytest.fixture(scope="module")
def finders(tmp_path_factory: pytest.TempPathFactory) -> Finders:
    """Search a made-up document of four paragraphs."""
    return small_finders(tmp_path_factory.mktemp("small"), TEXT)
