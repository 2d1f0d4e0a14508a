"""Codes, doses and results of the other domains brought to one form."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.coerce import Step
from pipeline.ingest.remarks import remark
from pipeline.ingest.units import fraction

# Sponsor synonyms of LBTESTCD (docs/grading.md 5.3); an identity in CDISC terminology is not here.
LAB_SYNONYMS = {
    "IL6": "INTLK6",
    "IL-6": "INTLK6",
    "FERR": "FERRITIN",
    "FERRIT": "FERRITIN",
    "CREA": "CREAT",
    "CREATIN": "CREAT",
    "FIBRINOG": "FIBRINO",
}

_RESPIRATORY = "RESPIRATORY SUPPORT"
_FLOW_LIMIT = 80
_AIR = 0.15  # a little under room air, for rounding


def laboratory(frame: pl.DataFrame) -> Step:
    """LBTESTCD by CDISC terminology; LBSTRESN from LBORRES where absent and in the same unit."""
    code = pl.col("LBTESTCD")
    mapped = remark("CODE_MAPPED", "LBTESTCD", frame.filter(code.is_in(list(LAB_SYNONYMS))), code)
    swapped = frame.filter(pl.col("LBSTNRLO") > pl.col("LBSTNRHI"))
    return (
        frame.with_columns(code.replace(LAB_SYNONYMS)),
        [mapped, remark("LIMITS_SWAPPED", "LBSTNRLO", swapped, pl.col("LBSTNRLO"))],
    )


def event_findings(frame: pl.DataFrame) -> Step:
    """FASTRESN from FASTRESC or FAORRES where absent and a number; a grade is a whole 0 to 5."""
    texts = [pl.col(name).cast(pl.Float64, strict=False) for name in ("FASTRESC", "FAORRES")]
    finite = [pl.when(text.is_finite()).then(text) for text in texts]
    frame = frame.with_columns(FASTRESN=pl.coalesce("FASTRESN", *finite))
    number = pl.col("FASTRESN")
    graded = pl.col("FATESTCD") == "TOXGR"
    invalid = graded & ~(number.is_between(0, 5) & (number == number.round()))
    lost = remark("GRADE_INVALID", "FASTRESN", frame.filter(invalid), number)
    worded = frame.filter(
        graded, number.is_null(), pl.coalesce("FASTRESC", "FAORRES").is_not_null()
    )
    return (
        frame.with_columns(FASTRESN=pl.when(~invalid.fill_null(value=False)).then(number)),
        [
            lost,
            remark("GRADE_INVALID", "FAORRES", worded, pl.coalesce("FASTRESC", "FAORRES"), "text"),
        ],
    )


def procedures(frame: pl.DataFrame) -> Step:
    """PRFIO2 as a fraction; respiratory support without a device is kept and remarked on."""
    supported = (
        (pl.col("PRCAT").str.to_uppercase() == _RESPIRATORY).fill_null(value=False)
        | pl.col("PRFIO2").is_not_null()
    )  # fmt: skip
    unnamed = pl.col("PRTRT").is_null() & pl.col("PRDECOD").is_null()
    flow = (pl.col("PRDOSU").str.to_uppercase() == "L/MIN") & ~pl.col("PRDOSE").is_between(
        0, _FLOW_LIMIT
    )
    frame, oxygen = inspired_oxygen(frame)
    return frame, [
        remark("DEVICE_MISSING", "PRTRT", frame.filter(unnamed, supported)),
        remark("TOPIC_MISSING", "PRTRT", frame.filter(unnamed, ~supported)),
        remark("FLOW_IMPLAUSIBLE", "PRDOSE", frame.filter(flow), pl.col("PRDOSE")),
        oxygen,
    ]


def inspired_oxygen(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """PRFIO2 as a fraction, null with a note where impossible."""
    value = fraction(pl.col("PRFIO2"))
    possible = value.is_between(_AIR, 1)
    lost = remark("FIO2_IMPLAUSIBLE", "PRFIO2", frame.filter(~possible), pl.col("PRFIO2"))
    return frame.with_columns(PRFIO2=pl.when(possible).then(value)), lost
