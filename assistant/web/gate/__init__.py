"""Middleware around the whole application: who may ask, how much, and what a browser may do with the answer.

    connections       how many connections may be open, in all and of one client
    proxies           the client behind proxies, and the names that the service goes by
    access            a log of requests
    password          a password, and sessions of those who gave it
    limits            rates, bodies, queues and time
    buffered_request  a request whose body is read first, and whose response can be cut
    refusals          a refusal, in the form and language that its sender can show
    headers           security headers
    compression       Brotli, or gzip

The middleware reads headers and bodies, and knows the routes by their addresses alone.
"""

from assistant.web.gate.access import AccessLog, write_log
from assistant.web.gate.compression import Compressed
from assistant.web.gate.connections import ACCEPTED_AT_ONCE, protocol_with_limits, raise_file_limit
from assistant.web.gate.headers import SecurityHeaders
from assistant.web.gate.limits import Limits, Rates
from assistant.web.gate.password import OPEN_PATHS, Password
from assistant.web.gate.proxies import Forwarded, OwnNames, UnderPath
