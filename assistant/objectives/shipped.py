"""The shipped classifiers, learned from the tables and encoders that ship, so that a first build needn't learn.

`python -m bench.fit_objectives` learns them. With another table or another model a build learns for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PRETRAINED = Path(__file__).with_name("pretrained.npz")
_CLASSIFIER, _SECOND = "classifier.", "second."  # what the names of their arrays begin with

Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Pretrained:
    """The arrays of both classifiers, and what they were learned from."""

    encoder_sha256: str  # names the encoder's weights
    table: str  # the sha256 of the table of objectives
    second_sha256: str  # names the multilingual encoder and the tables
    classifier: Arrays  # `ObjectiveClassifier.arrays`
    second: Arrays  # `MultilingualClassifier.arrays` without the terms, which the tables hold

    def classifier_for(self, encoder_sha256: str, table: str) -> Arrays | None:
        """Return what was learned with this encoder from this table; None if that was another."""
        return self.classifier if (self.encoder_sha256, self.table) == (encoder_sha256, table) else None

    def second_for(self, encoder_sha256: str, second_sha256: str) -> Arrays | None:
        """Return what was learned with these two encoders; None if they were others."""
        return self.second if (self.encoder_sha256, self.second_sha256) == (encoder_sha256, second_sha256) else None

    def write(self, path: Path = PRETRAINED) -> None:
        """Keep it."""
        names = np.array([self.encoder_sha256, self.table, self.second_sha256])
        arrays: dict[str, Any] = {"names": names}
        arrays |= {_CLASSIFIER + name: array for name, array in self.classifier.items()}
        arrays |= {_SECOND + name: array for name, array in self.second.items() if name != "terms"}
        np.savez_compressed(path, **arrays)


@cache
def pretrained(path: Path = PRETRAINED) -> Pretrained:
    """Read what ships."""
    with np.load(path, allow_pickle=False) as kept:
        arrays = dict(kept)
    encoder, table, second = arrays["names"].tolist()
    return Pretrained(encoder, table, second, _part(arrays, _CLASSIFIER), _part(arrays, _SECOND))


def _part(arrays: Arrays, prefix: str) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
