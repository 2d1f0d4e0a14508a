"""Result rows of the later analyses, counted from typed courses as `ard.py` does."""

from __future__ import annotations

from typing import Any

from reports.drill import Drill
from reports.select import Block, blocks
from tests.reports.ard import Ard, Row, _five, _who, _with_crs, results
from tests.reports.courses import Course, Sets, frame, usubjid

STATES = (
    "no CRS yet", "CRS grade 1", "CRS grade 2", "CRS grade 3-4", "CRS grade not known",
    "recovered", "dead",
)  # fmt: skip
TREATED, WITH_CRS = "treated subjects", "subjects with CRS"


def more_results(
    study: str, kind: str, courses: dict[int, Course], sets: Sets, **other: Any
) -> list[Row]:
    """Rows of every cohort among the courses, under ASTCT 2019 and one basis."""
    out: list[Row] = []
    shared: dict[str, Any] = {"SYSTEM": "ASTCT2019", "BASIS": "collected", "PRIMARY": "Y"} | other
    for cohort in sorted({c.cohort for c in courses.values()}):
        people = {n: c for n, c in courses.items() if c.cohort == cohort}
        ard = Ard(sets, STUDYID=study, DATA_KIND=kind, COHORT=cohort, **shared)
        for add in (_states, _days, _by_grade, _signs, _events, _use, _risk, _labs):
            add(ard, study, people)
        if cohort == "bispecific":
            _doses(ard, study, people)
        out += ard.rows
    return out


def state(course: Course, day: int) -> str:
    """State of a course on a day; a fatal one ends on the third day of CRS."""
    if course.onset is None or day < course.onset:
        return "no CRS yet"
    if course.grade == 5 and day >= course.onset + 2:
        return "dead"
    if course.end is not None and day > course.end:
        return "recovered"
    names = {1: STATES[1], 2: STATES[2], 3: STATES[3], 4: STATES[3], 5: STATES[3]}
    return names.get(course.grade or 0, "CRS grade not known")


def _states(ard: Ard, study: str, people: dict[int, Course]) -> None:
    row = {"VARIABLE": "STATE", "STAT": "probability", "CLOCK": "first_dose", "EPISODES": "all"}
    for day in range(1, 29):
        for name in STATES:
            hits = _who(study, [n for n, c in people.items() if state(c, day) == name])
            where = {"LEVEL": name, "TIME": float(day)}
            ard.share("state_occupation", _who(study, people), hits, **row | where)


def _days(ard: Ard, study: str, people: dict[int, Course]) -> None:
    treated, crs = _who(study, people), _with_crs(people)
    lasted = {n: float((c.end or 28) - (c.onset or 0) + 1) for n, c in crs.items()}
    row = {"LEVEL": "summary", "UNIT": "days", "TIME": 28.0, "VARIABLE": "CRS_DAYS"}
    mean = sum(lasted.values()) / len(people) if people else None
    limits = {} if mean is None else {"LOW": mean - 0.5, "HIGH": mean + 0.5}
    ard.add(
        "crs_days", treated, _who(study, crs), STAT="mean", VALUE=mean, **row, **limits,
        REASON="a lower bound: 3 days of CRS without a grade are not counted here",
    )  # fmt: skip
    _five(ard, "crs_days", study, dict.fromkeys(people, 0.0) | lasted, "CRS_DAYS", TIME=28.0)
    again = {"VARIABLE": "RECURRENCE", "LEVEL": "summary"}
    ard.share("recurrence", treated, [], **again)
    ard.share("recurrence", _who(study, crs), [], **again, DENOM=WITH_CRS)
    for level, hits in (("0", [n for n in people if n not in crs]), ("1", list(crs))):
        ard.share("recurrence", treated, _who(study, hits), VARIABLE="N_EPISODES", LEVEL=level)
    episodes = [(*who[:2], 1) for who in _who(study, crs)]
    ard.add(
        "episodes_over_time", treated, episodes, VARIABLE="N_EPISODES", STAT="mean_episodes",
        UNIT="episodes", ESTIMAND="E5", LEVEL="landmark", TIME=28.0,
        VALUE=len(crs) / len(people) if people else None, LOW=0.1, HIGH=1.4,
    )  # fmt: skip


def _by_grade(ard: Ard, study: str, people: dict[int, Course]) -> None:
    crs = _with_crs(people)
    for group, grades in {"1": (1,), "2": (2,), "3-4": (3, 4), "5": (5,)}.items():
        part = {n: c for n, c in crs.items() if c.grade in grades}
        row = {"GROUPVAR": "MAXGRADE", "GROUP": group, "DENOM": WITH_CRS}
        if group != "5":
            for variable in ("TTREC", "TTRECMX"):
                for day in (7, 14):
                    hits = [n for n, c in part.items() if c.end and c.end - (c.onset or 0) < day]
                    where = {"VARIABLE": variable, "LEVEL": "landmark", "TIME": float(day)}
                    ard.share(
                        "recovery_by_grade", _who(study, part), _who(study, hits), **row, **where,
                        STAT="cumulative_incidence", ESTIMAND="E4",
                    )  # fmt: skip
        count = {"VARIABLE": "WITH_CRS", "STAT": "n", "UNIT": "subjects", "LEVEL": "summary"}
        ard.add(
            "recovery_by_grade",
            _who(study, crs),
            _who(study, part),
            VALUE=len(part),
            **row,
            **count,
        )


def _signs(ard: Ard, study: str, people: dict[int, Course]) -> None:
    crs = _with_crs(people)
    everyone = _who(study, crs)
    for sign, source, hits in (
        ("fever", "DERIVED", list(crs)),
        ("headache", "RECORDED", list(crs)[::2]),
    ):
        for episodes in ("first", "all"):
            row = {"VARIABLE": source, "GROUPVAR": "SIGN", "GROUP": sign, "EPISODES": episodes}
            ard.share("signs", everyone, _who(study, hits), **row, LEVEL="any", DENOM=WITH_CRS)


def _events(ard: Ard, study: str, people: dict[int, Course]) -> None:
    treated, hits = _who(study, people), list(_with_crs(people))[::3]
    for kind, had in (("ICANS", hits), ("HLH-like", [])):
        row = {"VARIABLE": "EVENT", "GROUPVAR": "EVENT", "GROUP": kind}
        for level in ("any", "related", ">=3"):
            ard.share("events", treated, _who(study, had), **row, LEVEL=level)
        if had:
            place = row | {"VARIABLE": "RELATION", "LEVEL": "with CRS"}
            ard.share("events", treated, _who(study, had), **place)
            days = dict.fromkeys(had, 4.0)
            _five(ard, "events", study, days, "D_FROM_FIRST", GROUPVAR="EVENT", GROUP=kind)


def _use(ard: Ard, study: str, people: dict[int, Course]) -> None:
    crs = _with_crs(people)
    given = [n for n, c in crs.items() if c.toci]
    row = {"GROUPVAR": "CLASS", "GROUP": "tocilizumab"}
    for level, base, denom in (
        ("treatment", crs, WITH_CRS),
        ("treatment", people, TREATED),
        ("prophylaxis", people, TREATED),
    ):
        hits = _who(study, given if level == "treatment" else [])
        where = {"VARIABLE": "GIVEN", "LEVEL": level, "DENOM": denom}
        ard.share("management", _who(study, base), hits, **row | where)
    for number in (1, 2):
        hits = [n for n in given if crs[n].toci == number]
        where = {"VARIABLE": "N_DOSES", "LEVEL": str(number)}
        ard.share("management", _who(study, given), _who(study, hits), **row | where)
    _five(ard, "management", study, dict.fromkeys(given, 6.0), "H_FROM_ONSET", **row)


def _risk(ard: Ard, study: str, people: dict[int, Course]) -> None:
    said = "treated subjects; Age: split at 62 (median), reference <62"
    halves = {"<62": list(people)[::2], ">=62": list(people)[1::2]}
    for cut in (1, 3):
        hit = {n for n, c in people.items() if c.onset and (c.grade or 1) >= cut}
        row = {"VARIABLE": "MAXGRADE", "GROUPVAR": "AGE", "LEVEL": f">={cut}", "POPULATION": said}
        for level, who in halves.items():
            hits = [n for n in who if n in hit]
            ard.share("risk_factors", _who(study, who), _who(study, hits), **row, GROUP=level)
        ard.add(
            "risk_factors", _who(study, people), _who(study, hit), **row, GROUP=">=62",
            STAT="risk_difference", VALUE=0.1, LOW=-0.1, HIGH=0.3,
        )  # fmt: skip


def _labs(ard: Ard, study: str, people: dict[int, Course]) -> None:
    groups = {None: list(people), "1": [n for n, c in people.items() if c.grade == 1]}
    said = "treated subjects with a value of C-reactive protein; by days"
    for group, who in groups.items():
        row: Row = {"VARIABLE": "CRP", "UNIT": "mg/L", "GROUP": group, "POPULATION": said}
        row |= {"GROUPVAR": "MAXGRADE" if group else None, "METHOD": "the highest counts"}
        moments: list[tuple[str, str | None, float | None]] = [("baseline", None, None)]
        moments += [("peak", "first_dose", 14.0)]
        moments += [("curve", clock, d) for clock in ("first_dose", "onset") for d in (0.0, 2.0)]
        for level, clock, day in moments:
            for stat, value in (("median", 20.0), ("q1", 10.0), ("q3", 70.0)):
                place = {"LEVEL": level, "CLOCK": clock, "TIME": day, "STAT": stat}
                known = value if len(who) >= 5 else None
                ard.add("lab_kinetics", _who(study, who), None, VALUE=known, **row | place)


def _doses(ard: Ard, study: str, people: dict[int, Course]) -> None:
    treated, crs = _who(study, people), _who(study, _with_crs(people))
    for groupvar, group in (("DOSELVL", "SUD1"), ("DOSESEQ", "1")):
        row = {"GROUPVAR": groupvar, "GROUP": group, "DENOM": "subjects given that dose"}
        for cut in (2, 3):
            worse = [n for n, c in _with_crs(people).items() if (c.grade or 0) >= cut]
            ard.share("by_dose", treated, _who(study, worse), VARIABLE=f"CRS_G{cut}", **row)
    count = {"STAT": "n", "UNIT": "subjects", "GROUPVAR": "DOSESEQ", "GROUP": "1"}
    for variable, level, who in (
        ("DOSED", None, treated),
        ("AFTER_DOSE", "next dose given", []),
        ("AFTER_DOSE", "no further dose in follow-up", treated),
    ):
        ard.add("by_dose", treated, who, VARIABLE=variable, LEVEL=level, VALUE=len(who), **count)
    for hours in (12.0, 24.0):
        row = {"VARIABLE": "ONSET", "LEVEL": "window", "TIME": hours, "DENOM": "events with times"}
        ard.share("onset_windows", crs, crs[::2] if hours < 20 else crs, **row)
    untimed = {"STAT": "n", "UNIT": "subjects", "LEVEL": "no_times", "VARIABLE": "ONSET"}
    ard.add("onset_windows", crs, [], VALUE=0.0, **untimed)


def block_of(courses: list[Course], **other: Any) -> tuple[Block, Drill]:
    """The block of a study of these courses, and a drill that opens every subject."""
    sets, people = Sets(), dict(enumerate(courses, 1))
    rows = [*results("S", "test", people, sets), *more_results("S", "test", people, sets, **other)]
    subjects = [
        {"STUDYID": "S", "USUBJID": usubjid("S", n), "SUBJIDX": n}
        for n in range(1, len(courses) + 1)
    ]
    drill = Drill(sets.frame(), frame("adsl", subjects), ["S"])
    return blocks(frame("results", rows))[0], drill
