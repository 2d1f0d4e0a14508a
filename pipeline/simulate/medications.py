"""CM: what was given for CRS, before doses, and for anything else."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, block, minutes, stack
from pipeline.simulate.patterns import PATTERNS, REGIMENS, Infusion
from pipeline.simulate.people import Trial
from pipeline.simulate.products import StudySpec

CRS = "CYTOKINE RELEASE SYNDROME"
_IV: dict[str, Any] = {"CMROUTE": "INTRAVENOUS"}
_ONCE: dict[str, Any] = {**_IV, "CMDOSFRM": "INJECTION"}
TOCILIZUMAB: dict[str, Any] = {
    **_ONCE, "CMTRT": "TOCILIZUMAB", "CMDOSE": 8.0, "CMDOSU": "mg/kg", "CMCAT": "ANTICYTOKINE",
}  # fmt: skip
DEXAMETHASONE: dict[str, Any] = {
    **_ONCE, "CMTRT": "DEXAMETHASONE", "CMDOSU": "mg", "CMCAT": "CORTICOSTEROID",
}  # fmt: skip
PARACETAMOL: dict[str, Any] = {
    "CMTRT": "PARACETAMOL", "CMDOSE": 1000.0, "CMDOSU": "mg", "CMDOSFRM": "TABLET",
    "CMROUTE": "ORAL", "CMCAT": "ANTIPYRETIC",
}  # fmt: skip


def medications(
    trial: Trial, doses: pl.DataFrame, course: pl.DataFrame, infections: pl.DataFrame
) -> pl.DataFrame:
    """All medication rows; EPI is the row of the course that a treatment belongs to."""
    rng, spec = trial.stream("medications"), trial.spec
    return stack(
        [
            _premedication(spec, doses),
            _for_fever(course),
            _tocilizumab(course),
            _steroids(rng, course),
            _fluids(rng, course),
            _pressors(rng, course),
            _others(rng, course, infections),
        ]
    )


def _premedication(spec: StudySpec, doses: pl.DataFrame) -> pl.DataFrame:
    """Before each dose; steroids only where a bispecific is stepped up, never before CAR-T."""
    who, time = doses["SUBJ"].to_numpy(), doses["TIME"].to_numpy()
    steps = doses.filter(pl.col("STEP").is_in(["SUD1", "SUD2", "FULL"]))
    before = doses.filter("PROPHYLAXIS")
    why = {"CMINDC": "PREMEDICATION"}

    def at(frame: pl.DataFrame, hours: int) -> dict[str, Any]:
        time = frame["TIME"].to_numpy() - hours * HOUR
        return {"CMSTDTC": time, "CMENDTC": time}

    rows = [
        block(who, **PARACETAMOL, **why, CMSTDTC=time - HOUR, CMENDTC=time - HOUR),
        block(
            who, CMTRT="DIPHENHYDRAMINE", CMDOSE=50.0, CMDOSU="mg", CMDOSFRM="TABLET",
            CMROUTE="ORAL", CMCAT="ANTIHISTAMINE", **why, **at(doses, 1),
        ),
        block(
            before["SUBJ"].to_numpy(), **TOCILIZUMAB, CMINDC="PROPHYLAXIS", **at(before, 2)
        ),
    ]  # fmt: skip
    if spec.cohort == "bispecific":
        rows.append(
            block(steps["SUBJ"].to_numpy(), **DEXAMETHASONE, CMDOSE=16.0, **why, **at(steps, 2))
        )
    return stack(rows)


def _of(course: pl.DataFrame, **columns: Any) -> pl.DataFrame:
    """Rows of these episodes, not later than the end of follow-up."""
    rows = block(course["SUBJ"].to_numpy(), EPI=course["EPI"].to_numpy(), **columns)
    stop = course["STOP"]
    return (
        rows.with_columns(CMENDTC=pl.min_horizontal("CMENDTC", stop - 1))
        .filter(pl.col("CMSTDTC") < stop)
    )  # fmt: skip


def _for_fever(course: pl.DataFrame) -> pl.DataFrame:
    some = course.filter("ANTIPYRETIC")
    first = some["ONSET"].to_numpy() + 40
    again = some.filter(pl.col("FEVER1") - pl.col("ONSET") > 10 * HOUR)
    later = again["ONSET"].to_numpy() + 8 * HOUR
    same = {**PARACETAMOL, "CMINDC": "PYREXIA"}
    return stack(
        [
            _of(some, **same, CMSTDTC=first, CMENDTC=first),
            _of(again, **same, CMSTDTC=later, CMENDTC=later),
        ]
    )


def _tocilizumab(course: pl.DataFrame) -> pl.DataFrame:
    once = course.filter(pl.col("TOCI_N") > 0)
    twice = once.filter((pl.col("TOCI_N") > 1) & (pl.col("TOCI") + 14 * HOUR < pl.col("END")))
    first, second = once["TOCI"].to_numpy(), twice["TOCI"].to_numpy() + 12 * HOUR
    same = {**TOCILIZUMAB, "CMINDC": CRS}
    return stack(
        [
            _of(once, **same, CMSTDTC=first, CMENDTC=first + HOUR),
            _of(twice, **same, CMSTDTC=second, CMENDTC=second + HOUR),
        ]
    )


def _steroids(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    some = course.filter("STEROID")
    length = (some["END"] - some["ONSET"]).to_numpy()
    start = some["ONSET"].to_numpy() + 2 * HOUR + minutes(0.2 * length)
    stop = start + minutes(length * rng.uniform(0.2, 0.5, some.height))
    high = rng.random(some.height) < 0.15
    drug = pl.Series(np.where(high, "METHYLPREDNISOLONE", "DEXAMETHASONE"))
    dose = np.where(high, 80.0, 10.0)
    rows = {**DEXAMETHASONE, "CMTRT": drug, "CMDOSE": dose, "CMINDC": CRS}
    return _of(some, **rows, CMSTDTC=start, CMENDTC=stop)


def _fluids(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    low = np.array([p.low_pressure for p in PATTERNS])[course["FORM"].to_numpy()]
    some = course.filter(pl.Series(low & (rng.random(course.height) < 0.85)))
    start = some["SIGN0"].to_numpy() + 10
    return _of(
        some, CMTRT="SODIUM CHLORIDE 0.9% BOLUS", CMDOSE=1000.0, CMDOSU="mL", CMCAT="FLUID",
        CMINDC="HYPOTENSION", CMSTDTC=start, CMENDTC=start + HOUR, **_IV,
    )  # fmt: skip


def _pressors(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    names = np.array([p.pressors for p in PATTERNS], dtype=object)[course["FORM"].to_numpy()]
    return stack(
        [
            _infuse(rng, course.filter(pl.Series(names == name)), infusion)
            for name, regimen in REGIMENS.items()
            for infusion in regimen.infusions
        ]
    )


def _infuse(rng: np.random.Generator, course: pl.DataFrame, drug: Infusion) -> pl.DataFrame:
    start = course["SIGN0"].to_numpy() + 30
    length = course["SIGN1"].to_numpy() - 30 - start
    per_kg = "/kg/" in drug.unit or drug.unit == "U/min"
    dose = np.round(rng.uniform(drug.low, drug.high, course.height), 2 if per_kg else 0)
    begin, end = start + minutes(drug.start * length), start + minutes(drug.end * length)
    return _of(
        course, CMTRT=drug.drug, CMDOSE=dose, CMDOSU=drug.unit, CMINDC="HYPOTENSION",
        CMCAT="VASOACTIVE" if drug.bolus else "CONTINUOUS INFUSION",
        CMDOSFRM="BOLUS" if drug.bolus else "INFUSION", CMSTDTC=begin, CMENDTC=end, **_IV,
    )  # fmt: skip


def _others(
    rng: np.random.Generator, course: pl.DataFrame, infections: pl.DataFrame
) -> pl.DataFrame:
    """Steroids for ICANS and antibiotics for infections."""
    icans = course.filter(pl.col("ICANS") > 1)
    start = icans["ICANS0"].to_numpy() + 3 * HOUR
    ill = infections["START"].to_numpy() + 2 * HOUR
    days = rng.integers(5, 11, infections.height)
    return stack(
        [
            _of(
                icans, **DEXAMETHASONE, CMDOSE=10.0, CMSTDTC=start, CMENDTC=start + 2 * DAY,
                CMINDC="IMMUNE EFFECTOR CELL-ASSOCIATED NEUROTOXICITY SYNDROME",
            ).drop("EPI"),
            block(
                infections["SUBJ"].to_numpy(), CMTRT="PIPERACILLIN/TAZOBACTAM", CMDOSE=4.5,
                CMDOSU="g", CMCAT="ANTIBIOTIC", CMINDC="INFECTION", CMSTDTC=ill,
                CMENDTC=ill + days * DAY, **_IV,
            ),
        ]
    )  # fmt: skip
