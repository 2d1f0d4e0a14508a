"""What stands on a subject's timeline besides the grades: vital signs, laboratory, oxygen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from reports import wording

Rows = dict[int, list[dict[str, Any]]]

VITALS = {
    "TEMP": ("Temperature", "\u00b0C"),
    "SYSBP": ("Systolic pressure", "mmHg"),
    "DIABP": ("Diastolic pressure", "mmHg"),
    "MAP": ("Mean arterial pressure", "mmHg"),
    "OXYSAT": ("Oxygen saturation", "%"),
    "HR": ("Heart rate", "/min"),
    "RESP": ("Respiratory rate", "/min"),
}
# Shown at first, in this order; the reader turns others on. Names as short as a margin asks for.
LABS = {
    "CRP": "CRP",
    "FERRITIN": "Ferritin",
    "INTLK6": "Interleukin 6",
    "PLAT": "Platelets",
    "CREAT": "Creatinine",
}
SHOWN = ("TEMP", "SYSBP", "OXYSAT", *LABS)
LANES = {
    "oxygen": "Oxygen and ventilation",
    "vasopressor": "Vasopressor infusions",
    "hospital": "Hospital and ICU",
}
LEVELS = {
    "oxygen": {
        1: "low flow",
        2: "high flow or mask",
        3: "non-invasive ventilation",
        4: "invasive ventilation",
    },
    "vasopressor": {
        1: "vasopressin alone",
        2: "one vasopressor",
        3: "one and vasopressin",
        4: "two or more",
    },
    "hospital": {1: "hospital", 2: "intensive care"},
}
# A log axis where a test of the study runs over more than this ratio.
LOG_FROM = 20
_TIMED = pl.col("PRECISION").is_in(["time", "day"])
_POINT = (
    "SUBJIDX", "KEY", "NAME", "UNIT", "AT", "DAYS", "LOW", "HIGH", "SIGN", "OUT", "LLN", "ULN",
)  # fmt: skip


def panels(tables: Mapping[str, pl.DataFrame]) -> Rows:
    """Vital signs and laboratory values of each subject, a panel per sign or test.

    Times are minutes from 00:00 of study day 1. Of an hour with several readings a vital sign shows
    the lowest and the highest.
    """
    points = pl.concat([_vitals(tables), _labs(tables)])
    wide = (
        points.filter(pl.col("LOW") > 0)
        .group_by("KEY")
        .agg((pl.col("HIGH").max() > LOG_FROM * pl.col("LOW").min()).alias("LOG"))
    )
    order = {key: i for i, key in enumerate([*VITALS, *LABS])}
    ordered = points.join(wide, on="KEY", how="left").with_columns(
        RANK=pl.col("KEY").replace_strict(order, default=len(order))
    )
    grouped = (
        ordered.sort("SUBJIDX", "RANK", "NAME", "KEY", "AT", "LOW", "HIGH", "SIGN")
        .group_by("SUBJIDX", "KEY", maintain_order=True)
        .agg(pl.col("NAME", "UNIT", "LOG").first(), pl.col("LLN", "ULN").last(),
             pl.col("AT", "DAYS", "LOW", "HIGH", "SIGN", "OUT"))
    )  # fmt: skip
    out: Rows = {}
    for row in grouped.iter_rows(named=True):
        out.setdefault(row["SUBJIDX"], []).append(_panel(row))
    return out


def _panel(row: Mapping[str, Any]) -> dict[str, Any]:
    """One panel; what says nothing new is left out, to keep the page small."""
    made = {
        "key": row["KEY"], "name": row["NAME"], "unit": row["UNIT"] or "", "at": row["AT"],
        "low": row["LOW"], "log": row["LOG"] or False,
    }  # fmt: skip
    extra = {
        "high": row["HIGH"] if row["HIGH"] != row["LOW"] else None,
        "days": row["DAYS"] if any(row["DAYS"]) else None,
        "sign": row["SIGN"] if any(row["SIGN"]) else None,
        "out": row["OUT"] if any(row["OUT"]) else None,
        "lln": row["LLN"],
        "uln": row["ULN"],
    }
    return made | {name: value for name, value in extra.items() if value is not None}


def _vitals(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = {key: name for key, (name, _) in VITALS.items()}
    units = {key: unit for key, (_, unit) in VITALS.items()}
    return _numbered(tables, "vitals").select(
        "SUBJIDX",
        pl.col("VSTESTCD").alias("KEY"),
        pl.col("VSTESTCD").replace_strict(names).alias("NAME"),
        pl.col("VSTESTCD").replace_strict(units).alias("UNIT"),
        (pl.col("START") // 60).alias("AT"),
        (pl.col("PRECISION") == "day").alias("DAYS"),
        pl.col("LOW", "HIGH").round_sig_figs(5),
        SIGN=pl.lit(""),
        OUT=pl.lit(""),
        LLN=pl.lit(None, pl.Float64),
        ULN=pl.lit(None, pl.Float64),
    )


def _labs(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    above = pl.when(pl.col("VALUE") > pl.col("ULN")).then(pl.lit("H"))
    out = above.when(pl.col("VALUE") < pl.col("LLN")).then(pl.lit("L")).otherwise(pl.lit(""))
    usable = _numbered(tables, "labs").filter(_TIMED & pl.col("VALUE").is_not_null())
    return usable.with_columns(
        KEY="LBTESTCD",
        NAME=pl.col("LBTESTCD").replace_strict(LABS, default=pl.col("TEST")),
        AT=pl.col("START") // 60,
        DAYS=pl.col("PRECISION") == "day",
        LOW=pl.col("VALUE").round_sig_figs(5),
        HIGH=pl.col("VALUE").round_sig_figs(5),
        SIGN=pl.col("CENSORED").fill_null(""),
        OUT=out,
    ).select(_POINT)


def without_value(tables: Mapping[str, pl.DataFrame]) -> Rows:
    """Laboratory results that no timeline can show, counted by test and reason."""
    reason = pl.coalesce("REASON", pl.lit("TIME_UNKNOWN"))
    rows = (
        _numbered(tables, "labs")
        .filter(~_TIMED.fill_null(value=False) | pl.col("VALUE").is_null())
        .group_by("SUBJIDX", "TEST", WHY=reason)
        .len("N")
        .sort("SUBJIDX", "TEST", "WHY")
    )
    out: Rows = {}
    for row in rows.iter_rows(named=True):
        made = {
            "test": wording.without_dates(row["TEST"]),
            "n": row["N"],
            "why": wording.reason(row["WHY"]),
        }
        out.setdefault(row["SUBJIDX"], []).append(made)
    return out


def support(tables: Mapping[str, pl.DataFrame]) -> Rows:
    """Oxygen, vasopressors and stays of each subject as levels over time."""
    found = (
        _numbered(tables, "findings")
        .filter(pl.col("LADDER").is_in(list(LANES)) & (pl.col("SRCDOM") != "VS"))
        .sort("SUBJIDX", "LADDER", "START", "LEVEL", "END", "SRCDOM", "SRCSEQ")
    )
    out: Rows = {}
    for row in found.iter_rows(named=True):
        out.setdefault(row["SUBJIDX"], []).append(_support(row))
    return out


def _support(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lane": LANES[row["LADDER"]],
        "level": row["LEVEL"],
        "start": row["START"],
        "end": row["END"],
        "words": ", ".join(_support_words(row)),
    }


def _support_words(row: Mapping[str, Any]) -> Iterator[str]:
    ladder = row["LADDER"]
    level = LEVELS[ladder].get(row["LEVEL"], f"level {row['LEVEL']}")
    what = wording.without_dates(row["TEXT"])
    if what and what != level:
        yield what
    yield level
    if row["VALUE"] is not None and ladder != "hospital":
        per = "L/min" if ladder == "oxygen" else "ug/kg/min" if what == "dopamine" else "ug/min"
        yield f"{row['VALUE']:g} {per}"
    if row["ATTRIBUTED_ELSEWHERE"]:
        yield "not counted: another reason is recorded"
    yield f"{row['SRCDOM']}:{row['SRCSEQ']}"


def guides(meta: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The limits that the grading reads, by vital sign: value and words."""
    switches = meta["switches"]
    found: dict[str, list[Any]] = {}
    if "fever_c" in switches:
        found["TEMP"] = [switches["fever_c"], f"fever from {switches['fever_c']:g} \u00b0C"]
    rule = switches.get("hypotension_rule")
    if rule in ("age", "sbp90"):
        low = switches["sbp_adult"]
        found["SYSBP"] = [low, f"low below {low:g} mmHg (adults)"]
    if rule == "map65":
        found["MAP"] = [65, "low below 65 mmHg"]
    return found


def _numbered(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    return tables[name].join(tables["adsl"].select("USUBJID", "SUBJIDX"), on="USUBJID")
