"""Two small meetings in one service, answered by bags of words: what the tests of several meetings visit."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant import Assistant
from assistant.records import ReportProgress
from assistant.settings import Meeting, ServiceSettings, Settings
from assistant.web import server
from tests.conftest import small_table
from tests.fakes import BagOfWordsEncoder

_WITHOUT_RATE = ServiceSettings(rate_limit=0)
TEXTS = {
    "harbour": "Harbour report\n\n1. The zebrafish ferry leaves the harbour at seven in the morning.\n",
    "orchard": "Orchard report\n\n1. The quokka gardeners water the orchard on every second evening.\n",
}
OWN = {"harbour": "zebrafish", "orchard": "quokka"}  # a word that only its document holds
QUESTIONS = {"harbour": "When does the ferry leave the harbour?", "orchard": "When is the orchard watered?"}
TITLES = {"harbour": "Meeting on <harbours>", "orchard": "Meeting on {orchards}"}


def two_meetings(
    folder: Path,
    patch: pytest.MonkeyPatch,
    service: ServiceSettings = _WITHOUT_RATE,
) -> Settings:
    """Write the documents of both meetings, and let the service open them without a model."""
    for name, text in TEXTS.items():
        corpus = folder / name
        corpus.mkdir(parents=True)
        (corpus / f"{name}-report.txt").write_text(text, encoding="utf-8")
        (corpus / "objectives.toml").write_text(small_table(), encoding="utf-8")

    def open_small(settings: Settings, report: ReportProgress) -> Assistant:
        return Assistant.open(settings.corpus, settings.index, encoder=BagOfWordsEncoder(), report=report)

    patch.setattr(server, "_open", open_small)
    meetings = tuple(Meeting(name, TITLES[name], folder / name) for name in TEXTS)
    return Settings(index=folder / "index", service=service, meetings=meetings)


def open_both(client: TestClient, **sent: Any) -> None:
    """Wait until the documents of both are open."""
    for name in TEXTS:
        while client.get(f"/m/{name}/api/objectives", **sent).status_code == 503:
            pass
