"""Questions for load: as many different ones as are asked for, the same ones at every run, on and off the documents.

They are made of parts, so that none is asked twice; whether they are answered well is measured elsewhere.
"""

from collections.abc import Iterator

FORMS = (
    "What does the note say about {} and {}?",
    "How are {} linked to {}?",
    "Which measures on {} also help {}?",
    "Is there anything on {} for {}?",
    "Who is responsible for {} where {} are concerned?",
    "Why do {} matter for {}?",
)
TOPICS = tuple(
    """
    unaccompanied children|personal data|irregular status|labour rights|recruitment fees|media reporting|hate speech
    inter-ministerial data sharing|regular pathways|family reunification|border procedures|consular protection
    detention|trafficking in persons|smuggling|return and reintegration|recognition of diplomas|skills|remittances
    social security|health care|schools|housing|climate change|domestic workers|seasonal workers|statistics|census data
    integration|social cohesion|diaspora|development|city mayors|trade unions|employers|civil society|pandemics
    visa rules|regularization|asylum|statelessness|racism|xenophobia|women migrants|older people
    disabilities
    football|volcanoes|interest rates|space travel
    """.replace("\n", "|").split("|")
)
SUBJECTS = tuple(topic.strip() for topic in TOPICS if topic.strip())


def questions() -> Iterator[str]:
    """Different questions, some ten thousand; after those, the same with a number."""
    count = len(SUBJECTS)
    for turn in range(10**6):
        # Steps that share no divisor with the counts, so that neighbours have little in common.
        for step in range(1, count):
            for first in range(count):
                form = FORMS[(first + step) % len(FORMS)]
                asked = form.format(SUBJECTS[first], SUBJECTS[(first * 7 + step) % count])
                yield asked if not turn else f"{asked} ({turn})"
