"""Defects of VS and LB: impossible values, wrong units, repeats, conflicts, gaps, no clock."""

from __future__ import annotations

import polars as pl

from pipeline.simulate.dirt import Planting

_CALM = ~pl.col("IN_CRS")
#: sign, share of its readings, impossible value, what happened
_IMPOSSIBLE = (
    ("TEMP", 0.0007, 3.7, "decimal point slipped"),
    ("TEMP", 0.0003, 367.0, "decimal point lost"),
    ("SYSBP", 0.0010, 0.0, "cuff not connected"),
    ("SYSBP", 0.0010, 1180.0, "digit typed twice"),
    ("HR", 0.0010, 0.0, "no reading written as zero"),
    ("OXYSAT", 0.0005, 970.0, "digit typed twice"),
)


def soil_vitals(p: Planting) -> None:
    """Plant everything that goes wrong in VS."""
    _gaps(p)
    _impossible(p)
    _fahrenheit_as_celsius(p)
    _clock_missing(p)
    _units(p)
    _conflicts(p)
    _repeats(p)


def soil_labs(p: Planting) -> None:
    """Sponsor codes and missing clock times in LB."""
    for code, name in (
        ("INTLK6", "IL6"),
        ("INTLK6", "IL-6"),
        ("FERRITIN", "FERR"),
        ("CREAT", "CREA"),
    ):
        ids = p.pick("LB", pl.col("LBTESTCD") == code, 0.04)
        p.change("LB", ids, LBTESTCD=pl.lit(name))
        p.record("lab_code", "LB", ids, "CODE_MAPPED", f"{code} coded as {name}")
    ids = p.pick("LB", pl.col("LBDTC").str.len_chars() > 10, 0.004)
    p.change("LB", ids, LBDTC=pl.col("LBDTC").str.slice(0, 10))
    p.record("lab_clock_missing", "LB", ids, None, "sampling date without time")


def _set(p: Planting, ids: list[int], value: float) -> None:
    text = f"{value:g}"
    p.change("VS", ids, VSORRES=pl.lit(text), VSSTRESN=pl.lit(value))


def _untouched(p: Planting) -> pl.Expr:
    return ~pl.col("_ID").is_in([i for d in p.planted if d.domain == "VS" for i in d.ids])


def _gaps(p: Planting) -> None:
    """One to three days without any reading, outside CRS."""
    who = p.pick("VS", _CALM, 0.06, by="SUBJ", at_least=1)
    start = p.rng.integers(2, 14, len(who))
    length = p.rng.integers(1, 4, len(who))
    # Without a calm subject the list is empty, and an empty list has no type of its own.
    subj = pl.Series("SUBJ", who, dtype=pl.Int64)
    days = pl.DataFrame({"SUBJ": subj, "_FROM": start, "_TO": start + length})
    table = p.tables["VS"].join(days, on="SUBJ", how="inner")
    first = pl.col("VSDTC").str.slice(0, 10).str.to_date()
    day = (first - first.min().over("SUBJ")).dt.total_days()
    calm = ~pl.col("VSTESTCD").is_in(["WEIGHT", "HEIGHT"]) & _CALM
    ids = table.filter(calm & (day >= pl.col("_FROM")) & (day < pl.col("_TO")))["_ID"].to_list()
    p.record("vitals_gap", "VS", ids, None, "days without readings; the rows are not in the file")
    p.drop("VS", ids)


def _impossible(p: Planting) -> None:
    for code, rate, value, what in _IMPOSSIBLE:
        ids = p.pick("VS", (pl.col("VSTESTCD") == code) & _CALM & _untouched(p), rate)
        _set(p, ids, value)
        p.record("impossible_value", "VS", ids, f"{code}_IMPLAUSIBLE", f"{code} {value:g}: {what}")
    on_pressors = p.tables["CM"].filter(pl.col("CMDOSFRM") == "INFUSION")["SUBJ"].unique().to_list()
    light = (pl.col("VSTESTCD") == "WEIGHT") & ~pl.col("SUBJ").is_in(on_pressors)
    ids = p.pick("VS", light, 0.005)
    _set(p, ids, 0.0)
    p.record("impossible_value", "VS", ids, "WEIGHT_IMPLAUSIBLE", "WEIGHT 0: not weighed")


def _fahrenheit_as_celsius(p: Planting) -> None:
    if p.spec.temperature != "C":
        return
    ids = p.pick("VS", (pl.col("VSTESTCD") == "TEMP") & _CALM & _untouched(p), 0.0008, at_least=1)
    value = (pl.col("VALUE") * 9 / 5 + 32).round(1)
    p.change("VS", ids, VSORRES=value.cast(pl.String), VSSTRESN=value)
    p.record("fahrenheit_as_celsius", "VS", ids, "TEMP_F_AS_C", "a value in F under the unit C")


def _clock_missing(p: Planting) -> None:
    normal = _CALM & ~((pl.col("VSTESTCD") == "TEMP") & (pl.col("VALUE") >= 37.5))
    ids = p.pick("VS", normal & _untouched(p), 0.03)
    p.change("VS", ids, VSDTC=pl.col("VSDTC").str.slice(0, 10))
    p.record("vitals_clock_missing", "VS", ids, None, "reading dated without time")


def _units(p: Planting) -> None:
    ids = p.pick("VS", (pl.col("VSTESTCD") == "HR") & _CALM & _untouched(p), 0.002)
    none = pl.lit(None, dtype=pl.String)
    p.change("VS", ids, VSORRESU=none, VSSTRESU=none)
    p.record("unit_missing", "VS", ids, "UNIT_ASSUMED", "heart rate without a unit")


def _conflicts(p: Planting) -> None:
    """Cuff and arterial line at once: the cuff is above 90, the line below."""
    low = (pl.col("VSTESTCD") == "SYSBP") & (pl.col("VALUE") < 90)
    ids = p.pick("VS", low & _untouched(p), 0.25 / p.factor)
    if not ids:
        return
    above = (pl.col("VALUE") + 14).round()
    copies = p.repeat(
        "VS", ids, number=True, VALUE=above, VSSTRESN=above,
        VSORRES=above.cast(pl.Int64).cast(pl.String), VSLOC=pl.lit("ARM"),
    )  # fmt: skip
    p.change("VS", ids, VSLOC=pl.lit("RADIAL ARTERY"))
    both = sorted([*ids, *copies])
    p.record(
        "conflicting_pair", "VS", both, "SAME_TIME_DIFFERENT_VALUE", "cuff and arterial line differ"
    )


def _repeats(p: Planting) -> None:
    free = _untouched(p)
    exact = p.repeat("VS", p.pick("VS", free, 0.0055), number=False)
    p.record("duplicate_row", "VS", exact, "DUPLICATE_ROW", "a reading twice, every column alike")
    again = p.repeat("VS", p.pick("VS", free, 0.0055), number=True)
    p.record("repeated_reading", "VS", again, None, "a reading twice under two numbers")
