from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.ingest.remarks import kind_of
from pipeline.schemas.sdtm import DOMAINS, Supp, table_name
from pipeline.schemas.sdtm import variables as v

KINDS = {
    "id", "seq", "row", "code", "term", "text", "number", "grade", "studyday", "dtc", "derived",
}  # fmt: skip


def test_all_fourteen_domains_are_there():
    assert " ".join(DOMAINS) == "DM EX AE CE FA VS LB CM PR HO DS MH DD RELREC"
    assert table_name("AE") == "sdtm_ae"


@pytest.mark.parametrize("schema", [*DOMAINS.values(), Supp])
def test_a_class_says_what_a_row_is_and_what_each_column_means(schema):
    assert schema.__doc__.startswith("One row: ")
    for name, column in schema.columns().items():
        assert column.description, name
        assert kind_of(column) in KINDS, name


@pytest.mark.parametrize(("domain", "schema"), DOMAINS.items())
def test_columns_that_every_domain_has(domain, schema):
    names = schema.column_names()
    assert {"STUDYID", "USUBJID", "ROW"} <= set(names)
    assert (f"{domain}SEQ" in names) == (domain not in ("DM", "RELREC"))
    for dtc in [name for name in names if name.endswith("DTC")]:
        stem = dtc.removesuffix("DTC")
        types = [schema.create_empty().schema[stem + part] for part in ("DTM", "DTX", "PRC")]
        assert types == [pl.Datetime("us"), pl.Datetime("us"), pl.String]


def _at(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "after", "precision", "days", "ordered"),
    [
        # the end is a minute early
        ("2024-03-02T08:00", "2024-03-02T07:59", "2024-03-02T07:59", "time", (2, 2), False),
        # start and end at the same instant
        ("2024-03-02T08:00", "2024-03-02T08:00", "2024-03-02T08:00", "time", (2, 2), True),
        # the end is a day that holds the start
        ("2024-03-02T08:00", "2024-03-02", "2024-03-03", "day", (2, 2), True),
        # the end is the day before
        ("2024-03-02", "2024-03-01", "2024-03-02", "day", (2, 1), False),
        # the month of the end holds the start
        ("2024-03-02", "2024-03-01", "2024-04-01", "month", (2, None), True),
        # study days alone
        (None, None, None, None, (3, 2), False),
        (None, None, None, None, (3, 3), True),
        # no end: nothing to say
        ("2024-03-02", None, None, None, (2, None), None),
    ],
)
def test_in_order_only_faults_an_end_that_is_surely_early(
    start, end, after, precision, days, ordered
):
    row = pl.DataFrame(
        {
            "AESTDTM": [_at(start)],
            "AESTDY": [days[0]],
            "AEENDTM": [_at(end)],
            "AEENDTX": [_at(after)],
            "AEENPRC": [precision],
            "AEENDY": [days[1]],
        },
        schema_overrides={"AESTDTM": pl.Datetime, "AEENDTM": pl.Datetime, "AEENDTX": pl.Datetime},
    )
    assert row.select(v.in_order("AE")).item() is ordered
