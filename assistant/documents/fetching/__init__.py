"""The addresses of linked documents become their originals in the corpus folder. The only use of a network.

In reading order: `downloads` asks the servers, `responses` checks what they send, `sources` puts it into words.
"""

from assistant.documents.fetching.downloads import fetch_originals
from assistant.documents.fetching.sources import describe_outcomes, describe_sources
