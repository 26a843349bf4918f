"""What is installed is what was locked, and the image keeps to what the page for operators says of it."""

import re
import shutil
import subprocess

import pytest

from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_lock_holds_every_package_that_runs_at_its_version() -> None:
    pins = re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    locked = set(re.findall(r"^([\w-]+)==([\w.]+)", LOCK, re.MULTILINE))

    assert {(name.lower(), version) for name, version in pins} <= locked


def test_every_package_of_the_lock_has_its_hashes() -> None:
    entries = re.split(r"^(?=[a-z0-9][\w-]*==)", LOCK, flags=re.MULTILINE)[1:]

    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_image_installs_the_lock_and_runs_as_nobody_special() -> None:
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert DOCKERFILE.index("USER assistant") < DOCKERFILE.index("CMD [")
    assert "--read-only" in (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


def test_the_health_check_allows_for_load() -> None:
    timeout, retries = (int(re.search(rf"--{name}=(\d+)", DOCKERFILE)[1]) for name in ("timeout", "retries"))  # type: ignore[index]

    assert timeout >= 10
    assert retries >= 3


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
@pytest.mark.parametrize("target", ["lock", "audit", "sbom"])
def test_without_a_network_a_target_is_skipped_with_one_line(target: str) -> None:
    # The interpreter reaches nothing, and so has no tools either.
    made = subprocess.run(
        ["make", "--no-print-directory", target, "PYTHON=false", "ENVIRONMENT=none"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert made.stdout.startswith(f"{target}: skipped, since there is no network")
    assert made.stdout.count("\n") == 1
    assert made.stderr == ""
