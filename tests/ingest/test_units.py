from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.remarks import gather
from pipeline.ingest.units import vitals
from pipeline.schemas.sdtm.vital_signs import SIGNS

COLUMNS = {
    "_FILE": pl.String, "ROW": pl.Int64, "USUBJID": pl.String, "VSTESTCD": pl.String,
    "VSTEST": pl.String,
    "VSORRES": pl.String, "VSORRESU": pl.String, "VSSTRESN": pl.Float64, "VSSTRESU": pl.String,
}  # fmt: skip


def _read(code, orres=None, orresu=None, stresn=None, stresu=None, test=None):
    frame = pl.DataFrame(
        [("VS", 1, "P1", code, test, orres, orresu, stresn, stresu)], schema=COLUMNS, orient="row"
    )
    got, remarks = vitals(frame)
    return got["VALUE"][0], got["UNIT"][0], gather(remarks, "note")["RULE"].to_list()


@pytest.mark.parametrize(
    ("code", "number", "unit", "value", "out"),
    [
        ("TEMP", 38.0, "C", 38.0, "C"),
        ("TEMP", 100.4, "F", 38.0, "C"),  # exactly the fever limit
        ("TEMP", 100.3, "F", pytest.approx(37.9444, abs=1e-4), "C"),  # just below it
        ("TEMP", 311.15, "K", pytest.approx(38.0), "C"),
        ("TEMP", 38.0, "°C", 38.0, "C"),
        ("TEMP", 38.0, "deg C", 38.0, "C"),
        ("SYSBP", 90, "mm Hg", 90, "mmHg"),
        ("SYSBP", 12, "kPa", pytest.approx(90.00744), "mmHg"),
        ("HR", 90, "bpm", 90, "beats/min"),
        ("RESP", 18, "/min", 18, "breaths/min"),
        ("OXYSAT", 0.93, "fraction", pytest.approx(93), "%"),
        ("OXYSAT", 93, "%", 93, "%"),
        ("FIO2", 40, "%", 0.4, "fraction"),
        ("FIO2", 0.4, "fraction", 0.4, "fraction"),
        ("WEIGHT", 100, "LB", pytest.approx(45.359237), "kg"),
        ("WEIGHT", 3500, "g", 3.5, "kg"),
        ("HEIGHT", 70, "in", pytest.approx(177.8), "cm"),
        ("HEIGHT", 1.7, "m", pytest.approx(170), "cm"),
    ],
)
def test_a_sign_comes_in_its_own_unit(code, number, unit, value, out):
    assert _read(code, stresn=number, stresu=unit) == (value, out, [])


@pytest.mark.parametrize(
    ("code", "number", "unit", "rule"),
    [
        ("TEMP", 101.3, "C", "TEMP_F_AS_C"),
        ("TEMP", 45.0, "C", "ok"),
        ("TEMP", 45.1, "C", "TEMP_F_AS_C"),
        ("TEMP", 24.9, "C", "TEMP_IMPLAUSIBLE"),
        ("TEMP", 115.0, "C", "TEMP_IMPLAUSIBLE"),
        ("TEMP", 38.0, "F", "TEMP_IMPLAUSIBLE"),  # C labelled F
        ("MAP", -22, "mmHg", "MAP_IMPLAUSIBLE"),
        ("SYSBP", 29.9, "mmHg", "SYSBP_IMPLAUSIBLE"),
        ("SYSBP", 30, "mmHg", "ok"),
        ("SYSBP", 300, "mmHg", "ok"),
        ("SYSBP", 301, "mmHg", "SYSBP_IMPLAUSIBLE"),
        ("OXYSAT", 0, "%", "OXYSAT_IMPLAUSIBLE"),
        ("OXYSAT", 100, "%", "ok"),
        ("OXYSAT", 101, "%", "OXYSAT_IMPLAUSIBLE"),
        ("PULSE", 0, "beats/min", "PULSE_IMPLAUSIBLE"),
        ("WEIGHT", 0, "kg", "WEIGHT_IMPLAUSIBLE"),
        ("TEMP", 38.0, "X", "UNIT_UNKNOWN"),
        ("TEMP", 38.0, None, "UNIT_UNKNOWN"),  # C or F: nothing says
    ],
)
def test_an_impossible_value_is_not_used_and_not_corrected(code, number, unit, rule):
    value, out, rules = _read(code, stresn=number, stresu=unit)
    assert (value is None) == (out is None) == (rule != "ok")
    assert rules == ([] if rule == "ok" else [rule])


def test_a_missing_unit_leaves_no_doubt_for_a_rate():
    assert _read("HR", orres="90") == (90, "beats/min", ["UNIT_ASSUMED"])


@pytest.mark.parametrize(
    ("orres", "orresu", "stresn", "stresu", "value"),
    [
        ("101.3", "F", None, None, 38.5),  # nothing standardised: as collected
        ("101.3", "F", 38.5, "C", 38.5),  # the standardised number comes first
        ("38.5", "C", 38.5, None, 38.5),  # same number, so the collected unit is its unit
        ("101.3", "F", 38.5, None, None),  # another number without a unit: nothing says which
        ("NOT DONE", None, None, None, None),
    ],
)
def test_which_number_and_unit_count(orres, orresu, stresn, stresu, value):
    got = _read("TEMP", orres, orresu, stresn, stresu)[0]
    assert got == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("code", "test", "number", "orresu", "stresu", "noted"),
    [
        ("TEMP", "Temperature Fahrenheit", 38.5, "C", "C", True),
        ("TEMP", "Temperature Fahrenheit", 38.5, None, "C", True),  # nothing else says the unit
        ("TEMP", "Temperature Fahrenheit", 38.5, "F", "C", False),  # collected so, then converted
        ("TEMP", "Temperature Celsius", 38.5, "C", "C", False),
        ("TEMP", "Temperature (deg C)", 101.3, "F", "F", True),
        ("TEMP", "Temperature, Celsius or Fahrenheit", 38.5, "C", "C", False),  # names both
        ("TEMP", "Temperature", 38.5, "C", "C", False),
        ("WEIGHT", "Admission Weight (lbs.)", 80, "kg", "kg", True),
        ("WEIGHT", "Admission Weight (Kg)", 80, "kg", "kg", False),
        ("HEIGHT", "Height (inches)", 170, "cm", "cm", True),
        ("SYSBP", "Systolic pressure, kPa", 120, "mmHg", "mmHg", True),
        ("HR", "Heart rate (beats/min)", 80, "beats/min", "beats/min", False),
    ],
)
def test_a_name_that_holds_another_unit_is_remarked_on(code, test, number, orresu, stresu, noted):
    value, _, rules = _read(code, None, orresu, number, stresu, test)
    assert value == pytest.approx(38.5 if code == "TEMP" else number)  # the row's unit counts
    assert rules == (["UNIT_CONTRADICTS_NAME"] if noted else [])


def test_a_synonym_of_a_code_is_mapped_and_remarked_on():
    assert _read("SPO2", stresn=93, stresu="%") == (93, "%", ["CODE_MAPPED"])


def test_a_sign_that_is_not_ours_has_no_value_and_no_remark():
    assert _read("BMI", stresn=22, stresu="kg/m2") == (None, None, [])


@given(
    st.sampled_from(sorted(SIGNS)),
    st.one_of(st.none(), st.floats(allow_nan=False)),
    st.sampled_from(["C", "F", "mmHg", "kPa", "%", "beats/min", "kg", "LB", "cm", "", None, "?"]),
)
def test_a_value_is_possible_or_null(code, number, unit):
    value, _, rules = _read(code, stresn=number, stresu=unit)
    sign = SIGNS[code]
    assert value is None or sign.low <= value <= sign.high
    assert value is not None or number is None or rules
