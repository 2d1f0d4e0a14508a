"""EX and DM: what was given when, and who the subjects are."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, block, stack
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.people import Trial
from pipeline.simulate.products import StudySpec

LYMPHODEPLETION = (("FLUDARABINE", 30.0), ("CYCLOPHOSPHAMIDE", 500.0))


def exposure(trial: Trial, doses: pl.DataFrame) -> pl.DataFrame:
    """EX: the product, and what is given before it and is not time zero."""
    rng, spec, people = trial.stream("exposure"), trial.spec, trial.people
    rows = [_product(rng, spec, doses)]
    if spec.cohort == "car_t":
        # Some of those who never get the product have had their lymphodepletion.
        before = people.treated | (rng.random(people.n) < 0.4)
        who = np.flatnonzero(before).astype(np.int64)
        rows += [
            block(
                who, EXTRT=drug, EXDOSE=dose, EXDOSU="mg/m2", EXDOSFRM="INJECTION",
                EXROUTE="INTRAVENOUS", EXSTDTC=day * DAY + 10 * HOUR, EXENDTC=day * DAY + 11 * HOUR,
                EPOCH="LYMPHODEPLETION",
            )
            for day in (-5, -4, -3)
            for drug, dose in LYMPHODEPLETION
        ]  # fmt: skip
    if spec.pretreatment:
        first = doses.filter(pl.col("DOSE") == 1)
        start = first["TIME"].to_numpy() - 7 * DAY
        rows.append(
            block(
                first["SUBJ"].to_numpy(), EXTRT=spec.pretreatment, EXDOSE=1000.0, EXDOSU="mg",
                EXDOSFRM="INJECTION", EXROUTE="INTRAVENOUS", EXSTDTC=start,
                EXENDTC=start + 4 * HOUR, EPOCH="PRETREATMENT",
            )
        )  # fmt: skip
    return stack(rows)


def _product(rng: np.random.Generator, spec: StudySpec, doses: pl.DataFrame) -> pl.DataFrame:
    cells = spec.cohort == "car_t"
    bags = pl.Series(rng.random(doses.height) < (0.08 if spec.study == "SIMCART2" else 0.0))
    one, two = doses.filter(~bags), doses.filter(bags)

    def rows(frame: pl.DataFrame, share: float, after: int) -> pl.DataFrame:
        start = frame["TIME"].to_numpy() + after
        return block(
            frame["SUBJ"].to_numpy(),
            EXTRT=spec.extrt,
            EXDOSE=frame["AMOUNT"] * share,
            EXDOSU=frame["UNIT"],
            EXDOSFRM="SUSPENSION" if cells else "INJECTION",
            EXROUTE="INTRAVENOUS" if cells else "SUBCUTANEOUS",
            EXSTDTC=start,
            EXENDTC=start + (30 if cells else 0),
            EPOCH="TREATMENT",
        )

    return stack([rows(one, 1.0, 0), rows(two, 0.5, 0), rows(two, 0.5, 35)])


def demographics(trial: Trial, doses: pl.DataFrame, follow_up: FollowUp) -> pl.DataFrame:
    """DM: one row per enrolled subject."""
    people = trial.people
    who = np.arange(people.n, dtype=np.int64)
    start = pl.DataFrame({"SUBJ": who}).join(
        doses.filter(pl.col("DOSE") == 1).select("SUBJ", "TIME"),
        on="SUBJ",
        how="left",
        maintain_order="left",
    )["TIME"]
    died = pl.Series(follow_up.died)
    end = pl.Series(np.maximum(follow_up.end - 1, 0))
    product = np.full(people.n, trial.spec.product, dtype=object)
    return block(
        who,
        AGE=people.age,
        AGEU="YEARS",
        SEX=people.sex.astype(object),
        ARM=product,
        ACTARM=np.where(people.treated, product, "NOT TREATED").astype(object),
        RFSTDTC=start,
        RFXSTDTC=start,
        RFENDTC=end,
        RFPENDTC=end,
        DTHFL=died.replace_strict({True: "Y", False: None}, return_dtype=pl.String),
        DTHDTC=end.set(~died, None),
    )
