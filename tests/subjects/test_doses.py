import pytest


def doses(case, *columns, **changes):
    return case.derive(**changes)["doses"].select(columns).rows()


def test_rows_of_a_bag_change_are_one_administration(case):
    case.add(
        "ex", EXTRT="CART", EXDOSE=40.0, EXSTDTC="2024-01-01T10:00", EXENDTC="2024-01-01T10:30"
    )
    case.add(
        "ex", EXTRT="CART", EXDOSE=60.0, EXSTDTC="2024-01-01T11:00", EXENDTC="2024-01-01T11:20"
    )
    assert doses(case, "DOSESEQ", "EXDOSE", "SRCSEQ") == [(1, 100.0, "1 2")]


def test_a_later_infusion_is_a_new_administration(case):
    case.dose("2024-01-01T10:00").dose("2024-01-01T17:00")
    assert doses(case, "DOSESEQ", "EXSTDY") == [(1, 1), (2, 1)]


@pytest.mark.parametrize(("hours", "n"), [(6, 2), (8, 1)])
def test_switch_dose_join_h(case, hours, n):
    case.dose("2024-01-01T10:00").dose("2024-01-01T17:00")
    assert len(doses(case, "DOSESEQ", switches={"dose_join_h": hours})) == n


def test_dated_rows_of_one_day_are_one_administration(case):
    case.dose("2024-01-01").dose("2024-01-01").dose("2024-01-02")
    assert doses(case, "DOSESEQ", "EXSTDY") == [(1, 1), (2, 2)]


def test_lymphodepletion_starts_no_clock(case):
    products = {"A": ["CART"], "flu/cy": {"extrt": ["FLUDARABINE"], "role": "lymphodepletion"}}
    case.add("ex", EXTRT="fludarabine", EXSTDTC="2023-12-27T10:00").dose()
    assert doses(case, "PRODUCT", "EXSTDY", products=products) == [("A", 1)]


def test_dose_0_is_no_dose(case):
    case.dose(EXDOSE=0.0).dose("2024-01-04T10:00", EXDOSE=1.0)
    assert doses(case, "DOSESEQ", "EXSTDY", "SRCSEQ") == [(1, 1, "2")]


def test_step_up_doses_are_named_by_the_schedule(case):
    schedule = [
        {"name": "SUD1", "dose": 0.06, "unit": "mg/kg", "day": 1},
        {"name": "FULL", "dose": 1.5, "unit": "mg/kg", "day": 7},
    ]
    case.dose(EXDOSE=0.06, EXDOSU="mg/kg").dose("2024-01-07T10:00", EXDOSE=1.5, EXDOSU="MG/KG")
    case.dose("2024-01-14T10:00", EXDOSE=1.0, EXDOSU="mg/kg")
    assert doses(case, "DOSESEQ", "DOSELVL", schedule=schedule) == [
        (1, "SUD1"),
        (2, "FULL"),
        (3, None),
    ]


def test_no_day_0(case):
    case.dose().dose("2024-01-02T10:00")
    assert doses(case, "EXSTDY", "START") == [(1, 36000), (2, 86400 + 36000)]
