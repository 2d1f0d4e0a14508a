"""What stood at the bedside, moment by moment: spans of signs and support that count as CRS.

Source: grading companion sections 0, 2.1, 4 and DESIGN sections 3 and 4, read without the engine.
A span is [start, end) in minutes; a span whose start is its end is a single moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tests.oracle.course import DAY, HOUR, Course, Oxygen, Pressor, Reading

FEVER_C = 38.0
HOLD = 12 * HOUR
OPEN = 24 * HOUR
VASOPRESSIN = "VASOPRESSIN"
NOT_PRESSORS = {"DOBUTAMINE", "MILRINONE", "MIDODRINE"}
# Lee 2014, table of high doses: cut when alone, weight in the norepinephrine equivalent.
ALONE = {"NOREPINEPHRINE": 20, "DOPAMINE": 10, "PHENYLEPHRINE": 200, "EPINEPHRINE": 10}
EQUIVALENT = {"NOREPINEPHRINE": 1, "DOPAMINE": 0.5, "PHENYLEPHRINE": 0.1, "EPINEPHRINE": 1}
NOT_FOR_HYPOXIA = ("AIRWAY PROTECTION", "PROCEDURE", "SLEEP APNOEA")
TINY = 1e-6  # readings are compared unrounded with this tolerance (4.25)


@dataclass(frozen=True)
class Span:
    """From start to end something stood; `what` is its level, drug or dose."""

    start: int
    end: int
    what: object = None

    def at(self, moment: int) -> bool:
        return self.start <= moment < self.end or self.start == self.end == moment

    def touches(self, start: int, end: int) -> bool:
        return self.start <= end and self.end >= start


def explained(course: Course, sign: str, start: int, end: int) -> bool:
    """Another cause: an event of that sign coded not related covers the finding whole."""
    return any(
        event.sign == sign and not event.related and event.start <= start and end <= event.end
        for event in course.signs
    )


def systolic_limit(age: float) -> float | None:
    """Systolic limit by age; below 1 year the sources give none."""
    if age < 1:
        return None
    return 90 if age > 10 else 70 + 2 * age


def held(readings: list[Reading], bad: list[Reading]) -> list[Span]:
    """A bad reading stands until the first later good one, at most 12 hours."""
    good = [r.at for r in readings if r not in bad]
    return [Span(r.at, min([r.at + HOLD, *(at for at in good if at > r.at)]), r.value) for r in bad]


def fever(course: Course) -> list[Span]:
    """Spans of fever >= 38.0 C that is not explained otherwise."""
    readings = [r for r in course.readings if r.sign == "TEMP"]
    spans = held(readings, [r for r in readings if r.value >= FEVER_C - TINY])
    return [s for s in spans if not explained(course, "FEVER", s.start, s.start)]


def low_pressure(course: Course) -> list[Span]:
    """Spans of systolic pressure below the limit of the patient's age."""
    limit = systolic_limit(course.age)
    if limit is None:
        return []
    readings = [r for r in course.readings if r.sign == "SYSBP"]
    spans = held(readings, [r for r in readings if r.value < limit - TINY])
    return [s for s in spans if not explained(course, "HYPOTENSION", s.start, s.start)]


def fluids(course: Course) -> list[Span]:
    """Fluids given for hypotension."""
    return [
        Span(f.start, f.end)
        for f in course.fluids
        if f.for_hypotension and not explained(course, "HYPOTENSION", f.start, f.end)
    ]


def pressors(course: Course) -> list[Span]:
    """Running infusions, each (drug, dose in the unit of Lee's table or None)."""
    spans: list[Span] = []
    for row in course.pressors:
        if row.bolus or row.dose == 0 or row.drug in NOT_PRESSORS:
            continue
        end = row.end
        if end is None:
            # A bolus on top says nothing of when the infusion stopped.
            same = [p for p in course.pressors if p.drug == row.drug and not p.bolus]
            later = [p.start for p in same if p.start > row.start]
            end = min([row.start + OPEN, *later])
        if not explained(course, "HYPOTENSION", row.start, end):
            spans.append(Span(row.start, end, (row.drug, table_dose(row, course.weight))))
    return spans


def table_dose(row: Pressor, weight: float | None) -> float | None:
    """Dose in ug/min, for dopamine in ug/kg/min; None where it cannot be told."""
    if row.dose is None or row.unit is None:
        return None
    per_kg = "/kg" in row.unit
    dose = row.dose * 1000 / 60 if row.unit == "mg/h" else row.dose
    if row.unit == "U/min" or per_kg == (row.drug == "DOPAMINE"):
        return dose
    if weight is None:
        return None
    return dose * weight if per_kg else dose / weight


def is_high(running: list[tuple[str, float | None]]) -> bool:
    """High dose by Lee's table. One drug that is high alone stays high in company."""
    others = {drug for drug, _ in running if drug != VASOPRESSIN}
    if any(d is not None and drug in ALONE and d >= ALONE[drug] - TINY for drug, d in running):
        return True
    largest = {drug: max(d or 0 for name, d in running if name == drug) for drug in others}
    equivalent = sum(EQUIVALENT.get(drug, 0) * dose for drug, dose in largest.items())
    if any(drug == VASOPRESSIN for drug, _ in running):
        return bool(others) and equivalent >= 10 - TINY
    return len(others) >= 2 and equivalent >= 20 - TINY


def high_dose(running: list[Span]) -> list[Span]:
    """Uninterrupted runs of high dose."""
    moments = sorted({m for s in running for m in (s.start, s.end)})
    high = [
        Span(start, end)
        for start, end in pairwise(moments)
        if is_high([s.what for s in running if s.at(start)])  # type: ignore[misc]
    ]
    return joined(high)


def joined(spans: list[Span]) -> list[Span]:
    """Spans that touch or overlap become one run."""
    runs: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if runs and span.start <= runs[-1].end:
            runs[-1] = Span(runs[-1].start, max(runs[-1].end, span.end))
        else:
            runs.append(Span(span.start, span.end))
    return runs


# ---- oxygen


def oxygen_level(row: Oxygen) -> int:
    """0 none, 1 low flow, 2 high flow or mask, 3 CPAP or BiPAP, 4 invasive ventilation."""
    if row.device in ("NASAL CANNULA", "HFNC"):
        if row.flow is None:
            return 1 if row.device == "NASAL CANNULA" else 2
        return 1 if row.flow <= 6 else 2
    return {
        "ROOM AIR": 0, "OXYGEN": 1, "BLOW-BY": 1, "FACE MASK": 2, "VENTURI MASK": 2,
        "NON-REBREATHER": 2, "CPAP": 3, "BIPAP": 3, "MECHANICAL VENTILATION": 4,
    }[row.device]  # fmt: skip


def oxygen_fraction(row: Oxygen) -> float:
    """Recorded fraction, else the estimate of 4.9 and 4.11 (which side of 0.40 is what matters)."""
    if row.fio2 is not None:
        return row.fio2
    if row.device == "NASAL CANNULA" and row.flow is not None:
        return 0.20 + 0.04 * row.flow
    low = ("NASAL CANNULA", "BLOW-BY", "OXYGEN")
    return 0.28 if row.device in low else 0.40


def oxygen(course: Course) -> list[Span]:
    """Support that counts, each (level, fraction)."""
    baseline = baseline_oxygen(course)
    spans: list[Span] = []
    for row in course.oxygen:
        if oxygen_level(row) == 0 or row.reason in (
            "AIRWAY PROTECTION",
            "PROCEDURE",
            "SLEEP APNOEA",
        ):
            continue
        end = oxygen_end(course, row)
        if explained(course, "HYPOXIA", row.start, end):
            continue
        if baseline is None or (row is not baseline and raised(row, baseline)):
            spans.append(Span(row.start, end, (oxygen_level(row), oxygen_fraction(row))))
    return spans


def oxygen_end(course: Course, row: Oxygen) -> int:
    """A row without an end holds to the next respiratory row or 24 hours."""
    if row.end is not None:
        return row.end
    later = [o.start for o in course.oxygen if o.start > row.start]
    return min([row.start + OPEN, *later])


def baseline_oxygen(course: Course) -> Oxygen | None:
    """Last record begun before the first dose and not ended 7 days before it."""
    first = min(course.doses)
    before = [o for o in course.oxygen if o.start < first]
    if not before:
        return None
    last = max(before, key=lambda o: o.start)
    return last if oxygen_end(course, last) >= first - 7 * DAY else None


def raised(row: Oxygen, baseline: Oxygen) -> bool:
    """More than at baseline: level, flow or fraction."""
    if oxygen_level(baseline) == 0 or oxygen_level(row) > oxygen_level(baseline):
        return True
    more_flow = row.flow is not None and baseline.flow is not None and row.flow > baseline.flow
    return more_flow or oxygen_fraction(row) > oxygen_fraction(baseline) + TINY
