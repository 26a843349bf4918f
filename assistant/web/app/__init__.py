"""The parts that every route shares.

    opening      the assistant while it is opened, and once it is open
    reloading    the assistant anew when its documents have changed
    fairness     rates, memory and turns, shared fairly among clients
    http_parts   bodies, headers and addresses of requests, and JSON for them
    document_pages  the documents, a page at a time
    policies     the content security policy of the page
    static_files scripts and styles, composed once

None of them imports another part of the web package.
"""

from assistant.web.app.document_pages import DocumentPage, number_in, page_of
from assistant.web.app.fairness import Buckets, BusyError, FairQueue, Room, client_of
from assistant.web.app.http_parts import (
    PRIVATE,
    TooLargeError,
    host_of,
    is_known,
    is_own_page,
    read_capped,
    refuse,
    reply_json,
    says_json,
)
from assistant.web.app.opening import Answering, Opening
from assistant.web.app.policies import page_policy
from assistant.web.app.reloading import EVERY, Reloading, state_of
from assistant.web.app.static_files import (
    FOR_EVER,
    HOUR,
    StaticFile,
    following_device,
    read_picture,
    read_static,
    shortened_style,
    unindented,
)
