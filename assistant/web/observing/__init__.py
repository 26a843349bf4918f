"""What happens while serving becomes figures and addresses for those who run it."""

from assistant.web.observing.health import add_health
from assistant.web.observing.measuring import Measured
from assistant.web.observing.metrics import Metrics
