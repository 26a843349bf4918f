"""The addresses of linked documents become their originals in the corpus folder. The only use of a network."""

from assistant.documents.fetching.sources import describe_sources, fetch_sources
