from __future__ import annotations

import pytest

from tests.ingest.drops import FILES, found, ingest


def _dm(tmp_path, row: str):
    header = FILES["dm.csv"].splitlines()[0]
    tables = ingest(tmp_path, dm=f"{header}\n{row}\nS1,DM,P2,61,YEARS,M,A,A,,,,\n")
    notes = [rule for domain, at, rule, _ in found(tables, "notes") if domain == "DM" and at == 1]
    return tables["sdtm_dm"].row(0, named=True), notes


@pytest.mark.parametrize(
    ("age", "unit", "years", "notes"),
    [
        ("60", "YEARS", 60, []),
        ("60", "Year", 60, []),
        ("18", "MONTHS", 1.5, []),
        ("89", "YEARS", 89, []),
        ("90", "YEARS", 89, ["AGE_OVER_89"]),
        ("0", "YEARS", 0, []),
        ("-1", "YEARS", None, ["AGE_IMPLAUSIBLE"]),
        ("131", "YEARS", None, ["AGE_IMPLAUSIBLE"]),
        ("60", "", 60, ["AGE_UNIT_UNKNOWN"]),
        ("60", "MOONS", None, ["AGE_UNIT_UNKNOWN"]),
        ("", "YEARS", None, []),
        (">89", "YEARS", None, ["NOT_A_NUMBER"]),
    ],
)
def test_age_in_years_capped_at_89(tmp_path, age, unit, years, notes):
    row, found_notes = _dm(tmp_path, f"S1,DM,P1,{age},{unit},F,A,A,,,,")
    assert (row["AGE"], found_notes) == (years, notes)


@pytest.mark.parametrize(
    ("sex", "code", "notes"),
    [("F", "F", []), ("male", "M", []), ("?", None, ["CODE_UNKNOWN"]), ("", None, [])],
)
def test_sex_as_a_code(tmp_path, sex, code, notes):
    row, found_notes = _dm(tmp_path, f"S1,DM,P1,60,YEARS,{sex},A,A,,,,")
    assert (row["SEX"], found_notes) == (code, notes)


@pytest.mark.parametrize(
    ("flag", "date", "code", "notes"),
    [
        ("Y", "2024-03-07", "Y", []),
        ("Yes", "2024-03", "Y", []),
        ("Y", "", "Y", ["DEATH_WITHOUT_DATE"]),
        ("N", "", "N", []),
        ("maybe", "", None, ["CODE_UNKNOWN"]),
    ],
)
def test_death_and_its_date(tmp_path, flag, date, code, notes):
    row, found_notes = _dm(tmp_path, f"S1,DM,P1,60,YEARS,F,A,A,,,{flag},{date}")
    assert (row["DTHFL"], found_notes) == (code, notes)
