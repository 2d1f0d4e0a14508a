"""Vital signs in one unit each, and what is no possible value.

Source: conversions of docs/grading.md 5.5; limits of the possible are ours: wide enough for any
intensive-care patient, narrow enough for a value in a wrong unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.ingest.coerce import Step
from pipeline.ingest.remarks import remark

_TEMPERATURE = {
    "C": "C",
    "CEL": "C",
    "DEGC": "C",
    "CELSIUS": "C",
    "F": "F",
    "DEGF": "F",
    "FAHRENHEIT": "F",
    "K": "K",
}
_PRESSURE = {"MMHG": "MMHG", "KPA": "KPA"}
_BEATS = {"BEATS/MIN": "1", "BPM": "1", "/MIN": "1", "1/MIN": "1", "BEATSPERMINUTE": "1"}
_BREATHS = {
    "BREATHS/MIN": "1",
    "BRPM": "1",
    "/MIN": "1",
    "1/MIN": "1",
    "RPM": "1",
    "BREATHSPERMINUTE": "1",
}
_PERCENT = {"%": "%", "PERCENT": "%", "FRACTION": "1", "1": "1"}
_WEIGHT = {"KG": "KG", "LB": "LB", "LBS": "LB", "G": "G"}
_LENGTH = {"CM": "CM", "M": "M", "MM": "MM", "IN": "IN", "INCH": "IN", "INCHES": "IN"}  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """A vital sign: the unit it is given in, the spellings of units, and its possible values.

    `alone` says that a missing unit leaves no doubt.
    """

    unit: str
    spellings: dict[str, str]
    low: float
    high: float
    alone: bool = False
    low_excluded: bool = False


SIGNS: dict[str, Sign] = {
    "TEMP": Sign("C", _TEMPERATURE, 25, 45),
    "SYSBP": Sign("mmHg", _PRESSURE, 30, 300),
    "DIABP": Sign("mmHg", _PRESSURE, 5, 200),
    "MAP": Sign("mmHg", _PRESSURE, 10, 250),
    "HR": Sign("beats/min", _BEATS, 10, 300, alone=True),
    "PULSE": Sign("beats/min", _BEATS, 10, 300, alone=True),
    "RESP": Sign("breaths/min", _BREATHS, 1, 100, alone=True),
    "OXYSAT": Sign("%", _PERCENT, 0, 100, alone=True, low_excluded=True),
    "FIO2": Sign("fraction", _PERCENT, 0.15, 1, alone=True),
    "WEIGHT": Sign("kg", _WEIGHT, 1, 400),
    "HEIGHT": Sign("cm", _LENGTH, 30, 250),
}
SYNONYMS = {
    "SBP": "SYSBP",
    "DBP": "DIABP",
    "SPO2": "OXYSAT",
    "RR": "RESP",
    "WT": "WEIGHT",
    "HT": "HEIGHT",
}

# A value in F that stands as C: possible body temperatures in F, none of them possible in C.
_F_LOW, _F_HIGH = 45, 115

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
    """
    known = pl.col("VSTESTCD").is_in(list(SYNONYMS))
    mapped = remark("CODE_MAPPED", "VSTESTCD", frame.filter(known), pl.col("VSTESTCD"))
    work = frame.with_columns(pl.col("VSTESTCD").replace(SYNONYMS)).with_columns(*_source())
    work = work.with_columns(_SPELLED=_spelled()).with_columns(_UNIT=_unit())
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
        *_fault_remarks(measured),
    ]
    usable = pl.col("_FAULT").is_null() & pl.col("_CONVERTED").is_not_null()
    work = work.with_columns(
        VALUE=pl.when(usable).then("_CONVERTED"),
        UNIT=pl.when(usable).then(_by_sign({code: sign.unit for code, sign in SIGNS.items()})),
    )
    return work.drop("_NUMBER", "_TEXT_UNIT", "_SPELLED", "_UNIT", "_CONVERTED", "_FAULT"), remarks


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


def _spelled() -> pl.Expr:
    plain = pl.col("_TEXT_UNIT").str.to_uppercase().str.replace_all(r"[\s°.]|DEG ", "")
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
