"""A study's ladders under every setting of the switches that make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.crs.crs import STEPS, params_of, rules_of
from pipeline.crs.open_questions import Part, Reading, changed, words
from pipeline.query import Query
from pipeline.study import Study
from pipeline.table import Table

BEFORE = STEPS[: STEPS.index("episodes")]


@dataclass(frozen=True, eq=False)
class LadderPart:
    """The steps in which some switches work, and the findings that come out of them."""

    steps: tuple[str, ...]
    findings: pl.Expr


_DOM, _LADDER = pl.col("SRCDOM"), pl.col("LADDER")
LADDER_PARTS: dict[Part, LadderPart] = {
    "vitals": LadderPart(("vitals_timed", "ladder_vitals"), _DOM == "VS"),
    "vasopressor": LadderPart(
        ("ladder_vasopressor",), _LADDER.is_in(["vasopressor", "pressor_dose"])
    ),
    "oxygen": LadderPart(("ladder_oxygen",), _DOM == "PR"),
    "events": LadderPart(("ladder_events",), _DOM.is_in(["AE", "CE", "FA"])),
}

# Columns by which two findings of one source row may differ; VALUE and TEXT decide no grade.
_SAME = [
    "USUBJID", "LADDER", "LEVEL", "START", "END", "PRECISION", "ATTRIBUTED_ELSEWHERE", "SRCDOM",
    "SRCSEQ", "FLAGS",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Other:
    """Subjects for whom a setting makes a difference, and their findings under it."""

    subjects: pl.DataFrame
    findings: pl.DataFrame


class Ladders:
    """Findings of the study's own reading, and of others for the subjects in whom they differ.

    Args:
        tables: the typed domains, ledger, adsl and doses; for a portion of a study also
            record_source, which only the whole can tell.
        study: the study's own description; its switches are the own reading.
        looked_at: ladders that matter to whoever asks; others are left out.
    """

    def __init__(self, tables: Mapping[str, Table], study: Study, looked_at: Sequence[str]) -> None:
        self._study = study
        self._looked_at = looked_at
        self._query = Query({**tables, **rules_of(study)})
        self._query.define("macros")
        given = [name for name in BEFORE if name in tables]
        made = {n: self._query.run("crs", n, params_of(study)) for n in BEFORE if n not in given}
        self.made = {**{name: self._query.frame(name) for name in given}, **made}
        self._own = self._relevant(self.made["findings"])
        self._others: dict[tuple[Part, str], _Other] = {}

    def close(self) -> None:
        """Let go of the database."""
        self._query.__exit__()

    def everything(self) -> pl.DataFrame:
        """Which subject has which level of which ladder, under any setting asked for so far."""
        frames = [self._own, *(other.findings for other in self._others.values())]
        seen = pl.concat([f.select("USUBJID", "LADDER", "LEVEL") for f in frames])
        return seen.unique().sort(pl.all())

    def differing(self, part: Part, changes: Reading) -> pl.DataFrame:
        """USUBJID of those whose ladders of a part differ from the study's own reading."""
        key = part, words(changes)
        if key not in self._others:
            self._others[key] = self._derive(LADDER_PARTS[part], changes)
        return self._others[key].subjects

    def of_units(self, units: pl.DataFrame) -> pl.DataFrame:
        """Findings of each unit, USUBJID being the UNIT.

        Args:
            units: UNIT, USUBJID and for each ladder part (in capitals) the text of its setting,
                empty where the subject's are those of the study's own reading.
        """
        everywhere = pl.any_horizontal([part.findings for part in LADDER_PARTS.values()])
        frames = [tagged(self._own.filter(~everywhere), units)]
        for part, ladder in LADDER_PARTS.items():
            mine = self._own.filter(ladder.findings)
            frames.append(tagged(mine, units.filter(pl.col(part.upper()) == "")))
        for (part, text), other in self._others.items():
            frames.append(tagged(other.findings, units.filter(pl.col(part.upper()) == text)))
        return pl.concat(frames)

    def _relevant(self, findings: pl.DataFrame) -> pl.DataFrame:
        return findings.filter(_LADDER.is_in(self._looked_at))

    def _derive(self, where: LadderPart, changes: Reading) -> _Other:
        """Derive the ladders of a part anew; keep the subjects for whom they differ."""
        params = params_of(changed(self._study, changes))
        names = (*where.steps, "findings")
        made = {name: self._query.run("crs", name, params) for name in names}
        for name in names:
            self._query.add(name, self.made[name])
        theirs = self._relevant(made["findings"].filter(where.findings))
        ours = self._own.filter(where.findings)
        lost = ours.join(theirs, on=_SAME, how="anti", nulls_equal=True)
        found = theirs.join(ours, on=_SAME, how="anti", nulls_equal=True)
        subjects = pl.concat([lost, found]).select("USUBJID").unique().sort("USUBJID")
        return _Other(subjects, theirs.join(subjects, on="USUBJID", how="semi"))


def tagged(frame: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The rows of each unit's subject, USUBJID being the UNIT."""
    joined = frame.join(units.select("USUBJID", "UNIT"), on="USUBJID", how="inner")
    return joined.with_columns(USUBJID="UNIT").drop("UNIT")
