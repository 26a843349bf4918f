"""Middleware around the whole application: who may ask, how much, and what a browser may do with the answer.

    access            the client behind proxies, a password, a log of requests
    connections       how many connections a client may keep open
    limits            rates, bodies, queues and time
    buffered_request  a request whose body is read first, and whose response can be cut
    refusals          a refusal, in the form and language that its sender can show
    headers           security headers

The middleware reads headers and bodies, and knows the routes by their addresses alone.
"""

from assistant.web.gate.access import AccessLog, ClientAddress, Password, write_log
from assistant.web.gate.connections import protocol_with_limits
from assistant.web.gate.headers import SecurityHeaders
from assistant.web.gate.limits import Limits, Rates, asking
