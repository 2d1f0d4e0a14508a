"""The drops beside the project: none is refused, no row is lost, their known dirt is named."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.ingest.drop import ingest_drop
from pipeline.study import load_study
from tests.ingest.drops import SHARED

DROPS = SHARED / "drops"
pytestmark = pytest.mark.skipif(
    not DROPS.is_dir(), reason="needs the folder `shared` beside the repository"
)


def _tables(name: str) -> dict[str, pl.DataFrame]:
    drop = (DROPS / name).resolve()
    return ingest_drop(drop, load_study(drop))


@pytest.mark.parametrize("name", ["NULISA", "TIMB", "TIMC", "VIGN", "ICUEVEN"])
def test_every_row_is_accepted_or_held_back(name):
    tables = _tables(name)
    for domain, read, accepted, held in (
        tables["ledger"].select("DOMAIN", "N_READ", "N_ACCEPTED", "N_QUARANTINED").iter_rows()
    ):
        path = DROPS / name / f"{domain.lower()}.csv"
        assert read == path.read_text(encoding="utf-8").rstrip("\n").count("\n")
        assert read == accepted + held
        rows = tables["quarantine"].filter(pl.col("DOMAIN") == domain)["ROW"].n_unique()
        assert (accepted, held) == (tables[f"sdtm_{domain.lower()}"].height, rows)
    if name != "ICUEVEN":
        assert tables["quarantine"].height == 0


def test_nulisa_a_day_missing_within_the_charting_is_named():
    notes = _tables("NULISA")["notes"].filter(pl.col("RULE") == "DAY_GRADES_GAP")
    # the row of P17 that the source gives to P18 leaves this gap
    assert "NULISA-Kym-P17" in notes["USUBJID"].to_list()


def test_icueven_the_dirt_of_an_intensive_care_unit_is_named():
    tables = _tables("ICUEVEN")
    counts = dict(tables["notes"].group_by("RULE").len().sort("RULE").iter_rows())
    signs, drugs, support = tables["sdtm_vs"], tables["sdtm_cm"], tables["sdtm_pr"]
    negative = signs.filter(pl.col("VSTESTCD") == "MAP", pl.col("VSSTRESN") < 0)
    assert negative.height > 0
    assert negative["VALUE"].null_count() == negative.height
    assert negative["VSORRES"].null_count() == 0
    assert counts["MAP_IMPLAUSIBLE"] >= negative.height
    pressors = ["NOREPINEPHRINE", "PHENYLEPHRINE", "DOPAMINE", "VASOPRESSIN", "EPINEPHRINE"]
    stops = drugs.filter(pl.col("CMDOSE") == 0, pl.col("CMDECOD").is_in(pressors))
    assert counts["PRESSOR_STOP_ROW"] == stops.height == 280
    assert counts["DEVICE_MISSING"] == support["PRTRT"].null_count() == 231
    assert counts["SAME_TIME_DIFFERENT_VALUE"] > 0
    assert counts["AGE_OVER_89"] == 2
    # "Temperature Fahrenheit" under C, "Admission Weight (lbs.)" under kg
    assert counts["UNIT_CONTRADICTS_NAME"] == 2004 + 139
    # laboratory rows of stays that the drop does not hold
    held = tables["quarantine"]
    assert set(held["RULE"]) == {"SUBJECT_NOT_IN_DM"}
