"""Figures and addresses for those who run the service; none holds a question or a client.

    health       alive, ready, and the figures
    measuring    requests and responses -> counts and times
    metrics      the figures themselves

The figures leave the process only when they are asked for.
"""

from assistant.web.observing.health import add_health
from assistant.web.observing.measuring import Measured
from assistant.web.observing.metrics import Metrics
