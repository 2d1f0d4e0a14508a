"""What happens beside CRS: ICANS, infections with fever, and everyday adverse events."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, block, minutes, stack
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.people import People, Trial
from pipeline.simulate.products import StudySpec

#: term, grades that occur, related; a graver organ toxicity related to treatment would be CRS's
COMMON = (
    ("Neutropenia", (3, 4), "RELATED"),
    ("Anaemia", (2, 3), "RELATED"),
    ("Thrombocytopenia", (2, 4), "RELATED"),
    ("Fatigue", (1, 2), "RELATED"),
    ("Headache", (1, 2), "RELATED"),
    ("Nausea", (1, 1), "RELATED"),
    ("Diarrhoea", (1, 2), "NOT RELATED"),
    ("Constipation", (1, 2), "NOT RELATED"),
    ("Back pain", (1, 2), "NOT RELATED"),
    ("Hypokalaemia", (1, 2), "NOT RELATED"),
)
INFECTIONS = ("Pneumonia", "Febrile neutropenia", "Device related infection", "Sepsis")


def add_icans(trial: Trial, course: pl.DataFrame) -> pl.DataFrame:
    """Add ICANS (grade, 0 none), its start ICANS0, and ICANS4 for grade 4 during mild CRS."""
    rng, spec = trial.stream("icans"), trial.spec
    n = course.height
    grade = np.searchsorted((0.4, 0.7, 0.92), rng.random(n), side="right") + 1
    has = (rng.random(n) < spec.icans) & (course["DOSE"].to_numpy() == 1)
    onset, end = course["ONSET"].to_numpy(), course["END"].to_numpy()
    start = onset + minutes((end - onset) * rng.uniform(0.2, 0.6, n))
    has &= start < course["STOP"].to_numpy()
    grade = np.where(has, grade, 0)
    mild = (course["ASTCT"].to_numpy() <= 2) & course["SEEN_END"].to_numpy()
    return course.with_columns(
        ICANS=pl.Series(grade),
        ICANS0=pl.Series(start),
        ICANS4=pl.Series((grade == 4) & mild & (end - onset > 2 * DAY)),
    )


def infections(trial: Trial, course: pl.DataFrame, follow_up: FollowUp) -> pl.DataFrame:
    """Infections with fever, far from CRS: SUBJ, START, END (of the fever), TERM."""
    rng, spec, people = trial.stream("infections"), trial.spec, trial.people
    n = people.n
    late = rng.integers(14, 28, n) * DAY + minutes(rng.random(n) * 20 * HOUR)
    early = -2 * DAY + minutes(rng.random(n) * 12 * HOUR)
    before = (rng.random(n) < 0.15) & (spec.cohort == "car_t")
    start = np.where(before, early, late)
    has = (rng.random(n) < 0.14) & people.treated & (start + 3 * DAY < follow_up.end)
    term = np.array(INFECTIONS, dtype=object)[rng.integers(0, len(INFECTIONS), n)]
    length = np.where(before, 16, rng.integers(20, 60, n)) * HOUR
    found = pl.DataFrame(
        {"SUBJ": np.arange(n), "START": start, "END": start + length, "TERM": term}
    ).filter(pl.Series(has))
    near = found.join(course.select("SUBJ", "ONSET", "END"), on="SUBJ", suffix="_CRS").filter(
        (pl.col("START") < pl.col("END_CRS") + 3 * DAY)
        & (pl.col("END") > pl.col("ONSET") - 3 * DAY)
    )
    return found.join(near.select("SUBJ").unique(), on="SUBJ", how="anti").sort("SUBJ")


def other_events(
    trial: Trial, course: pl.DataFrame, ill: pl.DataFrame, follow_up: FollowUp
) -> pl.DataFrame:
    """AE rows that are no CRS."""
    rng = trial.stream("other events")
    return stack(
        [
            _common(rng, trial.spec, trial.people, follow_up),
            _icans(rng, course),
            _infected(rng, ill),
        ]
    )


def _common(
    rng: np.random.Generator, spec: StudySpec, people: People, follow_up: FollowUp
) -> pl.DataFrame:
    """Recorded by date, as everyday adverse events are."""
    mean = 5.0 if spec.cohort == "car_t" else 3.5
    subj = np.repeat(np.flatnonzero(people.treated), rng.poisson(mean, int(people.treated.sum())))
    n = len(subj)
    which = rng.integers(0, len(COMMON), n)
    low, high = (np.array([grades[k] for _, grades, _ in COMMON])[which] for k in (0, 1))
    start = minutes(rng.uniform(1.0, 60, n) * DAY)
    end = start + minutes(rng.gamma(2.0, 3.5, n) * DAY)
    stop = follow_up.end[subj]
    seen = end < stop
    term = np.array([name for name, _, _ in COMMON], dtype=object)[which]
    return block(
        subj,
        AETERM=np.char.upper(term.astype(str)).astype(object),
        AEDECOD=term,
        AETOXGR=rng.integers(low, high + 1).astype(str).astype(object),
        AESER="N",
        AEREL=np.array([rel for _, _, rel in COMMON], dtype=object)[which],
        AEOUT=np.where(seen, "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED").astype(object),
        AESDTH="N",
        AESHOSP="N",
        AEACN="DOSE NOT CHANGED",
        AESTDTC=start,
        AEENDTC=pl.Series(end).set(pl.Series(~seen), None),
        _DATE=True,
    ).filter(pl.Series(start < stop))


def _icans(rng: np.random.Generator, course: pl.DataFrame) -> pl.DataFrame:
    some = course.filter(pl.col("ICANS") > 0)
    start = some["ICANS0"].to_numpy()
    end = start + minutes(rng.uniform(1, 8, some.height) * DAY)
    seen = end < some["STOP"].to_numpy()
    return block(
        some["SUBJ"].to_numpy(),
        AETERM="ICANS",
        AEDECOD="Immune effector cell-associated neurotoxicity syndrome",
        AETOXGR=some["ICANS"].cast(pl.String),
        AESER=np.where(some["ICANS"].to_numpy() >= 3, "Y", "N").astype(object),
        AEREL="RELATED",
        AEOUT=np.where(seen, "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED").astype(object),
        AESDTH="N",
        AESHOSP="N",
        AEACN="DOSE NOT CHANGED",
        AESTDTC=start,
        AEENDTC=pl.Series(end).set(pl.Series(~seen), None),
    )


def _infected(rng: np.random.Generator, ill: pl.DataFrame) -> pl.DataFrame:
    """The infection, and its fever as an event of its own that is not related."""
    subj, start, end = (ill[c].to_numpy() for c in ("SUBJ", "START", "END"))
    days = rng.integers(4, 12, ill.height)
    grade = rng.integers(2, 4, ill.height).astype(str).astype(object)
    same = {
        "AEREL": "NOT RELATED", "AEOUT": "RECOVERED/RESOLVED", "AESDTH": "N", "AESHOSP": "N",
        "AESER": "N", "AEACN": "DOSE NOT CHANGED",
    }  # fmt: skip
    return stack(
        [
            block(
                subj, AETERM=ill["TERM"].str.to_uppercase(), AEDECOD=ill["TERM"], AETOXGR=grade,
                AESTDTC=start - HOUR, AEENDTC=start + days * DAY, **same,
            ),
            block(
                subj, AETERM="FEVER", AEDECOD="Pyrexia", AETOXGR="1", AESTDTC=start - HOUR,
                AEENDTC=end + 14 * HOUR, **same,
            ),
        ]
    )  # fmt: skip
