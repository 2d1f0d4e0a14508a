"""Variables of DM that no schema has but study.yaml names as covariates (`DM.VARIABLE`)."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.remarks import FILE, PLACE, file_remark, remark
from pipeline.schemas.covariate_rules import read_rule
from pipeline.schemas.sdtm import Dm
from pipeline.schemas.tables import TABLES
from pipeline.study import Study

LONGEST = 40
# Calendar dates in any usual form; the year alone is none.
_DATE = r"(?i)\d{4}-\d{2}|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b\d{1,2}[ -]?[a-z]{3}[ -]?\d{2,4}\b"
_SCHEMA = {"USUBJID": pl.String, "NAME": pl.String, "VALUE": pl.String, "SRCDOM": pl.String,
           FILE: pl.String, "ROW": pl.Int64}  # fmt: skip


def named_variables(study: Study) -> list[str]:
    """Variables of DM that study.yaml names and the schema of DM does not have."""
    rules = [read_rule(text) for text in study.covariates.values()]
    named = {rule.name for rule in rules if rule.domain == "DM" and rule.name is not None}
    return sorted(named - set(Dm.columns()))


def dm_variables(
    study: Study, raw: dict[str, pl.DataFrame], accepted: pl.DataFrame, qualifiers: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The table `dm_variables`, and what there is to say of it.

    Rule:
        1. The value in DM, else that of the qualifier of this name in SUPPDM.
        2. A covariate is shown, so a date or text of more than 40 characters is left out.

    Args:
        study: Its study.yaml names the variables.
        raw: DM as read, by data set.
        accepted: Its accepted rows, with their places.
        qualifiers: Accepted rows of SUPPDM.
    """
    names = named_variables(study)
    own = [_of_file(name, frame, names) for name, frame in raw.items()]
    found = pl.concat([pl.DataFrame(schema=_SCHEMA), *own]).join(
        accepted.select(PLACE), on=PLACE, how="semi"
    )
    more = qualifiers.filter(pl.col("QNAM").is_in(names)).select(
        "USUBJID", NAME="QNAM", VALUE="QVAL", SRCDOM=pl.lit("SUPPDM"), **{c: c for c in PLACE}
    )
    found = pl.concat([found, more]).drop_nulls("VALUE")
    missing = [name for name in names if name not in set(found["NAME"])]
    plain = (pl.col("VALUE").str.len_chars() <= LONGEST) & ~pl.col("VALUE").str.contains(_DATE)
    hidden = found.filter(~plain)
    remarks = [
        *(file_remark("COVARIATE_MISSING", "DM", name) for name in missing),
        *(
            remark("COVARIATE_NOT_SHOWN", name, hidden.filter(NAME=name), pl.col("VALUE"), "text")
            for name in names
        ),
    ]
    kept = found.filter(plain).sort("USUBJID", "NAME", "SRCDOM", "ROW")
    kept = kept.unique(["USUBJID", "NAME"], keep="first", maintain_order=True)
    schema = TABLES["dm_variables"]
    stated = kept.with_columns(STUDYID=pl.lit(study.study)).select(schema.column_names())
    return schema.validate(stated), remarks


def without_used(remarks: list[pl.DataFrame], study: Study) -> list[pl.DataFrame]:
    """Remarks but those that say of a variable which is handed on here that it is not."""
    names = named_variables(study)
    column = (pl.col("DOMAIN") == "DM") & (pl.col("RULE") == "COLUMN_NOT_USED")
    qualifier = (pl.col("DOMAIN") == "SUPPDM") & (pl.col("RULE") == "QUALIFIER_NOT_USED")
    used = (column | qualifier) & pl.col("COLUMN").is_in(names)
    return [frame.filter(~used) for frame in remarks]


def _of_file(dataset: str, frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The named columns of a file as text, one row each; a whole number has no fraction."""
    there = [name for name in names if name in frame.columns]
    if not there:
        return pl.DataFrame(schema=_SCHEMA)
    texts = [pl.col(name).cast(pl.String).str.replace(r"^(-?\d+)\.0$", "$1") for name in there]
    rows = frame.select("USUBJID", *texts, ROW=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    long = rows.unpivot(there, index=["USUBJID", "ROW"], variable_name="NAME", value_name="VALUE")
    return long.select(
        "USUBJID", "NAME", "VALUE", SRCDOM=pl.lit("DM"), **{FILE: pl.lit(dataset)}, ROW="ROW"
    )
