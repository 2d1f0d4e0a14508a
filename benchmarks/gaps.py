"""How many episodes the real daily charts of NULISA give under each merge gap, and why."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.crs.crs import derive_crs
from pipeline.ingest.drop import ingest_drop
from pipeline.study import Study, load_study
from pipeline.subjects.subjects import derive_subjects
from pipeline.table import Table

DROP = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "drops" / "NULISA"
GAPS = (24, 48, 72, 96)
HEAD = (
    "| merge gap, h | episodes from AE | from FA | subjects | with one episode "
    "| joined against the gap before |",
    "|---:|---:|---:|---:|---:|---|",
)  # fmt: skip
WHY = (
    "",
    "A charted day is a record of its own. Under 24 h only touching days are one episode; a day "
    "without CRS between two (free time 24 h) joins under 48 h, two such days under 72 h. Subjects "
    "stay the same; episodes become fewer and longer.",
)


def gaps(_folder: Path, _rows: list[int]) -> str:
    """The table, and what it means."""
    if not DROP.is_dir():
        return "Not measured: the study is not beside the project (../shared/data/drops/NULISA)."
    study = load_study(DROP)
    tables: dict[str, Table] = dict(ingest_drop(DROP, study))
    tables |= derive_subjects(tables, study)
    without_ae = tables | {"sdtm_ae": pl.DataFrame(tables["sdtm_ae"]).clear()}
    lines = list(HEAD)
    before: pl.DataFrame | None = None
    for hours in GAPS:
        episodes, from_fa = (_episodes(t, study, hours) for t in (tables, without_ae))
        each = episodes.group_by("USUBJID").len()
        lines.append(
            f"| {hours} | {episodes.height} | {from_fa.height} | {each.height} "
            f"| {(each['len'] == 1).sum()} | {_joined(before, episodes)} |"
        )
        before = episodes
    return "\n".join([*lines, *WHY])


def _episodes(tables: dict[str, Table], study: Study, hours: int) -> pl.DataFrame:
    switches = study.switches.model_copy(update={"merge_gap_h": hours})
    return derive_crs(tables, study.model_copy(update={"switches": switches}))["episodes"]


def _joined(before: pl.DataFrame | None, now: pl.DataFrame) -> str:
    """In whom episodes became one, and across how many free days."""
    if before is None:
        return ""
    free = before.sort("USUBJID", "ASTDY").with_columns(
        FREE=pl.col("ASTDY") - pl.col("AENDY").shift(1).over("USUBJID") - 1
    )
    starts = now.select("USUBJID", "ASTDY", KEPT=pl.lit(value=True))
    gone = free.join(starts, on=["USUBJID", "ASTDY"], how="left").filter(pl.col("KEPT").is_null())
    days = gone.group_by("FREE").len().sort("FREE").drop_nulls()
    said = [f"{n} across {d} free day{'s' if d > 1 else ''}" for d, n in days.iter_rows()]
    return f"{', '.join(said)}; {gone['USUBJID'].n_unique()} subjects" if said else "none"
