"""Hand-typed contract tables for the statistics: a test writes only the columns it is about."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.schemas.tables import TABLES
from pipeline.study import Study

DAY = 86400


def study(name: str = "S1", **changes: Any) -> Study:
    raw: dict[str, Any] = {
        "study": name,
        "title": "test",
        "cohort": "car_t",
        "data_kind": "test",
        "products": {"A": ["A"]},
        "collected_scale": "ASTCT2019",
    }
    return Study.model_validate(raw | changes)


class Hand:
    """Collects rows; `tables()` gives them typed, validated and sorted."""

    def __init__(self, name: str = "S1", cohort: str | None = "car_t") -> None:
        self.name = name
        self.cohort = cohort
        self.rows: dict[str, list[dict[str, Any]]] = {
            t: [] for t in ("adsl", "doses", "episodes", "grades", "grade_days", "interventions")
        }

    def _add(self, table: str, **row: Any) -> Hand:
        self.rows[table].append({"STUDYID": self.name} | row)
        return self

    def subject(self, who: str, followed: int | None = 28, **row: Any) -> Hand:
        """A treated subject with one dose, followed to a study day."""
        base = {
            "USUBJID": who, "SUBJIDX": len(self.rows["adsl"]) + 1, "COHORT": self.cohort,
            "PRODUCT": "A", "TRTSDY": 1, "DYSHIFT": 0, "SAFFL": "Y", "NDOSES": 1,
            "FUPDY": followed, "FUPREAS": "completed",
        }  # fmt: skip
        self._add("adsl", **(base | row))
        return self.dose(who, 1, 1) if (base | row)["SAFFL"] else self

    def dose(self, who: str, seq: int, day: int, **row: Any) -> Hand:
        base = {"USUBJID": who, "DOSESEQ": seq, "PRODUCT": "A", "EXSTDY": day, "SRCSEQ": str(seq)}
        return self._add("doses", **(base | row))

    def episode(self, who: str, start: int, end: int | None = None, **row: Any) -> Hand:
        """An episode from one AE record; with an end it was seen to recover on that day."""
        seq = sum(r["USUBJID"] == who for r in self.rows["episodes"]) + 1
        base = {
            "USUBJID": who, "EPISEQ": seq, "ASTDY": start, "AENDY": end,
            "START": (start - 1 if start > 0 else start) * DAY, "ENDED": "Y" if end else None,
            "END_REASON": "RECOVERED" if end else "ONGOING", "SOURCE": "AE",
            "DURATION_D": end - start + 1 if end else None, "DOSESEQ": 1,
            "MEMBERS": f"AE:{seq}", "ONSET_D": start - 1, "ONSET_D_FIRST": start - 1,
        }  # fmt: skip
        return self._add("episodes", **(base | row))

    def grade(self, who: str, grade: int | None, **row: Any) -> Hand:
        """Grade of the subject's latest episode, collected under ASTCT 2019 unless said else."""
        episode = [r for r in self.rows["episodes"] if r["USUBJID"] == who][-1]
        base = {
            "USUBJID": who, "EPISEQ": episode["EPISEQ"], "SYSTEM": "ASTCT2019",
            "BASIS": "collected", "GRADE": grade, "MAXDY": episode["ASTDY"],
            "REASON": None if grade is not None else "NOT_RECORDED",
        }  # fmt: skip
        return self._add("grades", **(base | row))

    def grade_day(self, who: str, day: int, grade: int | None, **row: Any) -> Hand:
        base = {
            "USUBJID": who, "DY": day, "SYSTEM": "ASTCT2019", "BASIS": "collected",
            "GRADE": grade, "REASON": None if grade is not None else "MAX_ONLY",
        }  # fmt: skip
        return self._add("grade_days", **(base | row))

    def tocilizumab(self, who: str, episode: int, day: int, **row: Any) -> Hand:
        base = {
            "USUBJID": who, "EPISEQ": episode, "CLASS": "tocilizumab", "DRUG": "TOCILIZUMAB",
            "N_DOSES": 1, "START": (day - 1) * DAY, "INTENT": "treatment", "SRCDOM": "CM",
            "SRCSEQ": "4 5",
        }  # fmt: skip
        return self._add("interventions", **(base | row))

    def covariate(self, who: str, name: str, value: float | str | None, **row: Any) -> Hand:
        """What was known before the first dose: a number or a category."""
        number = isinstance(value, int | float)
        base = {
            "USUBJID": who, "COVARIATE": name, "LABEL": name,
            "KIND": "number" if number else "category", "VALUE": value if number else None,
            "LEVEL": None if number else value, "SRCDOM": "DM", "SRCVAR": name,
        }  # fmt: skip
        self.rows.setdefault("covariates", [])
        return self._add("covariates", **(base | row))

    def sign(self, who: str, sign: str, day: int, **row: Any) -> Hand:
        """A sign recorded in the subject's latest episode, first on a study day."""
        episode = [r for r in self.rows["episodes"] if r["USUBJID"] == who][-1]
        base = {
            "USUBJID": who, "EPISEQ": episode["EPISEQ"], "SIGN": sign, "SOURCE": "recorded",
            "START": (day - 1 if day > 0 else day) * DAY, "ASTDY": day, "GRADE": 1,
            "SRCDOM": "AE", "SRCSEQ": "1",
        }  # fmt: skip
        self.rows.setdefault("signs", [])
        return self._add("signs", **(base | row))

    def event(self, who: str, event: str, day: int, **row: Any) -> Hand:
        """An event beside CRS on a study day; with EPISEQ and RELATION it is placed beside it."""
        events = self.rows.setdefault("events", [])
        base = {
            "USUBJID": who, "EVENT": event, "SRCDOM": "AE", "SRCSEQ": 100 + len(events),
            "GRADE": 2, "START": (day - 1 if day > 0 else day) * DAY, "ASTDY": day,
            "PRECISION": "day", "RELATION": "no CRS", "D_FROM_DOSE": day - 1 if day > 0 else None,
        }  # fmt: skip
        return self._add("events", **(base | row))

    def lab(self, who: str, day: int, value: float | None, test: str = "CRP", **row: Any) -> Hand:
        """A laboratory value, days elapsed from the first dose (negative before it)."""
        labs = self.rows.setdefault("labs", [])
        base = {
            "USUBJID": who, "LBSEQ": len(labs) + 1, "LBTESTCD": test, "TEST": test.lower(),
            "VALUE": value, "UNIT": "mg/L", "WORST": "high", "START": day * DAY,
            "LBDY": day + 1 if day >= 0 else day, "PRECISION": "day", "D_FROM_DOSE": day,
            "REASON": None if value is not None else "NOT_A_NUMBER",
        }  # fmt: skip
        return self._add("labs", **(base | row))

    def tables(self) -> dict[str, pl.DataFrame]:
        return {name: _typed(name, rows) for name, rows in self.rows.items()}


def _typed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    types = TABLES[name].create_empty().schema
    unknown = {k for row in rows for k in row} - set(types)
    assert not unknown, f"{name}: {unknown}"
    frame = pl.DataFrame([{k: r.get(k) for k in types} for r in rows], schema=types, orient="row")
    return TABLES[name].validate(frame.sort(TABLES[name].primary_key()))
