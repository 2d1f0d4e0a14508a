"""How well the engine finds what the simulator knows, and which named defect explains each miss."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from pipeline.crs.crs import derive_crs
from pipeline.ingest.drop import ingest_drop
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from pipeline.subjects.subjects import derive_subjects
from pipeline.table import Table

KEY = ("ONSET_D_FIRST",)
CLOCKS = ("ONSET_D", "DOSESEQ", "DURATION_D", "ENDED")
SYSTEMS = ("ASTCT2019", "LEE2014")
HEAD = (
    "| profile | true episodes | found | recall | precision | ASTCT2019 equal | LEE2014 equal "
    "| clocks equal | differences in unspoilt subjects |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
)
MISSES = (
    "",
    "Every difference, by what was planted in that subject (kinds that may change an episode):",
    "",
    "| profile | difference | planted in the subject | episodes |",
    "|---|---|---|---:|",
)


def truth(folder: Path, _rows: list[int]) -> str:
    """Recall, precision and exact grades against the truth; then every miss with its defects."""
    rows: list[str] = []
    misses: list[str] = []
    for profile in ("clean", "demo", "stress"):
        inbox = folder / profile
        simulate(profile, inbox, seed=20260101)
        drops = [d for d in sorted(inbox.iterdir()) if d.is_dir()]
        pairs = pl.concat([compare(d, inbox / f"{d.name}_truth.json") for d in drops])
        rows.append(_row(profile, pairs))
        misses += _misses(profile, pairs)
    return "\n".join([*HEAD, *rows, *MISSES, *misses])


def compare(drop: Path, truth_file: Path) -> pl.DataFrame:
    """True and found episodes of a study, matched by subject and day of onset.

    Returns:
        One row per episode of either side: USUBJID, DEFECTS (planted in the subject, sorted and
        joined; empty where nothing that may change an episode was), DIFFERENCE (null where all is
        equal), TRUE, FOUND, CLOCKS and one column per system (whether it is equal).
    """
    made = _derive(drop)
    known = json.loads(truth_file.read_text(encoding="utf-8"))["subjects"]
    true = pl.DataFrame(
        [
            {"USUBJID": u, **{k: e[k] for k in (*KEY, *CLOCKS, *SYSTEMS)}}
            for u, s in known.items()
            for e in s["episodes"]
        ],
        infer_schema_length=None,
    )
    planted = pl.DataFrame(
        {"USUBJID": list(known), "DEFECTS": [", ".join(s["defects"]) for s in known.values()]}
    )
    grades = made["grades"].filter(
        pl.col("BASIS") == "derived", pl.col("SYSTEM").is_in(list(SYSTEMS))
    )
    wide = grades.pivot("SYSTEM", index=["USUBJID", "EPISEQ"], values="GRADE")
    ours = made["episodes"].join(wide, on=["USUBJID", "EPISEQ"], how="left")
    ours = ours.select("USUBJID", *KEY, *CLOCKS, *SYSTEMS)
    on = ["USUBJID", *KEY]
    both = true.join(ours, on=on, how="full", suffix="_OURS")
    equal = {c: pl.col(c).eq_missing(pl.col(f"{c}_OURS")) for c in (*CLOCKS, *SYSTEMS)}
    return (
        both.select(
            USUBJID=pl.coalesce("USUBJID", "USUBJID_OURS"),
            TRUE=pl.col("USUBJID").is_not_null(),
            FOUND=pl.col("USUBJID_OURS").is_not_null(),
            CLOCKS=pl.all_horizontal(equal[c] for c in CLOCKS),
            **{s: equal[s] for s in SYSTEMS},
        )
        .join(planted, on="USUBJID", how="left", maintain_order="left")
        .with_columns(DIFFERENCE=_difference())
        .select("USUBJID", "DEFECTS", "DIFFERENCE", "TRUE", "FOUND", "CLOCKS", *SYSTEMS)
    )


def _derive(drop: Path) -> dict[str, pl.DataFrame]:
    study = load_study(drop)
    tables: dict[str, Table] = dict(ingest_drop(drop, study))
    tables |= derive_subjects(tables, study)
    return derive_crs(tables, study)


def _difference() -> pl.Expr:
    odd = pl.concat_str(
        [
            pl.when(~pl.col(c)).then(pl.lit(words))
            for c, words in [("CLOCKS", "clock or end"), *((s, f"{s} grade") for s in SYSTEMS)]
        ],
        separator=", ",
        ignore_nulls=True,
    )
    return (
        pl.when(~pl.col("FOUND"))
        .then(pl.lit("not found on that day"))
        .when(~pl.col("TRUE"))
        .then(pl.lit("found, not true"))
        .when(odd != "")
        .then(odd)
    )


def _row(profile: str, pairs: pl.DataFrame) -> str:
    true, found = pairs["TRUE"].sum(), pairs["FOUND"].sum()
    both = pairs.filter("TRUE", "FOUND")
    equal = " | ".join(f"{both[c].mean():.3f}" for c in (*SYSTEMS, "CLOCKS"))
    unspoilt = pairs.filter((pl.col("DEFECTS") == "") & pl.col("DIFFERENCE").is_not_null())
    return (
        f"| {profile} | {true} | {found} | {both.height / true:.3f} | {both.height / found:.3f} "
        f"| {equal} | {unspoilt.height} |"
    )


def _misses(profile: str, pairs: pl.DataFrame) -> list[str]:
    odd = pairs.drop_nulls("DIFFERENCE").group_by("DIFFERENCE", "DEFECTS").len()
    return [
        f"| {profile} | {difference} | {defects or 'NOTHING'} | {n} |"
        for difference, defects, n in odd.sort("DIFFERENCE", "DEFECTS").iter_rows()
    ]
