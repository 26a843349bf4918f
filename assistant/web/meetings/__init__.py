"""Several meetings in one service, each at an address of its own, `/m/NAME`, as if a proxy showed it under that path.

    addresses   whose meeting an address is
    held        one meeting: opened when somebody asks, closed when nobody has asked for a while
    service     all of them, and the page that lists them

A meeting has an application, an index, a log and figures of its own; the gates, the models and the process are shared.
"""

from assistant.web.meetings.addresses import ByAddress
from assistant.web.meetings.held import Held, Running
from assistant.web.meetings.service import IDLE, meetings_app
