"""A question becomes candidates: passages with features and scores, best first.

Reading order: `candidates` (the nouns), `normalising` (slips and acronyms), `proposing` (which passages are worth
ranking), `ranking` (English: six features in one score), `reader` (question and passage read together), `terms` and
`crosslingual` (other languages), `finder` (what every finder does), `finders` (which one a question gets). Nothing here
decides whether a question is answered.
"""

from assistant.retrieval.candidates import Candidate, Features, Found, Understood, WordMatch
from assistant.retrieval.crosslingual import CrossLingualFinder
from assistant.retrieval.finder import EnglishFinder, Finder
from assistant.retrieval.finders import Finders
from assistant.retrieval.normalising import KNOWN_ACRONYMS, OwnTerms, defined_acronyms
from assistant.retrieval.proposing import cited_documents
from assistant.retrieval.reader import OWN_SCALE, Reader, Scale
