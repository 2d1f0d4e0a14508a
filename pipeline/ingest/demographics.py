"""Age, sex and death of a subject as DM states them."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.coerce import AGEU, Step
from pipeline.ingest.remarks import remark

OLDEST_SHOWN = 89  # 45 CFR 164.514(b)(2)(i)(C): ages over 89 are one category
_OLDEST_POSSIBLE = 130

# Units of age in a year (SDTM code list AGEU).
_PER_YEAR = {
    "YEARS": 1.0,
    "MONTHS": 12.0,
    "WEEKS": 365.25 / 7,
    "DAYS": 365.25,
    "HOURS": 365.25 * 24,
}
_SEX = {"MALE": "M", "FEMALE": "F", "UNKNOWN": "U"}
_SEXES = ("F", "M", "U", "UNDIFFERENTIATED", "INTERSEX")
_YES_NO = {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N", "1": "Y", "0": "N"}


def demographics(frame: pl.DataFrame) -> Step:
    """Age in years, capped at 89; sex and death flag as codes."""
    unit = pl.col(AGEU).str.to_uppercase()
    unit = pl.when(unit.str.ends_with("S") | unit.is_null()).then(unit).otherwise(unit + "S")
    per_year = unit.fill_null("YEARS").replace_strict(
        _PER_YEAR, default=None, return_dtype=pl.Float64
    )
    years = pl.col("AGE") / per_year
    possible = years.is_between(0, _OLDEST_POSSIBLE)
    had_age = pl.col("AGE").is_not_null()
    remarks = [
        remark(
            "AGE_UNIT_UNKNOWN",
            "AGEU",
            frame.filter(had_age, pl.col(AGEU).is_null() | per_year.is_null()),
        ),
        remark("AGE_OVER_89", "AGE", frame.filter(years > OLDEST_SHOWN, possible)),
        remark("AGE_IMPLAUSIBLE", "AGE", frame.filter(had_age, ~possible)),
    ]
    frame = frame.with_columns(
        AGE=pl.when(possible).then(years.clip(upper_bound=OLDEST_SHOWN)),
        SEX=pl.col("SEX").replace(_SEX),
        DTHFL=pl.col("DTHFL").replace(_YES_NO),
    )
    frame, unknown = _known(frame, "SEX", _SEXES)
    frame, undead = _known(frame, "DTHFL", ("Y", "N"))
    undated = frame.filter(pl.col("DTHFL") == "Y", pl.col("DTHDTC").is_null())
    return frame, [*remarks, unknown, undead, remark("DEATH_WITHOUT_DATE", "DTHDTC", undated)]


def _known(
    frame: pl.DataFrame, name: str, codes: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    col = pl.col(name)
    found = remark("CODE_UNKNOWN", name, frame.filter(col.is_not_null(), ~col.is_in(codes)), col)
    return frame.with_columns(pl.when(col.is_in(codes)).then(col).alias(name)), found
