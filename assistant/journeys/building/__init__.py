"""A corpus folder becomes a build: all that answers questions on it, as parts that lie beside one another.

In reading order: `build` (the parts, and how they are kept), `manifest` (the facts in it, checked), `corpus_state`
(what makes a build stale), `steering` (the operator's own words), `texts` (encode passages and sentences), `tagging`
(the objectives of passages), `builder` (one part after the other).
"""

from assistant.journeys.building.build import (
    Build,
    Models,
    Origin,
    about,
    load_build,
    parts_of,
    read_models,
    save_build,
)
from assistant.journeys.building.builder import Builder
from assistant.journeys.building.corpus_state import corpus_state, translated_file
from assistant.journeys.building.steering import lost_places, stale_answers
