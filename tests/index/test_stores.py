import pytest

from assistant.errors import InputError
from assistant.index.stores import REPOSITORIES, repository_at


@pytest.mark.parametrize("engine", REPOSITORIES)
def test_a_repository_is_opened_when_it_is_first_asked(engine: str) -> None:
    address = f"{engine}://nobody@127.0.0.1:1/none"

    assert repository_at(address) is repository_at(address)


def test_an_unknown_engine_is_refused_with_those_that_exist() -> None:
    with pytest.raises(InputError, match="postgresql://…") as refused:
        repository_at("abacus://user:secret@somewhere")

    assert "secret" not in str(refused.value)
