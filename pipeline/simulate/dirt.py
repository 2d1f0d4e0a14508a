"""Plants the defects of real data into clean tables and keeps account of every one.

Rates are those of the measured table in the simulation reference (CDISC pilot, CLIF/MIMIC-IV,
NULISA, eICU strings); `factor` multiplies them. A planted defect names the rule of ingest that is
meant to catch it, or none where the engine must simply cope, and says what it may change:
    nothing   grades, times and counts must come out as if it were not there
    timing    onset, end or duration of an episode may come out otherwise
    grade     a derived grade may come out otherwise
    rows      the subject's rows are lost
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl

from pipeline.simulate.products import StudySpec
from pipeline.simulate.tables import Drawn

Affects = Literal["nothing", "timing", "grade", "rows"]


@dataclass(frozen=True)
class Planted:
    """One kind of defect in one domain: which rows (by internal number) and subjects."""

    kind: str
    domain: str
    rule: str | None
    affects: Affects
    note: str
    ids: tuple[int, ...]
    subjects: tuple[str, ...]


class Planting:
    """Tables under work: rows are chosen, changed, repeated or taken out, all by one stream."""

    def __init__(self, drawn: Drawn, factor: float) -> None:
        self.spec: StudySpec = drawn.spec
        self.drawn = drawn
        self.rng = drawn.trial.stream("dirt")
        self.factor = factor
        self.truth = drawn.truth.with_columns(UNREPORTED=pl.lit(False))
        self.planted: list[Planted] = []
        #: subjects whose rows are all held back; nothing else is planted in them
        self.lost: list[int] = []
        self.tables = {
            name: frame.with_row_index("_ID").with_columns(pl.col("_ID").cast(pl.Int64))
            for name, frame in drawn.tables.items()
        }

    def pick(
        self, domain: str, where: pl.Expr, rate: float, *, by: str = "_ID", at_least: int = 0
    ) -> list[int]:
        """Numbers (`by`) of rows drawn with `rate` times the factor among those that fit."""
        own = where & ~pl.col("SUBJ").is_in(self.lost)
        pool = self.tables[domain].filter(own)[by].drop_nulls().unique().sort().to_numpy()
        chance = self.rng.random(len(pool))
        chosen = pool[chance < min(rate * self.factor, 0.9)]
        if len(chosen) < at_least:
            chosen = np.sort(pool[np.argsort(chance, kind="stable")[:at_least]])
        return chosen.tolist()

    def change(self, domain: str, ids: list[int], **values: pl.Expr) -> None:
        """Give these rows other values."""
        hit = pl.col("_ID").is_in(ids)
        table = self.tables[domain]
        self.tables[domain] = table.with_columns(
            pl.when(hit).then(value.cast(table.schema[name])).otherwise(name).alias(name)
            for name, value in values.items()
        )

    def repeat(self, domain: str, ids: list[int], *, number: bool, **values: pl.Expr) -> list[int]:
        """Add a copy of each row, changed by `values`; with `number` it gets a --SEQ of its own."""
        table, seq = self.tables[domain], f"{domain}SEQ"
        first = int(table["_ID"].max() or 0) + 1  # pyright: ignore[reportArgumentType]
        copies = table.filter(pl.col("_ID").is_in(ids)).with_columns(
            value.cast(table.schema[name]).alias(name) for name, value in values.items()
        )
        copies = copies.with_columns(_ID=pl.int_range(first, first + pl.len(), dtype=pl.Int64))
        if number:
            last = table.group_by("SUBJ").agg(pl.col(seq).max().alias("_LAST"))
            copies = copies.join(last, on="SUBJ", how="left", maintain_order="left")
            order = pl.int_range(1, pl.len() + 1).over("SUBJ")
            copies = copies.with_columns((pl.col("_LAST") + order).alias(seq)).drop("_LAST")
        self.tables[domain] = pl.concat([table, copies])
        return copies["_ID"].to_list()

    def drop(self, domain: str, ids: list[int]) -> None:
        """Take these rows out."""
        self.tables[domain] = self.tables[domain].filter(~pl.col("_ID").is_in(ids))

    def subjects(self, domain: str, ids: list[int]) -> tuple[str, ...]:
        """Subjects that these rows truly belong to."""
        subj = self.tables[domain].filter(pl.col("_ID").is_in(ids))["SUBJ"].unique().sort()
        return tuple(self.drawn.trial.people.usubjid[subj.to_numpy()].tolist())

    def record(
        self,
        kind: str,
        domain: str,
        ids: list[int],
        rule: str | None,
        note: str,
        *,
        affects: Affects = "nothing",
    ) -> None:
        """Enter a kind of defect into the account, if there is any of it."""
        if ids:
            own = self.subjects(domain, ids)
            self.planted.append(Planted(kind, domain, rule, affects, note, tuple(ids), own))

    def touch(self, subj: int) -> None:
        """The last defect entered also concerns this subject."""
        last, name = self.planted[-1], str(self.drawn.trial.people.usubjid[subj])
        self.planted[-1] = replace(last, subjects=(*last.subjects, name))

    def finish(self) -> tuple[dict[str, pl.DataFrame], list[dict[str, Any]]]:
        """Tables in file order, and the account with row numbers as they stand in the files."""
        rows: dict[str, pl.DataFrame] = {}
        for name, table in self.tables.items():
            order = ["SUBJ", f"{name}SEQ", "_ID"] if f"{name}SEQ" in table.columns else ["_ID"]
            self.tables[name] = table.sort(order)
            rows[name] = self.tables[name].select("_ID", ROW=pl.int_range(1, pl.len() + 1))
        return self.tables, [self._entry(p, rows[p.domain]) for p in self.planted]

    def _entry(self, planted: Planted, rows: pl.DataFrame) -> dict[str, Any]:
        found = rows.filter(pl.col("_ID").is_in(list(planted.ids)))["ROW"].sort().to_list()
        return {
            "kind": planted.kind,
            "domain": planted.domain,
            "file": f"{planted.domain.lower()}.{self.spec.format}",
            "rule": planted.rule,
            "affects": planted.affects,
            "note": planted.note,
            "rows": found,
            "removed": len(planted.ids) - len(found),
            "subjects": list(planted.subjects),
        }
