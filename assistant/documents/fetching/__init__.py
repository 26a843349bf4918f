"""The addresses of linked documents become their originals in the corpus folder. The only use of a network.

In reading order: `downloads` asks the servers, `responses` checks what they send, `descriptions` puts it into words.
"""

from assistant.documents.fetching.descriptions import describe_outcomes, describe_sources, describe_standing
from assistant.documents.fetching.downloads import BRIEF, fetch_originals
