"""Vital signs in one unit each, and what is no possible value.

Source: conversions of docs/grading.md 5.5; limits in pipeline/schemas/sdtm/vital_signs.py.
"""

from __future__ import annotations

import polars as pl

from pipeline.ingest.coerce import Step
from pipeline.ingest.remarks import remark
from pipeline.schemas.sdtm.vital_signs import SIGNS, SYNONYMS

# A value in F that stands as C: possible body temperatures in F, none of them possible in C.
_F_LOW, _F_HIGH = 45, 115

_WORKING = ("_NUMBER", "_TEXT_UNIT", "_SPELLED", "_COLLECTED", "_UNIT", "_CONVERTED", "_FAULT")

# Factors to the unit of the sign; temperatures are not proportional and stand apart.
_FACTORS = {
    "MMHG": 1.0,
    "KPA": 7.50062,
    "KG": 1.0,
    "LB": 0.45359237,
    "G": 0.001,
    "CM": 1.0,
    "M": 100.0,
    "MM": 0.1,
    "IN": 2.54,
}


def vitals(frame: pl.DataFrame) -> Step:
    """Add VALUE and UNIT; the columns as collected stay.

    Rule:
        1. VSSTRESN with VSSTRESU (VSORRESU where that is empty and the numbers are the same), else
           the number in VSORRES with VSORRESU.
        2. The value is converted; saturation under 1.5 is a fraction, FiO2 above 1 a percentage.
        3. A value in an unknown unit, or an impossible one, is not used; it is never corrected.
        4. A test whose name holds another unit than its row is read by the unit of the row.
    """
    known = pl.col("VSTESTCD").is_in(list(SYNONYMS))
    mapped = remark("CODE_MAPPED", "VSTESTCD", frame.filter(known), pl.col("VSTESTCD"))
    work = frame.with_columns(pl.col("VSTESTCD").replace(SYNONYMS)).with_columns(*_source())
    work = work.with_columns(
        _SPELLED=_spelled(pl.col("_TEXT_UNIT")),
        _COLLECTED=_spelled(pl.coalesce("VSORRESU", "_TEXT_UNIT")),
    ).with_columns(_UNIT=_unit())
    work = work.with_columns(_CONVERTED=_converted())
    work = work.with_columns(_FAULT=_fault())
    measured = work.filter(pl.col("VSTESTCD").is_in(list(SIGNS)), pl.col("_NUMBER").is_not_null())
    remarks = [
        mapped,
        remark(
            "UNIT_ASSUMED",
            "VSSTRESU",
            measured.filter(pl.col("_SPELLED").is_null(), pl.col("_UNIT").is_not_null()),
        ),
        remark(
            "UNIT_CONTRADICTS_NAME",
            "VSTEST",
            measured.filter(_contradicted()),
            pl.coalesce("VSORRESU", "_TEXT_UNIT"),
        ),
        *_fault_remarks(measured),
    ]
    usable = pl.col("_FAULT").is_null() & pl.col("_CONVERTED").is_not_null()
    work = work.with_columns(
        VALUE=pl.when(usable).then("_CONVERTED"),
        UNIT=pl.when(usable).then(_by_sign({code: sign.unit for code, sign in SIGNS.items()})),
    )
    return work.drop(*_WORKING), remarks


def _source() -> list[pl.Expr]:
    collected = pl.col("VSORRES").cast(pl.Float64, strict=False)
    collected = pl.when(collected.is_finite()).then(collected)
    number, unit = pl.col("VSSTRESN"), pl.col("VSSTRESU")
    same = number.is_null() | (number == collected)
    return [
        pl.coalesce(number, collected).alias("_NUMBER"),
        pl.when(number.is_not_null() & unit.is_not_null()).then(unit)
        .when(same).then("VSORRESU").alias("_TEXT_UNIT"),
    ]  # fmt: skip


def _spelled(unit: pl.Expr) -> pl.Expr:
    plain = unit.str.to_uppercase().str.replace_all(r"[\s°.]|DEG ", "")
    codes = pl.col("VSTESTCD")
    out = pl.lit(None, pl.String)
    for code, sign in SIGNS.items():
        known = plain.replace_strict(sign.spellings, default="?", return_dtype=pl.String)
        out = pl.when(codes == code).then(pl.when(plain.is_not_null()).then(known)).otherwise(out)
    return out


def _unit() -> pl.Expr:
    alone = [code for code, sign in SIGNS.items() if sign.alone]
    assumed = pl.when(pl.col("VSTESTCD").is_in(alone)).then(pl.lit("1"))
    known = pl.when(pl.col("_SPELLED") != "?").then(pl.col("_SPELLED"))
    return pl.when(pl.col("_SPELLED").is_null()).then(assumed).otherwise(known)


def _contradicted() -> pl.Expr:
    """Rows whose test is named after a unit, and one unit only, that is not the collected one."""
    out, collected = pl.lit(value=False), pl.col("_COLLECTED")
    for code, sign in SIGNS.items():
        for unit, pattern in sign.named.items():
            others = [pl.col("VSTEST").str.contains(p) for u, p in sign.named.items() if u != unit]
            named = pl.col("VSTEST").str.contains(pattern) & ~pl.any_horizontal(others)
            out = out | ((pl.col("VSTESTCD") == code) & named & ~collected.is_in([unit, "?"]))
    return out


def _converted() -> pl.Expr:
    number, unit, code = pl.col("_NUMBER"), pl.col("_UNIT"), pl.col("VSTESTCD")
    factor = unit.replace_strict(_FACTORS, default=None, return_dtype=pl.Float64)
    return (
        pl.when(unit.is_null()).then(pl.lit(None, pl.Float64))
        .when(unit == "C").then(number)
        .when(unit == "F").then((number - 32) * 5 / 9)
        .when(unit == "K").then(number - 273.15)
        .when(code == "OXYSAT").then(pl.when(number < 1.5).then(number * 100).otherwise(number))
        .when(code == "FIO2").then(fraction(number))
        .when(unit == "1").then(number)
        .otherwise(number * factor)
    )  # fmt: skip


def fraction(number: pl.Expr) -> pl.Expr:
    """FiO2 as a fraction: a number above 1 is a percentage."""
    return pl.when(number > 1).then(number / 100).otherwise(number)


def _by_sign(values: dict[str, str]) -> pl.Expr:
    return pl.col("VSTESTCD").replace_strict(values, default=None, return_dtype=pl.String)


def _fault() -> pl.Expr:
    value = pl.col("_CONVERTED")
    out = pl.when(pl.col("_UNIT").is_null()).then(pl.lit("UNIT_UNKNOWN"))
    as_c = (pl.col("VSTESTCD") == "TEMP") & (pl.col("_UNIT") == "C")
    out = out.when(as_c & (value > _F_LOW) & (value < _F_HIGH)).then(pl.lit("TEMP_F_AS_C"))
    for code, sign in SIGNS.items():
        low = value > sign.low if sign.low_excluded else value >= sign.low
        impossible = (pl.col("VSTESTCD") == code) & ~(low & (value <= sign.high))
        out = out.when(impossible).then(pl.lit(f"{code}_IMPLAUSIBLE"))
    return out


def _fault_remarks(measured: pl.DataFrame) -> list[pl.DataFrame]:
    faults = measured.filter(pl.col("_FAULT").is_not_null())
    out: list[pl.DataFrame] = []
    for (rule,), hits in sorted(faults.partition_by("_FAULT", as_dict=True).items()):
        unit = rule == "UNIT_UNKNOWN"
        column, found = ("VSSTRESU", "_TEXT_UNIT") if unit else ("VSSTRESN", "_NUMBER")
        out.append(remark(str(rule), column, hits, pl.col(found)))
    return out
