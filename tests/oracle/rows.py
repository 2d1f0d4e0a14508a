"""A course as SDTM rows, coded as a study would deliver it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.course import DAY, Course
from tests.typed import Rows

DAY_ONE = datetime(2024, 1, 1)
# Other spellings of the same thing, taken in turn so that the codelists are exercised too.
SPELLINGS = {
    "NOREPINEPHRINE": ("NOREPINEPHRINE", "Noradrenaline", "LEVOPHED"),
    "EPINEPHRINE": ("EPINEPHRINE", "Adrenaline"),
    "VASOPRESSIN": ("VASOPRESSIN", "Argipressin"),
    "NASAL CANNULA": ("NASAL CANNULA", "nasal cannula"),
    "HFNC": ("HFNC", "HIGH FLOW NASAL CANNULA"),
    "MECHANICAL VENTILATION": ("MECHANICAL VENTILATION", "Endotracheal intubation"),
    "ug/min": ("ug/min", "mcg/min"),
    "ug/kg/min": ("ug/kg/min", "mcg/kg/min"),
}
SIGNS = {"FEVER": "Pyrexia", "HYPOTENSION": "Hypotension", "HYPOXIA": "Hypoxia"}
DOMAINS = ("dm", "ex", "ae", "vs", "cm", "pr", "ho", "dd", "ds", "fa")


class Writer:
    """Writes the times of one study, which may lie any number of days from the usual date."""

    def __init__(self, shift_days: int = 0) -> None:
        self.day_one = DAY_ONE + timedelta(days=shift_days)

    def time(self, at: int | None) -> str | None:
        if at is None:
            return None
        return (self.day_one + timedelta(minutes=at)).strftime("%Y-%m-%dT%H:%M")

    def date(self, at: int) -> str:
        return (self.day_one + timedelta(minutes=at)).strftime("%Y-%m-%d")

    def start(self, at: int, dated: bool) -> str | None:
        return self.date(at) if dated else self.time(at)

    def end(self, at: int | None, dated: bool) -> str | None:
        return self.date(at - 1) if dated and at is not None else self.time(at)


def rows_of(courses: Iterable[Course], shift_days: int = 0) -> dict[str, Rows]:
    """Rows of all courses by domain; --SEQ runs within the subject."""
    writer = Writer(shift_days)
    rows: dict[str, Rows] = {domain: [] for domain in DOMAINS}
    for course in courses:
        for domain, made in _rows(course, writer).items():
            keys = {"USUBJID": course.name}
            for i, row in enumerate(made, 1):
                seq = {} if domain == "dm" else {f"{domain.upper()}SEQ": i}
                rows[domain].append(keys | seq | row)
    return rows


def spelling(word: str, turn: int) -> str:
    """One of the ways to write a drug, device or unit."""
    ways = SPELLINGS.get(word, (word,))
    return ways[turn % len(ways)]


def _rows(c: Course, w: Writer) -> dict[str, Rows]:
    return {
        "dm": [_subject(c, w)],
        "ex": [{"EXTRT": "CART", "EXSTDTC": w.time(d), "EXENDTC": w.time(d)} for d in c.doses],
        "ae": [*_records(c, w), *_organs(c, w), *_signs(c, w)],
        "vs": _vitals(c, w),
        "cm": _medication(c, w),
        "pr": _oxygen(c, w),
        "ho": [
            {
                "HOTERM": "HOSPITAL",
                "HOINDC": "CYTOKINE RELEASE SYNDROME" if s.for_crs else "LYMPHODEPLETION",
                "HOSTDTC": w.time(s.start),
                "HOENDTC": w.time(s.end),
            }
            for s in c.stays
        ],
        "dd": _death(c, w),
        "ds": [
            {
                "DSDECOD": "ONGOING" if c.death_of_crs is None else "DEATH",
                "DSCAT": "DISPOSITION EVENT",
                "DSSTDTC": w.date((c.last_day - 1) * DAY),
            }
        ],
    }


def _subject(c: Course, w: Writer) -> dict[str, Any]:
    died = {} if c.death_of_crs is None else {"DTHFL": "Y", "DTHDTC": w.time(c.death_of_crs)}
    return {"AGE": c.age, "ARM": "A"} | died


def _records(c: Course, w: Writer) -> Rows:
    return [
        {
            "AEDECOD": "Cytokine release syndrome",
            "AEREL": "RELATED",
            "AEOUT": r.outcome,
            "AESHOSP": "Y" if r.hospital else "N",
            "AESDTH": "Y" if r.caused_death else "N",
            "AESTDTC": w.start(r.start, r.dated),
            "AEENDTC": w.end(r.end, r.dated),
        }
        for r in c.records
    ]


def _organs(c: Course, w: Writer) -> Rows:
    return [
        {
            "AEDECOD": o.term,
            "AETOXGR": o.grade,
            "AEREL": "RELATED" if o.related else "NOT RELATED",
            "AESTDTC": w.time(o.start),
            "AEENDTC": w.time(o.end),
        }
        for o in c.organs
    ]


def _signs(c: Course, w: Writer) -> Rows:
    return [
        {
            "AEDECOD": SIGNS[s.sign],
            "AEREL": "RELATED" if s.related else "NOT RELATED",
            "AESTDTC": w.start(s.start, s.dated),
            "AEENDTC": w.end(s.end, s.dated),
        }
        for s in c.signs
    ]


def _vitals(c: Course, w: Writer) -> Rows:
    weight = [] if c.weight is None else [("WEIGHT", c.weight, -2 * DAY)]
    return [
        {"VSTESTCD": test, "VSSTRESN": value, "VSDTC": w.time(at)}
        for test, value, at in [*weight, *((r.sign, r.value, r.at) for r in c.readings)]
    ]


def _medication(c: Course, w: Writer) -> Rows:
    rows: Rows = [
        {
            "CMTRT": spelling(p.drug, i),
            "CMDOSE": p.dose,
            "CMDOSU": p.unit and spelling(p.unit, i),
            "CMINDC": "HYPOTENSION",
            "CMDOSFRM": "BOLUS" if p.bolus else "INFUSION",
            "CMSTDTC": w.time(p.start),
            "CMENDTC": w.time(p.end),
        }
        for i, p in enumerate(c.pressors)
    ]
    single: list[tuple[str, str | None, int, int]] = [
        *(
            ("SODIUM CHLORIDE 0.9%", "HYPOTENSION" if f.for_hypotension else "HYDRATION",
             f.start, f.end)
            for f in c.fluids
        ),
        *((t.drug, t.indication, t.at, t.at) for t in c.treatments),
        *((b.product, "COAGULOPATHY", b.at, b.at) for b in c.products),
    ]  # fmt: skip
    for drug, indication, start, end in single:
        times: dict[str, Any] = {"CMSTDTC": w.time(start), "CMENDTC": w.time(end)}
        rows.append({"CMTRT": drug, "CMINDC": indication, **times})
    return rows


def _oxygen(c: Course, w: Writer) -> Rows:
    return [
        {
            "PRTRT": spelling(o.device, i),
            "PRDOSE": o.flow,
            "PRDOSU": None if o.flow is None else "L/min",
            "PRFIO2": o.fio2,
            "PRINDC": o.reason,
            "PRSTDTC": w.time(o.start),
            "PRENDTC": w.time(o.end),
        }
        for i, o in enumerate(c.oxygen)
    ]


def _death(c: Course, w: Writer) -> Rows:
    if c.death_of_crs is None:
        return []
    return [
        {
            "DDTESTCD": "PRCDTH",
            "DDORRES": "CYTOKINE RELEASE SYNDROME",
            "DDDTC": w.time(c.death_of_crs),
        }
    ]
