import inspect

import assistant


def test_all_names_what_is_public_in_order() -> None:
    public = sorted(
        name for name, value in vars(assistant).items() if not name.startswith("_") and not inspect.ismodule(value)
    )

    assert assistant.__all__ == public
