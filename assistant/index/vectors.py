"""Vectors that are searched for the nearest to a question's: exactly, or among very many nearly always.

The only home of faiss.
"""

import faiss
import numpy as np
import numpy.typing as npt

from assistant.encoding import Vectors
from assistant.index.catalogue import Mask
from assistant.index.fetched import Rows

# Up to this number of vectors a search compares the question with all of them exactly, in some two milliseconds.
_EXACT = 20_000
# Beyond, all are compared roughly, in a fiftieth of the time, and then this many times as many as are wanted exactly.
# That found all but a hundredth of the ten nearest, whatever the texts (docs/speed.md); searches of a part of the
# vectors, along links or in lists, lost many more of the outliers.
_AGAIN = 4
_PIECE, _BITS = 2, 4  # dimensions that are quantized together, and bits for them
_LEARNED_FROM = 20_000  # vectors that the quantizer is trained on; more find no more


class SearchableVectors:
    """Rows of unit length that are searched by inner product; safe to share between threads.

    Very many are ranked roughly first, by product quantization (Jégou, Douze and Schmid, 2011) whose codes are compared
    in the registers of the processor (André, Kermarrec and Le Scouarnec, 2015).
    """

    def __init__(self, index: faiss.Index) -> None:
        """Search an index of FAISS; `of` builds one."""
        self._index = index
        self._exact = faiss.downcast_index(index.refine_index) if isinstance(index, faiss.IndexRefine) else index
        # They stay in FAISS's memory, which lives as long as its index; the library's type stubs lack this.
        lying = self._exact.get_xb()  # type: ignore[attr-defined]
        self.rows: Vectors = faiss.rev_swig_ptr(lying, index.ntotal * index.d).reshape(index.ntotal, index.d)

    @classmethod
    def of(cls, vectors: Vectors) -> "SearchableVectors":
        """Index float32 rows of unit length, of an even number of dimensions where there are very many."""
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        count, dimensions = vectors.shape
        if count <= _EXACT:
            flat = faiss.IndexFlatIP(dimensions)
            flat.add(vectors)
            return cls(flat)
        rough = faiss.IndexPQFastScan(dimensions, dimensions // _PIECE, _BITS, faiss.METRIC_INNER_PRODUCT)
        rough.train(vectors[:: max(1, count // _LEARNED_FROM)])
        sorting = faiss.IndexRefineFlat(rough)
        sorting.k_factor = _AGAIN
        sorting.add(vectors)
        return cls(sorting)

    @classmethod
    def from_array(cls, content: npt.NDArray[np.uint8]) -> "SearchableVectors":
        """Read what `to_array` returned, and nothing else: FAISS trusts what it is given."""
        return cls(faiss.deserialize_index(np.asarray(content)))

    def to_array(self) -> npt.NDArray[np.uint8]:
        """Return what `from_array` needs."""
        content: npt.NDArray[np.uint8] = faiss.serialize_index(self._index)
        return content

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """The number of dimensions."""
        return int(self._index.d)

    def nearest(self, vector: Vectors, count: int, *, among: Mask | None = None) -> list[tuple[int, float]]:
        """Return (row, cosine) of the rows nearest to a unit vector, best first; of very many, nearly always.

        Args:
            among: Mask of the rows to search; None for all.
        """
        if among is not None and np.count_nonzero(among) <= _EXACT:
            rows = np.flatnonzero(among)
            cosines = self.rows[rows] @ vector
            best = np.argsort(-cosines, kind="stable")[:count]
            return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))
        # Threads that share one question wait for each other: on busy cores 12 ms instead of less than one. The setting
        # holds for the calling thread.
        faiss.omp_set_num_threads(1)
        count, query = min(count, len(self)), vector.reshape(1, -1)
        if not count:
            return []
        scores, rows = self._index.search(query, count) if among is None else self._among(query, count, among)
        return [(int(row), float(score)) for score, row in zip(scores[0], rows[0], strict=True) if row >= 0]

    def _among(self, query: Vectors, count: int, among: Mask) -> tuple[Vectors, Rows]:
        """Search the rows that a mask allows, exactly."""
        bits = np.packbits(among, bitorder="little")  # they must live until the search is over
        # The library's type stubs lack what its Python has.
        options = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[call-arg, arg-type]
        scores, rows = self._exact.search(query, count, params=options)
        return scores, rows
