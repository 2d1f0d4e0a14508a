"""Oxygen, ventilation and hospital stays of the true course."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, Floats, block, minutes, stack
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.patterns import OXYGEN, PATTERNS, Support
from pipeline.simulate.people import People, Trial
from pipeline.simulate.products import StudySpec

_CATEGORY = "RESPIRATORY SUPPORT"


def procedures(trial: Trial, course: pl.DataFrame) -> pl.DataFrame:
    """PR: one row per device and setting; EPI is the row of the course that it belongs to."""
    rng = trial.stream("oxygen")
    return stack(
        [_for_hypoxia(rng, course), _airway_protection(rng, course), _at_home(trial.people, course)]
    )


def _for_hypoxia(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    oxygen = np.array([p.oxygen for p in PATTERNS], dtype=object)[course["FORM"].to_numpy()]
    parts = [
        _device(rng, course.filter(pl.Series(oxygen == name)), device)
        for name, kind in OXYGEN.items()
        for device in kind.devices
    ]
    return stack(parts)


def _device(rng: np.random.Generator, course: pl.DataFrame, device: Support) -> pl.DataFrame:
    n = course.height
    start, end = course["SIGN0"].to_numpy(), course["SIGN1"].to_numpy()
    length = end - start
    flow: Floats | None = None
    if device.flow is not None:
        flow = np.round(rng.uniform(device.flow[0] - 0.49, device.flow[1] + 0.49, n))
    fio2 = None if device.fio2 is None else np.round(rng.uniform(*device.fio2, n), 2)
    return block(
        course["SUBJ"].to_numpy(),
        EPI=course["EPI"].to_numpy(),
        PRTRT=device.device,
        PRCAT=_CATEGORY,
        PRDOSE=np.full(n, np.nan) if flow is None else flow,
        PRDOSU=None if flow is None else "L/min",
        PRFIO2=np.full(n, np.nan) if fio2 is None else fio2,
        PRINDC="HYPOXIA",
        PRSTDTC=start + minutes(device.start * length),
        PRENDTC=start + minutes(device.end * length),
    ).with_columns(pl.col("PRDOSE", "PRFIO2").fill_nan(None))


def _airway_protection(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    """Ventilation for a neurologically threatened airway: never counts as CRS."""
    draw = rng.random(course.height)
    some = course.filter(pl.Series(draw < 0.15) & pl.col("ICANS4"))
    start = some["ONSET"].to_numpy() + minutes(0.3 * (some["END"] - some["ONSET"]).to_numpy())
    return block(
        some["SUBJ"].to_numpy(),
        EPI=some["EPI"].to_numpy(),
        PRTRT="MECHANICAL VENTILATION",
        PRCAT=_CATEGORY,
        PRFIO2=0.3,
        PRINDC="AIRWAY PROTECTION",
        PRSTDTC=start,
        PRENDTC=np.minimum(start + 20 * HOUR, some["END"].to_numpy() - HOUR),
    )


def _at_home(people: People, course: pl.DataFrame) -> pl.DataFrame:
    """Support that a subject had before the first dose and keeps unchanged."""
    hypoxic = np.array([p.oxygen != "none" for p in PATTERNS])[course["FORM"].to_numpy()]
    breathless = np.zeros(people.n, dtype=bool)
    breathless[course["SUBJ"].to_numpy()[hypoxic]] = True
    apnoea = np.flatnonzero(people.apnoea & people.treated & ~breathless)
    home = np.flatnonzero(people.home_oxygen & people.treated & ~breathless)
    same = {"PRCAT": _CATEGORY, "PRSTDTC": -5 * DAY, "PRENDTC": 60 * DAY}
    return stack(
        [
            block(apnoea, PRTRT="CPAP", PRFIO2=0.21, PRINDC="SLEEP APNOEA", **same),
            block(
                home,
                PRTRT="NASAL CANNULA",
                PRDOSE=2.0,
                PRDOSU="L/min",
                PRINDC="CHRONIC OBSTRUCTIVE PULMONARY DISEASE",
                **same,
            ),
        ]
    )


def stays(
    trial: Trial, doses: pl.DataFrame, course: pl.DataFrame, follow_up: FollowUp
) -> pl.DataFrame:
    """Hospital stays (SUBJ, IN, OUT, WHY): for the dose, or for CRS, joined where they touch."""
    rng = trial.stream("hospital")
    planned = _planned_stays(rng, trial.spec, doses)
    u = rng.random(course.height)
    form = course["FORM"].to_numpy()
    signs = np.array([p.signs for p in PATTERNS])[form]
    crs = course.filter(pl.Series(signs | (u < 0.75)))
    for_crs = pl.DataFrame(
        {"SUBJ": crs["SUBJ"], "IN": crs["ONSET"], "OUT": crs["END"] + 6 * HOUR}
    ).with_columns(WHY=pl.lit("CYTOKINE RELEASE SYNDROME"))
    end = pl.Series(follow_up.end)
    joined = (
        pl.concat([planned, for_crs])
        .sort("SUBJ", "IN", "OUT")
        .with_columns(before=pl.col("OUT").cum_max().shift().over("SUBJ"))
        .with_columns(
            stay=(pl.col("before").is_null() | (pl.col("IN") > pl.col("before") + 12 * HOUR))
            .cum_sum()
            .over("SUBJ")
        )
        .group_by("SUBJ", "stay", maintain_order=True)
        .agg(pl.col("IN").min(), pl.col("OUT").max(), pl.col("WHY").first())
        .sort("SUBJ", "IN")
        .drop("stay")
    )
    stop = end[joined["SUBJ"]]
    return joined.with_columns(
        OUT=pl.min_horizontal("OUT", stop), OPEN=pl.col("OUT") > stop
    ).filter(pl.col("IN") < pl.col("OUT"))


def _planned_stays(rng: np.random.Generator, spec: StudySpec, doses: pl.DataFrame) -> pl.DataFrame:
    n = doses.height
    if spec.cohort == "car_t":
        days = np.clip(np.round(rng.normal(10, 2.5, n)), 5, 20).astype(np.int64)
        start = doses["TIME"].to_numpy() - 2 * DAY
        out = (doses["TIME"].to_numpy() // DAY + days) * DAY + 13 * HOUR
    else:
        start = doses["TIME"].to_numpy() - 3 * HOUR
        out = doses["TIME"].to_numpy() + 2 * DAY
    stay = pl.DataFrame({"SUBJ": doses["SUBJ"], "IN": start, "OUT": out, "STEP": doses["STEP"]})
    inpatient = ["INFUSION", "SUD1", "SUD2", "FULL"]
    return (
        stay.filter(pl.col("STEP").is_in(inpatient))
        .drop("STEP")
        .with_columns(WHY=pl.lit("STUDY TREATMENT"))
    )


def hospital(stay: pl.DataFrame, course: pl.DataFrame) -> pl.DataFrame:
    """HO: hospital stays and, for the gravest forms, intensive care."""
    intensive = np.array([p.intensive for p in PATTERNS])[course["FORM"].to_numpy()]
    icu = course.filter(pl.Series(intensive))
    leave = pl.Series(stay["OUT"]).set(stay["OPEN"], None)
    last = pl.min_horizontal("STOP", pl.col("SIGN1") + 6 * HOUR)
    return stack(
        [
            block(
                stay["SUBJ"].to_numpy(),
                HOTERM="HOSPITAL",
                HOINDC=stay["WHY"],
                HOSTDTC=stay["IN"].to_numpy(),
                HOENDTC=leave,
            ),
            block(
                icu["SUBJ"].to_numpy(),
                HOTERM="INTENSIVE CARE UNIT",
                HOINDC="CYTOKINE RELEASE SYNDROME",
                HOSTDTC=icu["SIGN0"].to_numpy() + 20,
                HOENDTC=icu.select(last).to_series(),
            ),
        ]
    )
