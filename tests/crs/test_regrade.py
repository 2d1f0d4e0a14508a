"""Counts under a reading are those of the whole derivation run anew under changed switches."""

import pytest

from pipeline.crs.crs import STEPS, params_of, rules_of
from pipeline.crs.open_questions import ORDER, alternatives, changed, words
from pipeline.crs.regrade import Regrader
from pipeline.query import Query
from tests.crs.conftest import study
from tests.crs.many import tables_of

CUTS = (5, 4, 3, 2, 1)
UP_TO_GRADES = STEPS[: STEPS.index("grades") + 1]


@pytest.fixture(scope="module")
def tables():
    return tables_of()


def run_anew(tables, system, reading):
    """EVENTS at each cut from every step up to the grades, under changed switches."""
    other = changed(study(), reading)
    with Query({**tables, **rules_of(other)}) as query:
        query.define("macros")
        made = [query.run("crs", name, params_of(other)) for name in UP_TO_GRADES][-1]
    worst = made.filter(BASIS="derived", SYSTEM=system).group_by("USUBJID").max()
    return [(worst["GRADE"] >= cut).sum() for cut in CUTS]


def counts_of(tables, system, readings):
    """EVENTS at each cut, per reading."""
    with Regrader(tables, study(), system) as regrader:
        counts = regrader.counts(readings, CUTS)
    wide = counts.sort("READING", "GRADE_MIN", descending=[False, True])
    return wide.group_by("READING", maintain_order=True).agg("EVENTS")["EVENTS"].to_list()


def combined(system, *switches):
    """One reading of several changes: the first alternative of each switch."""
    found = dict(reversed(alternatives(study(), system)))
    return tuple((s, found[s]) for s in sorted(switches, key=ORDER.__getitem__))


# Every switch that concerns the system is in at least one.
TOGETHER = {
    "ASTCT2019": [
        ("pressor_count", "date_only_concurrency", "vasopressin_alone_grade", "fever_carry_h"),
        ("fever_waiver_set", "premed_counts", "masked_onset_allowed", "hfnc_rule"),
        ("bp_confirm", "spo2_only_counts", "death_rule", "bolus_pressor_counts"),
        ("vasopressin_class", "min_overlap_min", "pressor_set"),
    ],
    "LEE2014": [
        ("lee_vasopressin_counts", "high_dose_min_h", "spo2_only_counts", "vasopressin_class"),
        ("hfnc_rule", "fio2_from_flow", "organ_link", "pressor_set", "death_rule"),
        ("niv_is_ventilator", "missing_duration", "pressor_count", "date_only_concurrency"),
        ("bp_confirm", "min_overlap_min", "bolus_pressor_counts"),
    ],
}


@pytest.mark.parametrize("system", list(TOGETHER))
def test_counts_are_those_of_the_derivation_run_anew(tables, system):
    asked = {switch for switches in TOGETHER[system] for switch in switches}
    assert asked == {switch for switch, _ in alternatives(study(), system)}
    readings = [(), *(combined(system, *switches) for switches in TOGETHER[system])]
    want = [run_anew(tables, system, reading) for reading in readings]
    assert counts_of(tables, system, readings) == want
    assert len({tuple(n) for n in want}) > 3


@pytest.mark.parametrize(
    ("system", "still"),
    [
        # Fever that carries longer than a day decides for nobody here.
        ("ASTCT2019", ["fever_carry_h=48"]),
        # Vasopressin counts as one of several anyhow, and 5 L/min are 40 % by either rule.
        ("LEE2014", ["vasopressin_class=plus_terlipressin", "hfnc_rule=device"]),
    ],
)
def test_every_alternative_moves_the_subject_that_is_about_it(tables, system, still):
    alone = [((switch, value),) for switch, value in alternatives(study(), system)]
    own, *others = counts_of(tables, system, [(), *alone])
    assert [words(r) for r, n in zip(alone, others, strict=True) if n == own] == still


def test_two_answers_may_move_a_grade_that_neither_moves_alone():
    tables = tables_of("ever and by date")
    both = combined("ASTCT2019", "pressor_count", "date_only_concurrency")
    with Regrader(tables, study(), "ASTCT2019") as regrader:
        counts = regrader.counts([(), (both[0],), (both[1],), both], [4])
    assert counts["EVENTS"].to_list() == [0, 0, 0, 1]


def test_a_subject_whom_a_change_does_not_concern_is_not_graded_again():
    made = []

    class Watched(Regrader):
        def _grade(self, units):
            made.extend(units["UNIT"].to_list())
            return super()._grade(units)

    alone = [(), *((change,) for change in alternatives(study(), "ASTCT2019"))]
    with Watched(tables_of("plain", "hfnc_rule"), study(), "ASTCT2019") as regrader:
        regrader.counts(alone, [3])
        regrader.counts(alone, [2])
    assert len(made) == len(set(made))
    own = "plain" + "\x1f" * 6
    assert [unit for unit in made if unit.startswith("plain")] == [own]
    assert sum("hfnc_rule=device" in unit for unit in made) == 1
