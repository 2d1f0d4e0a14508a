from __future__ import annotations

from tests.reports.ard import results
from tests.reports.conftest import page_of, text_of
from tests.reports.courses import Course, Sets, frame, meta
from tests.reports.study_tables import tables


def test_where_others_are_counted_than_recorded_the_recorded_number_is_said():
    courses = [Course("car_t", "axi", 3, 1, 5)] * 4 + [Course("car_t", "axi", None, None, None)] * 8
    sets = Sets()
    recorded = results("TST", "test", dict(enumerate(courses, 1)), sets, primary=False)
    # In one of the four no sign was found: the derived grade counts three.
    fewer = [*courses[:3], *courses[4:], courses[-1]]
    derived = results("TST", "test", dict(enumerate(fewer, 1)), sets, basis="derived")
    (known,) = [r for r in derived if r["VARIABLE"] == "with_crs"]
    ungraded = known | {"VARIABLE": "ungraded", "RESULTID": "u", "EVENTS": 1}

    def told(*more):
        rows = frame("results", [*recorded, *derived, *more])
        own = {"results": rows, "sets": sets.frame()}
        return text_of(page_of(meta(primary_basis="derived"), tables("TST", courses) | own))

    assert "3 of 12 treated subjects had CRS (25.0%)." in told()
    words = (
        "As recorded by the study 4 of 12 had CRS; in the recorded episodes of 1 of them no sign"
    )
    assert f"{words} of CRS was found under ASTCT 2019." in told()
    assert f"{words} of CRS was found, or nothing can be graded, under ASTCT 2019." in told(
        ungraded
    )
