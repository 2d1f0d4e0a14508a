"""Terms and units that no codelist knows: what a study has to look at, and may add to its own."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.crs.crs import params_of, rules_of
from pipeline.query import Query
from pipeline.schemas.sdtm.vital_signs import SIGNS
from pipeline.schemas.tables import TABLES
from pipeline.study import Study
from pipeline.table import Table

# What the CRS records of a study are made from; the days of an episode lie within them.
_RECORDS = ("ae_timed", "daily_grades", "record_source", "records")


def derive_unmapped(tables: Mapping[str, Table], study: Study) -> pl.DataFrame:
    """List what no codelist knows, with counts.

    Rule:
        1. Terms of CM, PR, LB and VS of treated subjects that no pattern meets, and units without
           a conversion; what did not occur is left out.
        2. Most drugs and procedures are none of ours: RELEVANT marks those begun on a day of a CRS
           record, given for a sign of CRS or as an infusion, and respiratory support.
        3. Only coded or short terms are shown: nothing that could be a sentence or a date.

    Args:
        tables: the typed domains, adsl and doses; `labs` where it was made already.
        study: its own codelists count.
    """
    with Query({**tables, **rules_of(study), "vital_units": _vital_units()}) as q:
        q.define("macros")
        if "labs" not in tables:
            q.make("", "lab_values", {"tests": None})
            q.let("labs", "lab_values")
        for name in _RECORDS:
            q.make("crs", name, params_of(study))
        return TABLES["unmapped"].validate(q.run("crs", "unmapped"), cast=True)


def _vital_units() -> pl.DataFrame:
    """Every sign with every spelling of a unit; null where a missing one leaves no doubt."""
    rows = [
        (code, spelling)
        for code, sign in SIGNS.items()
        for spelling in (*sign.spellings, *([None] if sign.alone else []))
    ]
    schema = {"VSTESTCD": pl.String, "SPELLING": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
