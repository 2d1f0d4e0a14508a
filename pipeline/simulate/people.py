"""Who is in a study: age, sex, weight, usual blood pressure, history; all dates are made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.blocks import Bools, Floats, Ints, block, stack
from pipeline.simulate.products import StudySpec
from pipeline.simulate.streams import stream

#: days from 1970-01-01 to the data cutoff, the same invented date for every study (2032-06-30)
CUTOFF = 22826


@dataclass(frozen=True)
class People:
    """Subjects of a study, one entry per subject in every array."""

    usubjid: np.ndarray[Any, Any]
    age: Ints
    sex: np.ndarray[Any, Any]
    weight: Floats
    systolic: Floats
    treated: Bools
    apnoea: Bools
    home_oxygen: Bools

    @property
    def n(self) -> int:
        """Number of subjects."""
        return len(self.age)


@dataclass(frozen=True)
class Trial:
    """A study under way: what it imitates, its people, and where its random numbers come from."""

    spec: StudySpec
    people: People
    seed: int

    def stream(self, purpose: str) -> np.random.Generator:
        """The random numbers of this study for one purpose."""
        return stream(self.seed, self.spec.study, purpose)


def draw_people(spec: StudySpec, seed: int, n: int) -> People:
    """Adults; a few never get the product, have sleep apnoea or oxygen at home."""
    rng = stream(seed, spec.study, "people")
    sex = np.where(rng.random(n) < 0.55, "M", "F")
    age = np.clip(np.round(rng.normal(62, 11, n)), 19, 86).astype(np.int64)
    weight = np.clip(np.round(rng.normal(np.where(sex == "M", 84, 70), 13), 1), 45, 125)
    systolic = np.clip(np.round(rng.normal(124, 9, n)), 112, 150)
    other = rng.random(n)
    return People(
        usubjid=np.array([f"{spec.study}-{k:05d}" for k in range(1, n + 1)], dtype=object),
        age=age,
        sex=sex,
        weight=weight,
        systolic=systolic,
        treated=rng.random(n) >= spec.never_infused,
        apnoea=other < 0.015,
        home_oxygen=(other > 0.5) & (other < 0.508),
    )


def medical_history(trial: Trial) -> pl.DataFrame:
    """MH: the disease treated, and in a few an autoimmune disease, HLH or sleep apnoea."""
    rng, people = trial.stream("history"), trial.people
    everyone = np.arange(people.n, dtype=np.int64)
    draw = rng.random(people.n)

    def rows(who: Ints, term: str, category: str, years: float) -> pl.DataFrame:
        start = -np.round(rng.uniform(0.3, years, len(who)) * 365).astype(np.int64) * 1440
        return block(
            who, MHTERM=term.upper(), MHDECOD=term, MHCAT=category, MHSTDTC=start, _DATE=True
        )

    return stack(
        [
            rows(everyone, trial.spec.indication, "PRIMARY DIAGNOSIS", 6),
            rows(everyone[draw < 0.03], "Rheumatoid arthritis", "AUTOIMMUNE DISEASE", 20),
            rows(everyone[(draw > 0.03) & (draw < 0.05)], "Psoriasis", "AUTOIMMUNE DISEASE", 20),
            rows(
                everyone[(draw > 0.05) & (draw < 0.06)],
                "Haemophagocytic lymphohistiocytosis",
                "MEDICAL HISTORY",
                3,
            ),
            rows(everyone[people.apnoea], "Sleep apnoea syndrome", "MEDICAL HISTORY", 10),
            rows(everyone[draw > 0.7], "Hypertension", "MEDICAL HISTORY", 15),
        ]
    )
