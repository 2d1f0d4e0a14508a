"""All subjects and episodes that a set may hold, numbered in the order of their keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import polars as pl

from pipeline.stats.arrays import Ints

KEY = ("STUDYID", "USUBJID", "EPISEQ")


class Roster:
    """Members by number: a subject is the member with EPISEQ 0, an episode one with its EPISEQ."""

    def __init__(self, subjects: pl.DataFrame, episodes: pl.DataFrame) -> None:
        who = subjects.select("STUDYID", "USUBJID", EPISEQ=pl.lit(0, pl.Int64))
        self.members = pl.concat([who, episodes.select(KEY)]).unique().sort(KEY)
        joined = pl.concat_str([pl.col(c).cast(pl.String) for c in KEY], separator="\x1f")
        self._keys = self.members.select(joined).to_series().to_numpy()
        self._numbered = self.members.with_columns(MEMBER=pl.int_range(pl.len(), dtype=pl.Int64))
        self._memo: dict[bytes, str] = {}
        self._sets: dict[str, Ints] = {}

    def number(self, frame: pl.DataFrame, episode: pl.Expr, name: str) -> pl.DataFrame:
        """Add the number of each row's subject (episode = 0) or episode as a column."""
        numbers = self._numbered.rename({"EPISEQ": "_EPISEQ", "MEMBER": name})
        return frame.with_columns(_EPISEQ=episode.cast(pl.Int64)).join(
            numbers, on=["STUDYID", "USUBJID", "_EPISEQ"], how="left", maintain_order="left"
        ).drop("_EPISEQ")  # fmt: skip

    def setid(self, members: Ints) -> str | None:
        """Identifier of a set, the same for the same members; null for the empty set."""
        if not members.size:
            return None
        memo = members.tobytes()
        if memo not in self._memo:
            unique = np.unique(members)
            if unique.size != members.size:
                raise ValueError("a set holds each member once")
            text = "\n".join(self._keys[unique].tolist())
            setid = hashlib.sha256(text.encode()).hexdigest()[:16]
            self._memo[memo] = setid
            self._sets[setid] = unique
        return self._memo[memo]

    def sets(self) -> pl.DataFrame:
        """SETID and members of every set asked for, sorted."""
        ids = sorted(self._sets)
        sizes = [self._sets[i].size for i in ids]
        rows = _concat(self._sets[i] for i in ids)
        setids = pl.Series("SETID", ids, dtype=pl.String)
        which = np.repeat(np.arange(len(ids)), sizes)
        return self.members[rows].insert_column(0, setids.gather(pl.Series(which, dtype=pl.Int64)))


def _concat(arrays: Iterable[Ints]) -> Ints:
    return np.concatenate([np.empty(0, dtype=np.int64), *arrays])
