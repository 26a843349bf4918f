from base64 import b64encode
from hashlib import sha256

from assistant.web.app.policies import page_policy


def test_a_page_runs_and_wears_what_stands_in_it_and_its_own_files() -> None:
    policy = page_policy(scripts=["start()"], styles=["p{}"])

    for content in ("start()", "p{}", ""):
        assert b64encode(sha256(content.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'; script-src 'self' 'unsafe-eval' 'sha256-")
