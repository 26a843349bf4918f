"""What the parts of the service share: the assistant as it opens and reloads, bodies of requests, fair queues."""

from assistant.web.app.exchange import PRIVATE, TooLargeError, host_of, is_known, read_capped, says_json
from assistant.web.app.fairness import Buckets, BusyError, FairQueue, Held, Room, Turn, client_of
from assistant.web.app.opening import Answering, Opening
from assistant.web.app.reloading import Reloading, state_of
