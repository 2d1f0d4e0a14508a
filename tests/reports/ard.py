"""Result rows counted from typed courses. Curves are x/n, as the estimators give them where nobody
is censored, and limits are 10 points either side: pages only print them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from tests.reports.courses import Course, Sets, usubjid

TICKS = (1, 3, 5, 7, 10, 14, 21, 28)
NAN = "NA"
WITH_CRS = "subjects with CRS"
Row = dict[str, Any]


class Ard:
    """Result rows of one (study, cohort, system, basis), counted from courses."""

    def __init__(self, sets: Sets, **shared: Any) -> None:
        self.sets, self.shared = sets, shared
        self.rows: list[dict[str, Any]] = []

    def add(self, result: str, n: list[Any], events: list[Any] | None, **row: Any) -> None:
        full = {
            "RESULT": result, "N": len(n), "EVENTS": None if events is None else len(events),
            "SET_N": self.sets.add(n), "SET_EVENTS": self.sets.add(events or []),
            "POPULATION": "treated subjects", "METHOD": "counted in a test", "STATUS": "ok",
            "PLANVER": "test", "DENOM": "treated subjects", "UNIT": "fraction",
            **self.shared, **row,
        }  # fmt: skip
        if full["STATUS"] == "ok" and full.get("VALUE") is None:
            full |= {
                "STATUS": "not_estimable",
                "REASON": full.get("REASON") or "not estimable, because there is nobody",
            }
        key = repr(sorted(full.items(), key=str)).encode()
        full["RESULTID"] = hashlib.sha256(key).hexdigest()[:16]
        self.rows.append(full)

    def share(self, result: str, n: list[Any], events: list[Any], **row: Any) -> None:
        p = len(events) / len(n) if n else None
        limits = (
            {} if p is None else {"LOW": max(p - 0.1, 0.0), "HIGH": min(p + 0.1, 1.0), "CONF": 0.95}
        )
        self.add(result, n, events, **{"STAT": "proportion", "VALUE": p} | limits | row)


def _who(study: str, members: Iterable[int]) -> list[tuple[str, str, int]]:
    return [(study, usubjid(study, n), 0) for n in members]


def _level(course: Course) -> str:
    if course.onset is None:
        return "0"
    return NAN if course.grade is None else str(course.grade)


def _grades(ard: Ard, study: str, people: dict[int, Course], **group: Any) -> None:
    treated = _who(study, people)
    levels = {n: _level(c) for n, c in people.items()}
    row = {
        "VARIABLE": "MAXGRADE",
        "EPISODES": "worst",
        "ESTIMAND": "E3",
        "CLOCK": "first_dose",
        **group,
    }
    for level in ("0", "1", "2", "3", "4", "5", NAN):
        ard.share(
            "grade_distribution",
            treated,
            _who(study, [n for n, x in levels.items() if x == level]),
            LEVEL=level,
            **row,
        )
    for cut in (1, 2, 3, 4):
        hits = [
            n for n, x in levels.items() if (x != NAN and int(x) >= cut) or (x == NAN and cut == 1)
        ]
        ard.share("grade_distribution", treated, _who(study, hits), LEVEL=f">={cut}", **row)


def _curve(
    ard: Ard,
    result: str,
    study: str,
    times: dict[int, tuple[int, bool]],
    landmarks: tuple[int, ...],
    **row: Any,
) -> None:
    everyone = _who(study, times)
    days = sorted({t for t, event in times.values() if event and t <= 28})
    if len(times) < 10 or not days:
        why = (
            "there is no event"
            if times and not days
            else f"a curve needs 10 subjects and there are {len(times)}"
        )
        ard.add(result, everyone, [], LEVEL="curve", REASON=f"not estimable, because {why}", **row)
    else:
        last = min(max(t for t, _ in times.values()), 28)
        for day in sorted({*days, last}):
            hits = [n for n, (t, e) in times.items() if e and t <= day]
            p = len(hits) / len(times)
            ard.add(
                result,
                everyone,
                _who(study, hits),
                LEVEL="curve",
                TIME=float(day),
                VALUE=p,
                LOW=max(p - 0.1, 0.0),
                HIGH=min(p + 0.1, 1.0),
                **row,
            )
    for day in landmarks:
        hits = [n for n, (t, e) in times.items() if e and t <= day]
        p = len(hits) / len(times) if times else None
        limits = {} if p is None else {"LOW": max(p - 0.1, 0.0), "HIGH": min(p + 0.1, 1.0)}
        ard.add(
            result,
            everyone,
            _who(study, hits),
            LEVEL="landmark",
            TIME=float(day),
            VALUE=p,
            **limits,
            **row,
        )
    for tick in TICKS:
        for stat, chosen in {
            "n_at_risk": [n for n, (t, _) in times.items() if t >= tick],
            "n_events": [n for n, (t, e) in times.items() if t < tick and e],
            "n_competing": [],
            "n_censored": [n for n, (t, e) in times.items() if t < tick and not e],
        }.items():
            ard.add(
                result,
                everyone,
                _who(study, chosen),
                **row
                | {
                    "LEVEL": "risk_table",
                    "TIME": float(tick),
                    "STAT": stat,
                    "UNIT": "subjects",
                    "VALUE": float(len(chosen)),
                },
            )


def _five(
    ard: Ard, result: str, study: str, values: dict[int, float], variable: str, **row: Any
) -> None:
    found = sorted(values.values())
    picks = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}
    for stat, at in picks.items():
        value = found[int(at * (len(found) - 1))] if found else None
        ard.add(
            result,
            _who(study, values),
            _who(study, values),
            VARIABLE=variable,
            LEVEL="summary",
            STAT=stat,
            UNIT="days",
            VALUE=value,
            DENOM="subjects with CRS",
            EPISODES="first",
            **row,
        )


def results(
    study: str,
    kind: str,
    courses: dict[int, Course],
    sets: Sets,
    *,
    basis: str = "collected",
    primary: bool = True,
    products: bool = False,
) -> list[dict[str, Any]]:
    """Rows of every cohort among the courses, under ASTCT 2019 and one basis."""
    out: list[dict[str, Any]] = []
    for cohort in sorted({c.cohort for c in courses.values()}):
        people = {n: c for n, c in courses.items() if c.cohort == cohort}
        ard = Ard(
            sets,
            STUDYID=study,
            DATA_KIND=kind,
            COHORT=cohort,
            SYSTEM="ASTCT2019",
            BASIS=basis,
            PRIMARY="Y" if primary else None,
        )
        _subjects(ard, study, people)
        _grades(ard, study, people)
        for product in sorted({c.product for c in people.values()}) if products else ():
            part = {n: c for n, c in people.items() if c.product == product}
            _grades(ard, study, part, GROUPVAR="PRODUCT", GROUP=product)
        _times(ard, study, people)
        _management(ard, study, people)
        out += ard.rows
    return out


def reconciliation(study: str, kind: str, courses: dict[int, Course], sets: Sets) -> list[Row]:
    """Recorded against derived grades; derived is the recorded one, but never above 3."""
    crs = _with_crs(courses)
    if not crs:
        return []
    ard = Ard(sets, STUDYID=study, DATA_KIND=kind, SYSTEM="ASTCT2019", BASIS="collected")
    ard.shared |= {"COHORT": "car_t", "EPISODES": "all"}
    all_of_them = [(study, usubjid(study, n), 1) for n in crs]
    cells: dict[tuple[str, str], list[Any]] = {}
    for n, c in crs.items():
        pair = ("NA", "NA") if c.grade is None else (str(c.grade), str(min(c.grade, 3)))
        cells.setdefault(pair, []).append((study, usubjid(study, n), 1))
    row = {"VARIABLE": "CROSSTAB", "GROUPVAR": "GRADE_COLLECTED", "STAT": "n", "UNIT": "episodes"}
    for (group, level), who in cells.items():
        ard.add("reconciliation", all_of_them, who, GROUP=group, LEVEL=level, VALUE=len(who), **row)
    same = [w for (g, x), who in cells.items() if g == x for w in who]
    ard.share("reconciliation", all_of_them, same, VARIABLE="AGREEMENT", UNIT="fraction")
    return ard.rows


def _with_crs(people: dict[int, Course]) -> dict[int, Course]:
    return {n: c for n, c in people.items() if c.onset is not None}


def _subjects(ard: Ard, study: str, people: dict[int, Course]) -> None:
    crs, treated = _with_crs(people), _who(study, people)
    counts = {
        "treated": list(people),
        "with_crs": list(crs),
        "deaths": [n for n, c in people.items() if c.grade == 5],
        "not_ended": [n for n, c in crs.items() if c.end is None],
        "subjects_with_recurrence": [],
    }
    row = {"LEVEL": "summary", "STAT": "n", "UNIT": "subjects"}
    for variable, hits in counts.items():
        who = _who(study, hits)
        ard.add("subjects", treated, who, VARIABLE=variable, VALUE=float(len(hits)), **row)
    row = {"LEVEL": "summary", "STAT": "median", "UNIT": "days", "VALUE": 28.0}
    ard.add("subjects", treated, treated, VARIABLE="followed", **row)


def _times(ard: Ard, study: str, people: dict[int, Course]) -> None:
    crs = _with_crs(people)
    onset = {n: (c.onset, True) if c.onset else (c.followed, False) for n, c in people.items()}
    row = {"STAT": "cumulative_incidence", "CLOCK": "first_dose", "EPISODES": "first"}
    row |= {"VARIABLE": "TTCRS", "ESTIMAND": "E1"}
    _curve(ard, "onset_cif", study, onset, (7, 14, 28), **row)
    end = {n: (c.end or c.followed, c.end is not None) for n, c in crs.items()}
    end = {n: (t - (crs[n].onset or 0) + 1, e) for n, (t, e) in end.items()}
    row = {"VARIABLE": "TTREC", "CLOCK": "onset", "EPISODES": "first", "DENOM": WITH_CRS}
    for result, estimand, stat in (
        ("recovery_km", "E4-censored", "recovered_probability"),
        ("recovery_cif", "E4", "cumulative_incidence"),
    ):
        _curve(ard, result, study, end, (7, 14), STAT=stat, ESTIMAND=estimand, **row)
    days = {n: (c.onset or 0) - 1.0 for n, c in crs.items()}
    _five(ard, "onset_time", study, days, "ONSET_D_FIRST", CLOCK="first_dose")
    lasted = {n: c.end - (c.onset or 0) + 1.0 for n, c in crs.items() if c.end}
    _five(ard, "duration", study, lasted, "DURATION_D", CLOCK="onset")


def _management(ard: Ard, study: str, people: dict[int, Course]) -> None:
    crs = _with_crs(people)
    given = _who(study, [n for n, c in crs.items() if c.toci])
    row = {"VARIABLE": "CLASS", "LEVEL": "tocilizumab", "EPISODES": "all", "CLOCK": "onset"}
    for denom, base in ((WITH_CRS, crs), ("treated subjects", people)):
        ard.share("interventions", _who(study, base), given, DENOM=denom, **row)
    if ard.shared["COHORT"] == "bispecific":
        treated = _who(study, people)
        row = {"GROUPVAR": "DOSELVL", "GROUP": "SUD1", "CLOCK": "last_dose", "ESTIMAND": "E6"}
        row |= {"LEVEL": "summary", "DENOM": "subjects given that dose"}
        count = {"STAT": "n", "UNIT": "subjects", "VALUE": float(len(people))}
        ard.add("by_dose", treated, treated, VARIABLE="DOSED", **row, **count)
        ard.share("by_dose", treated, _who(study, crs), VARIABLE="CRS", **row)
