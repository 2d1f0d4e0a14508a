"""A case derived among others has the tables that it has alone."""

from __future__ import annotations

import pytest
from polars.testing import assert_frame_equal

from tests.crs.conftest import Case, derive_all, new_febrile, study
from tests.crs.together import Together

D3 = "2024-01-03T"


def organ_and_pressors() -> Case:
    case = new_febrile().pressor("NOREPINEPHRINE", 20, D3 + "10:00", D3 + "20:00")
    case.add("lb", LBTESTCD="CRP", LBORRES="12", LBORRESU="mg/L", LBDTC=D3 + "06:00")
    return case.add(
        "ae", AEDECOD="Cardiac failure", AETOXGR=3, AEREL="RELATED", AESTDTC=D3 + "12:00"
    )


def two_subjects() -> Case:
    case = Case().dose().dose("2024-01-02T10:00", USUBJID="T-2").crs()
    case.crs("2024-01-04", None, USUBJID="T-2", AEOUT="NOT RECOVERED/NOT RESOLVED")
    return case.temp(38.5).add("mh", USUBJID="T-2", MHTERM="Rheumatoid arthritis")


def days_only() -> Case:
    case = Case().add("ex", EXTRT="CART", EXSTDY=1).add("ds", DSDECOD="COMPLETED", DSSTDY=28)
    return case.add("ae", AEDECOD="Cytokine release syndrome", AESTDY=3, AEENDY=5)


def charted() -> Case:
    chart = {"FAOBJ": "CYTOKINE RELEASE SYNDROME", "FATESTCD": "TOXGR"}
    return Case().dose().add("fa", **chart, FASTRESN=2.0, FADTC="2024-01-03")


CASES = {
    "fever": new_febrile,
    "an organ, a pressor, a laboratory value": organ_and_pressors,
    "two subjects": two_subjects,
    "signs without a record": lambda: Case().temp(38.6).oxygen("NASAL CANNULA", 2),
    "study days only": days_only,
    "charted days": charted,
}


@pytest.fixture(scope="module")
def among_others():
    """The tables of each case as a rehearsal of all of them gives them."""
    shared = Together(derive_all)

    def ask(make):
        return shared.ask(make().filled(), study())

    shared.rehearse([lambda make=make: ask(make) for make in CASES.values()])
    return {name: ask(make) for name, make in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_a_case_among_others_has_the_tables_that_it_has_alone(among_others, name):
    alone = derive_all(CASES[name]().filled(), study())
    assert alone["episodes"].is_empty() == (name == "signs without a record")
    for table, frame in alone.items():
        assert_frame_equal(among_others[name][table], frame, check_exact=True)


class Counted:
    """The number of subjects of each derivation."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.shared = Together(self.derive)

    def derive(self, rows, its):
        self.sizes.append(len(rows["dm"]))
        return derive_all(rows, its)

    def grade(self, case, **changes):
        made = self.shared.ask(case.filled(), study(**changes))
        return made["grades"].filter(SYSTEM="ASTCT2019", BASIS="derived")["GRADE"].item()


def test_all_tests_of_one_setting_are_one_derivation_and_later_questions_the_next():
    counted = Counted()

    def plain():
        assert counted.grade(new_febrile()) == 1

    def cold():
        assert counted.grade(Case().crs().temp(37.0)) == 0

    def both_rules():
        case = new_febrile().oxygen("HFNC", 5)
        assert counted.grade(case, switches={"hfnc_rule": "flow"}) == 2  # as the rules have it
        assert counted.grade(case, switches={"hfnc_rule": "device"}) == 3

    tests = [plain, cold, both_rules]
    counted.shared.rehearse(tests)
    assert counted.sizes == [3, 1]
    for test in tests:
        test()
    assert counted.sizes == [3, 1]
    counted.shared.forget()
    plain()
    assert counted.sizes == [3, 1, 1]


def test_a_wrong_expectation_fails_in_the_test_and_stops_no_rehearsal():
    counted = Counted()

    def wrong():
        assert counted.grade(new_febrile()) == 4

    counted.shared.rehearse([wrong])
    with pytest.raises(AssertionError):
        wrong()
    assert counted.sizes == [1]


def test_where_all_together_fail_each_is_derived_alone():
    def derive(rows, its):
        if len(rows["dm"]) > 1:
            raise ValueError("one of them")
        return derive_all(rows, its)

    shared = Together(derive)
    cases = [new_febrile().filled(), days_only().filled()]
    shared.rehearse([lambda rows=rows: shared.ask(rows, study()) for rows in cases])
    assert [shared.ask(rows, study())["episodes"].height for rows in cases] == [1, 1]


CALLS: list[str] = []


def test_what_takes_a_new_case_and_parameters_is_rehearsed(case):
    CALLS.append("case")
    assert CALLS.count("case") == 2


def test_what_takes_another_fixture_is_not_rehearsed(case, tmp_path):
    CALLS.append("another")
    assert CALLS.count("another") == 1
