import pytest

from pipeline.crs.open_questions import (
    QUESTIONS,
    alternatives,
    changed,
    criteria_of,
    part_of,
    rows_that_differ,
    words,
)
from pipeline.study import Study
from pipeline.switches import Switches
from tests.crs.conftest import study


def names(system, **switches):
    return [name for name, _ in alternatives(study(switches=switches), system)]


def test_the_first_position_is_the_default_of_the_switch():
    defaults = Switches()
    for question in QUESTIONS:
        if question.positions:
            assert question.positions[0] == getattr(defaults, question.switch), question.switch


def test_every_position_is_one_that_study_yaml_may_give():
    for question in QUESTIONS:
        for value in question.positions:
            Switches.model_validate({question.switch: value})


def test_only_questions_that_concern_the_system_are_asked():
    assert names("ASTCT2019") == [
        "bp_confirm", "vasopressin_alone_grade", "vasopressin_class", "pressor_count",
        "min_overlap_min", "pressor_set", "bolus_pressor_counts", "hfnc_rule", "fever_carry_h",
        "fever_carry_h", "fever_waiver_set", "premed_counts", "masked_onset_allowed",
        "spo2_only_counts", "date_only_concurrency", "death_rule",
    ]  # fmt: skip
    assert names("LEE2014") == [
        "bp_confirm", "vasopressin_class", "pressor_count", "min_overlap_min", "pressor_set",
        "bolus_pressor_counts", "hfnc_rule", "fio2_from_flow", "niv_is_ventilator",
        "lee_vasopressin_counts", "high_dose_min_h", "missing_duration", "spo2_only_counts",
        "date_only_concurrency", "death_rule", "organ_link",
    ]  # fmt: skip
    # What the text of a system says itself is not open.
    assert "niv_is_ventilator" not in names("PENN")
    assert names("NONE") == []


def test_alternatives_are_to_the_studys_own_setting():
    own = study(switches={"vasopressin_alone_grade": 2, "fever_carry_h": 12})
    found = alternatives(own, "ASTCT2019")
    assert ("vasopressin_alone_grade", 3) in found
    assert [value for name, value in found if name == "fever_carry_h"] == [24, 48]


@pytest.mark.parametrize(
    ("system", "value"),
    [
        ("LEE2014", ["ASTCT2019", "CTCAE4", "CTCAE5", "LEE2014"]),
        ("CTCAE5", ["ASTCT2019", "CTCAE4"]),
    ],
)
def test_a_system_is_put_into_the_list_or_taken_out(system, value):
    assert ("niv_is_ventilator", value) in alternatives(study(), system)


def test_a_reading_in_words_and_by_part():
    reading = (
        ("fever_carry_h", 12), ("premed_counts", True), ("niv_is_ventilator", ["A", "B"]),
        ("hfnc_rule", "device"),
    )  # fmt: skip
    assert words(reading) == (
        "fever_carry_h=12; premed_counts=true; niv_is_ventilator=[A, B]; hfnc_rule=device"
    )
    assert part_of(reading, "gates") == reading[:2]
    assert part_of(reading, "events") == ()
    assert words(()) == ""


def test_a_changed_study_keeps_everything_else():
    own = study(switches={"fever_c": 38.3})
    other = changed(own, (("premed_counts", True),))
    assert isinstance(other, Study)
    assert (other.switches.fever_c, other.switches.premed_counts) == (38.3, True)
    assert own.switches.premed_counts is False


@pytest.mark.parametrize(
    ("system", "change", "ladders"),
    [
        ("ASTCT2019", ("vasopressin_alone_grade", 2), {"vasopressor"}),
        ("LEE2014", ("high_dose_min_h", 0), {"pressor_dose"}),
        ("MSKCC", ("missing_duration", "unsatisfied"), {"vasopressor"}),
        ("ASTCT2019", ("penn_organ4", 3), set()),
    ],
)
def test_rows_that_a_change_of_the_rules_touches(system, change, ladders):
    rows = rows_that_differ(study(), criteria_of(study(), system), (change,))
    assert set(rows["LADDER"]) == ladders
    assert set(rows["SYSTEM"]) <= {system}
