"""Who may ask, how much, and what a browser may do with the answer."""

from assistant.web.gate.access import AccessLog, ClientAddress, Password, write_log
from assistant.web.gate.connections import protocol_with_limits
from assistant.web.gate.headers import SecurityHeaders
from assistant.web.gate.limits import Limits, asking
