"""The words of the passages in PostgreSQL: an index proposes passages that hold some, and our own BM25 scores them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from assistant.index.fetched import Rows
from assistant.index.lexical import Scores, Vocabulary, shares_of
from assistant.index.postgres.database import Database
from assistant.index.postgres.generation import Generation
from assistant.index.postgres.tables import HeldWords, key_of, read_bigints
from assistant.language import is_content, stem
from assistant.memory import remembered

# Passages that are scored for a question. A stem that more of them hold tells so little that those which hold rarer
# ones come first, nearly always.
_SCORED = 2000
_HELD = """
    SELECT place, stems, often FROM unnest(%(keys)s::bigint[], %(numbers)s::integer[])
    WITH ORDINALITY AS asked(document, number, place) JOIN assistant.passages USING (document, number)
"""


class PostgresWords(Vocabulary):
    """The words of a generation's passages; safe to share between threads."""

    def __init__(self, database: Database, generation: Generation) -> None:
        """Search a generation."""
        super().__init__(generation.arrays, len(generation))
        self._database, self._generation = database, generation
        # What was read of a passage for one question is read once.
        self._read: Callable[[], dict[int, HeldWords]] = remembered(dict)

    def remember(self, rows: Sequence[int], columns: Sequence[tuple[bytes, bytes]]) -> list[HeldWords]:
        """Read the columns of passages' words for as long as a question lasts."""
        held = [HeldWords.of(stems, often) for stems, often in columns]
        self._read().update(zip(rows, held, strict=True))
        return held

    def scores(self, words: Sequence[str], rows: Rows) -> Scores:
        """Return the BM25 scores of some passages for words in lower case, as shares of the highest possible score."""
        return self._scores(words, self._held(rows))

    def best(self, words: Sequence[str], where: str, parameters: dict[str, Any], *, count: int) -> Rows:
        """Return the rows that score highest for words; among very many, nearly always.

        Args:
            where: A condition of the passages that are searched.
            parameters: Its.
        """
        stems = sorted({stem(word) for word in words if self.holds(word)}, key=self.count)
        within = int(np.searchsorted(np.cumsum([self.count(each) for each in stems]), _SCORED, side="right"))
        rare, common = stems[:within], stems[within:]
        rows, held = self._holding("&&", rare, where, parameters) if rare else (np.empty(0, dtype=np.int64), [])
        scores = self._scores(words, held)
        reachable = sum(map(self.weight, common)) / (sum(self.weight(stem(word)) for word in set(words)) or 1)
        # Of the others, those that hold most: all of the common stems, or else the rarest of these.
        while common and (len(rows) < count or np.partition(scores, -count)[-count] < reachable):
            more, also = self._holding("@>", common, where, parameters)
            rows, first = np.unique(np.concatenate([rows, more]), return_index=True)
            held = [[*held, *also][at] for at in first.tolist()]
            scores = self._scores(words, held)
            common = common[:-1] if len(more) < count else []
        best = np.argsort(-scores, kind="stable")[:count]
        return rows[best[scores[best] > 0]]

    def rows_holding(self, words: Collection[str]) -> list[int]:
        """Return the rows that hold all content words among these in any inflection; none if there are none."""
        rows: list[int] = self.rows_holding_stems([stem(word) for word in words if is_content(word)]).tolist()
        return rows

    def rows_holding_stems(self, stems: Collection[str]) -> Rows:
        """Return the rows that hold all of these stems, in order; none if there are none."""
        if not stems or not all(map(self.count, stems)):
            return np.empty(0, dtype=np.int64)
        query = "SELECT array_agg(document), array_agg(number::bigint) FROM assistant.passages WHERE stems @> %(stems)s"
        ((documents, numbers),) = self._database.rows(query, {"stems": list(map(key_of, stems))})
        if documents is None:
            return np.empty(0, dtype=np.int64)
        return np.sort(self._generation.rows(read_bigints(documents), read_bigints(numbers)))

    def row_holds(self, row: int, word: str) -> bool:
        """Return whether a passage holds a word in any inflection."""
        (held,) = self._held(np.array([row]))
        return key_of(stem(word)) in held.stems

    def are_alike(self, row: int, other: int, share: float) -> bool:
        """Return whether two passages have at least this share of their words in common (Jaccard index)."""
        one, two = (each.stems for each in self._held(np.array([row, other])))
        fewer, more = sorted((len(one), len(two)))
        if fewer < share * more:
            return False
        both = len(np.intersect1d(one, two, assume_unique=True))
        return both >= share * (fewer + more - both)

    def _held(self, rows: Rows) -> list[HeldWords]:
        known = self._read()
        missing = [row for row in rows.tolist() if row not in known]
        if missing:
            found = self._database.rows(_HELD, self._generation.addresses(np.array(missing)))
            at, columns = [missing[place - 1] for place, *_ in found], [(stems, often) for _, stems, often in found]
            known = known | dict(zip(at, self.remember(at, columns), strict=True))
        return [known[row] for row in rows.tolist()]

    def _holding(
        self, operator: str, stems: Sequence[str], where: str, parameters: dict[str, Any]
    ) -> tuple[Rows, list[HeldWords]]:
        query = f"""
            SELECT document, number, stems, often FROM assistant.passages
            WHERE stems {operator} %(stems)s AND {where} LIMIT {_SCORED}
        """  # noqa: S608 - of our own words
        found = self._database.rows(query, {**parameters, "stems": list(map(key_of, stems))})
        rows = self._generation.rows_of(found)
        return rows, self.remember(rows.tolist(), [(stems, often) for _, _, stems, often in found])

    def _scores(self, words: Sequence[str], held: Sequence[HeldWords]) -> Scores:
        scores = np.zeros(len(held), dtype=np.float32)
        stems = list(dict.fromkeys(map(stem, words)))
        known = [each for each in stems if self.count(each)]
        if not known or not held:
            return scores
        sizes = [len(each.stems) for each in held]
        at = np.repeat(np.arange(len(held)), sizes)
        keys = np.concatenate([each.stems for each in held])
        often = np.concatenate([each.often[1:] for each in held])
        lengths = np.array([each.often[0] for each in held], dtype=np.int64)
        for each in known:
            found = np.flatnonzero(keys == key_of(each))
            shares = shares_of(often[found], lengths[at[found]], self._generation.facts["mean_length"])
            scores[at[found]] += np.float32(self.weight(each)) * shares
        scores /= np.float32(sum(map(self.weight, stems)))
        return scores
