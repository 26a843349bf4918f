"""The content security policy of the page: it runs its own scripts, and loads from nowhere else."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256


def page_policy(*, scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Write the policy of a page that holds these scripts and styles in its HTML.

    Gradio compiles its own events and templates while it runs, hence 'unsafe-eval'; texts of visitors and documents are
    values to them, never code. It also makes a stylesheet for each piece of HTML, and has nothing to put into it.
    """
    allowed_scripts, allowed_styles = " ".join(map(_hash, scripts)), " ".join(map(_hash, ("", *styles)))
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-eval' {allowed_scripts}; "
        # Browsers that know the last two ignore the first.
        f"style-src 'self' 'unsafe-inline'; style-src-elem 'self' {allowed_styles}; style-src-attr 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' data:; manifest-src 'self'; worker-src 'self'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
