"""The true grade of each episode, and the truth file beside a study."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.blocks import DAY, HOUR, day_of
from pipeline.simulate.followup import FollowUp
from pipeline.simulate.patterns import PATTERNS
from pipeline.simulate.people import People, Trial
from pipeline.simulate.products import StudySpec

_ASTCT = np.array([p.astct for p in PATTERNS])
_LEE = np.array([p.lee for p in PATTERNS])


def grade_course(spec: StudySpec, course: pl.DataFrame) -> pl.DataFrame:
    """Add ASTCT, LEE and COLLECTED: what the rules and what a careful investigator make of it.

    Rules: death due to CRS is 5; ASTCT is 0 without fever; hypotension of another cause is taken
    out; an investigator writes at least 1 down, and without fever the grade that the pressure has.
    """
    form = course["FORM"].to_numpy()
    fatal, fever = course["FATAL"].to_numpy(), course["FEVER"].to_numpy()
    other = course["BLEEDING"].to_numpy()
    astct = np.where(fatal, 5, np.where(other, 1, _ASTCT[form]))
    lee = np.where(fatal, 5, np.where(other, 1, _LEE[form]))
    collected = lee if spec.scale == "LEE2014" else astct
    return course.with_columns(
        ASTCT=pl.Series(np.where(fever, astct, 0)),
        LEE=pl.Series(lee),
        COLLECTED=pl.Series(collected),
    )


def episode_truth(course: pl.DataFrame, *, daily: bool = False) -> pl.DataFrame:
    """One row per true episode with the contract's names, times counted as the engine counts.

    With `daily` grades the end was only seen if a day after it was charted.
    """
    onset, end = course["ONSET"].to_numpy(), course["END"].to_numpy()
    dose = course["DOSETIME"].to_numpy()
    seen = course["SEEN_END"]
    if daily:
        seen = seen & pl.Series(day_of(course["STOP"].to_numpy() - 1) > day_of(end))
    first = day_of(onset)
    return course.select(
        "SUBJ",
        "EPI",
        ONSET_D=pl.Series(first - day_of(dose)),
        ONSET_H=pl.Series(np.round((onset - dose) / HOUR, 4)),
        ONSET_D_FIRST=pl.Series(first),
        DOSESEQ=pl.col("DOSE"),
        DURATION_D=pl.when(seen).then(pl.Series(day_of(end) - first + 1)),
        ENDED=pl.when(seen).then(pl.lit("Y")),
        ASTCT2019="ASTCT",
        LEE2014="LEE",
        COLLECTED="COLLECTED",
    )


def truth_document(
    trial: Trial,
    follow_up: FollowUp,
    episodes: pl.DataFrame,
    defects: list[dict[str, Any]],
    head: dict[str, Any],
) -> dict[str, Any]:
    """The whole truth of a study.

    Per subject: TREATED, END_DY and END_REASON of follow-up, EPISODES, and whether a planted
    defect may change what the engine must find (DEFECTS: kinds).
    """
    people, own = trial.people, _by_subject(episodes)
    touched: dict[str, set[str]] = {}
    for defect in defects:
        if defect["affects"] != "nothing":
            for subject in defect["subjects"]:
                touched.setdefault(subject, set()).add(defect["kind"])
    subjects = {
        name: {
            "treated": bool(people.treated[k]),
            "end_dy": int(follow_up.end[k] - 1) // DAY + 1,
            "end_reason": str(follow_up.reason[k]),
            "cause_of_death": str(follow_up.cause[k]) or None,
            **own.get(k, {"episodes": [], "unreported": []}),
            "defects": sorted(touched.get(name, ())),
        }
        for k, name in enumerate(people.usubjid.tolist())
    }
    return {**head, "counts": _counts(people, episodes), "subjects": subjects, "planted": defects}


def _by_subject(episodes: pl.DataFrame) -> dict[int, dict[str, list[dict[str, Any]]]]:
    named = [c for c in episodes.columns if c not in ("SUBJ", "EPI", "UNREPORTED")]
    out: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for row in episodes.to_dicts():
        kept = out.setdefault(row["SUBJ"], {"episodes": [], "unreported": []})
        kept["unreported" if row["UNREPORTED"] else "episodes"].append({c: row[c] for c in named})
    return out


def _counts(people: People, episodes: pl.DataFrame) -> dict[str, Any]:
    worst = episodes.group_by("SUBJ").agg(pl.col("ASTCT2019", "LEE2014", "COLLECTED").max())
    return {
        "subjects": people.n,
        "treated": int(people.treated.sum()),
        "with_crs": worst.height,
        "episodes": episodes.height,
        "worst_grade": {
            name: {str(g): int((worst[name] == g).sum()) for g in range(6)}
            for name in ("ASTCT2019", "LEE2014", "COLLECTED")
        },
    }
