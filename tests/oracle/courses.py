"""Seeded random courses, dense at the limits of the rules.

A course has few kinds of findings (else every grade is 4) on a grid of 15 minutes or one hour,
with values that sit on and beside each limit.

Left out, because the rules do not settle them: two rows of one drug at the same time (sum or
larger dose); a treatment that began before the first fever and goes on; FiO2 of HFNC at 6 L/min
or less and of "oxygen" with a flow; a baseline without flow, or charted as room air after oxygen;
records that end together with different outcomes; records by date that overlap by more than the
seam; records by date mixed with timed ones; an episode without any temperature in a subject who
has some; a death form that puts a death outside every episode down to CRS.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tests.oracle.course import (
    DAY,
    HOUR,
    BloodProduct,
    Course,
    Fluid,
    OrganEvent,
    Oxygen,
    Pressor,
    Reading,
    Record,
    SignEvent,
    Stay,
    Treatment,
)
from tests.oracle.dice import Dice
from tests.oracle.limits import (
    AGES,
    DEVICES,
    DOSES,
    DRUGS,
    FIRST_DOSE,
    GAPS_H,
    NOT_RESOLVED,
    ORGAN_TERMS,
    OUTCOMES,
    REASONS,
    TEMPERATURES,
    TREATMENTS,
    WEAK_DEVICES,
    WEIGHTS,
)


def random_courses(seed: int, n: int, prefix: str = "C") -> list[Course]:
    """N courses; the same seed gives the same courses."""
    rng = np.random.default_rng(seed)
    return [random_course(rng, f"{prefix}{i:06d}") for i in range(n)]


def random_course(rng: np.random.Generator, name: str) -> Course:
    """One course around one to four CRS records."""
    d = Dice(rng)
    records, doses = _records_and_doses(d)
    spans = [(r.start, r.end if r.end is not None else r.start + 3 * DAY) for r in records]
    pick = {k: d.chance(p) for k, p in _KINDS.items()}
    made: dict[str, Any] = {"age": d.one(AGES), "weight": d.one(WEIGHTS)}
    made["readings"] = (*_temperatures(d, spans), *_pressures(d, spans, pick["pressure"]))
    for kind, make in _MAKERS.items():
        made[kind] = tuple(make(d, *d.one(tuple(spans)))) if pick[kind] else ()
    if pick["oxygen"] and d.chance(0.3):
        made["oxygen"] = (*_baseline(d, min(doses)), *made["oxygen"])
    if pick["signs"]:
        made["signs"] = tuple(_signs(d, spans, made))
    made |= _death(d, records)
    return Course(name=name, doses=doses, **made)


def _records_and_doses(d: Dice) -> tuple[tuple[Record, ...], tuple[int, ...]]:
    dated = d.chance(0.15)
    first = FIRST_DOSE
    at = first + d.hours((1, 6, 20, 24, 46, 46, 72, 200)) if d.chance(0.95) else 2 * HOUR
    records: list[Record] = []
    doses = [first]
    for _ in range(d.one((1, 1, 1, 2, 2, 3, 4))):
        start, length = at, d.hours((1, 6, 24, 48, 48, 72, 120))
        if dated:
            start, length = start - start % DAY, max(DAY, length - length % DAY)
        end = start + length
        # Of two records that end together one outcome must hold: the rules do not say whose.
        outcome = next((r.outcome for r in records if r.end == end), d.one(OUTCOMES))
        records.append(Record(start, end, outcome, dated, hospital=d.chance(0.15)))
        gap = int(d.one(GAPS_H) * HOUR)
        # Which of two records of the same time is the last member the rules do not say.
        step = DAY if dated else d.grid
        at = max(end + gap - gap % step, start + step)
        if d.chance(0.3):
            doses.append(d.moment(start, max(at, end)))
    if d.chance(0.12):
        last = records.pop()
        records.append(Record(last.start, None, d.one((NOT_RESOLVED, None)), dated))
    if d.chance(0.1):
        doses.append(first + d.one((3, 5, 6, 7)) * HOUR)
    return tuple(records), tuple(doses)


def _death(d: Dice, records: tuple[Record, ...]) -> dict[str, Any]:
    """Now and then a death of the last CRS, said by the record or by the death form.

    The death form counts where the death falls into a CRS: here in one that had no end.
    """
    last = records[-1]
    if not d.chance(0.06):
        return {"records": records}
    if last.end is None:
        at = last.start + d.hours((6, 48, 72))
        return {"records": records, "death_of_crs": at, "last_day": at // DAY + 1}
    end = max(r.end for r in records if r.end is not None)
    fatal = replace(last, end=end, outcome="FATAL", caused_death=d.chance(0.5))
    return {"records": (*records[:-1], fatal)}


def _temperatures(d: Dice, spans: list[tuple[int, int]]) -> list[Reading]:
    if d.chance(0.05):
        return []
    readings = [Reading("TEMP", d.one(TEMPERATURES), start) for start, _ in spans]
    afebrile = d.chance(0.15)
    for start, end in spans:
        for _ in range(d.count(6)):
            value = d.one(TEMPERATURES[:4] if afebrile else TEMPERATURES)
            readings.append(Reading("TEMP", value, d.moment(start - DAY // 2, end + DAY // 2)))
    return readings


def _pressures(d: Dice, spans: list[tuple[int, int]], wanted: bool) -> list[Reading]:
    values = (69, 72, 79, 80, 88, 89, 89.9, 90, 91, 110) if wanted else (100, 110, 120)
    return [
        Reading("SYSBP", d.one(values), d.moment(start - DAY // 2, end + DAY // 2))
        for start, end in spans
        for _ in range(d.count(4))
    ]


def _pressors(d: Dice, start: int, end: int) -> list[Pressor]:
    rows: list[Pressor] = []
    for drug in dict.fromkeys(d.one(DRUGS) for _ in range(d.one((1, 1, 2, 2, 3)))):
        at = d.moment(start - DAY // 4, max(end, start))
        open_ended = d.chance(0.25)
        # Rows of one drug follow one another: what two lines of the same drug at once mean for
        # its dose (sum or larger) the rules do not say.
        for _ in range(d.one((1, 1, 2, 3))):
            dose, unit = d.one(DOSES[drug])
            stop = at + d.hours()
            rows.append(Pressor(drug, dose, unit, at, None if open_ended else stop))
            at = stop if d.chance(0.7) else stop + d.hours((0.25, 1, 6))
        if open_ended and d.chance(0.7):
            rows.append(Pressor(drug, 0, rows[-1].unit or "ug/min", at, None))
    if d.chance(0.1):
        at = d.moment(start, end)
        rows.append(Pressor("PHENYLEPHRINE", 100, "ug", at, at, bolus=True))
    return rows


def _oxygen(d: Dice, start: int, end: int) -> list[Oxygen]:
    devices = WEAK_DEVICES if d.chance(0.4) else DEVICES
    rows: list[Oxygen] = []
    # Only `_baseline` begins before the first dose: whether support is raised above a baseline
    # without flow, or one charted as room air after oxygen, the rules do not say.
    at = max(d.moment(start - DAY // 4, end), FIRST_DOSE)
    for _ in range(d.count(3)):
        device, flow, fio2 = d.one(devices)
        stop = at + d.hours()
        ends = None if d.chance(0.25) else stop
        rows.append(Oxygen(device, at, ends, flow, fio2, d.one(REASONS)))
        at = d.one((stop, stop, stop + HOUR, at + d.grid))
    return rows


def _baseline(d: Dice, first: int) -> list[Oxygen]:
    start = first - d.one((1, 2, 6, 7, 8)) * DAY
    end = d.one((start + DAY, first + DAY, first + 10 * DAY))
    if d.chance(0.25):
        return [Oxygen("BIPAP", start, end, None, 0.21, "SLEEP APNOEA")]
    return [Oxygen("NASAL CANNULA", start, end, d.one((1, 2, 4)), None, "COPD")]


def _fluids(d: Dice, start: int, end: int) -> list[Fluid]:
    at = [d.moment(start, end) for _ in range(d.count(2))]
    return [Fluid(a, a + HOUR, d.chance(0.8)) for a in at]


def _treatments(d: Dice, start: int, end: int) -> list[Treatment]:
    return [
        Treatment(*d.one(TREATMENTS), d.moment(start - DAY // 2, end)) for _ in range(d.count(3))
    ]


def _products(d: Dice, start: int, end: int) -> list[BloodProduct]:
    names = ("FRESH FROZEN PLASMA", "CRYOPRECIPITATE", "FIBRINOGEN CONCENTRATE")
    return [BloodProduct(d.one(names), d.moment(start - DAY // 4, end + DAY // 4))]


def _stays(d: Dice, start: int, end: int) -> list[Stay]:
    at = d.moment(start - DAY, end)
    return [Stay(at, at + d.hours((24, 48)), d.chance(0.6))]


def _organs(d: Dice, start: int, end: int) -> list[OrganEvent]:
    rows: list[OrganEvent] = []
    for _ in range(d.count(2)):
        at = d.moment(start - 3 * DAY, end + 2 * DAY)
        stop = None if d.chance(0.15) else at + d.hours((6, 24, 48))
        rows.append(OrganEvent(d.one(ORGAN_TERMS), d.count(4), at, stop, d.chance(0.85)))
    return rows


def _signs(d: Dice, spans: list[tuple[int, int]], made: dict[str, Any]) -> list[SignEvent]:
    """Events of signs, half of them cut to the very start and end of a finding."""
    rows: list[SignEvent] = []
    for _ in range(d.count(2)):
        sign = d.one(("FEVER", "HYPOTENSION", "HYPOXIA"))
        start, end = d.one(tuple(spans))
        findings = [f for f in (*made["pressors"], *made["oxygen"]) if f.end is not None]
        if findings and d.chance(0.5):
            finding = d.one(tuple(findings))
            start, end = finding.start, finding.end - d.one((0, 0, d.grid))
        dated = d.chance(0.2)
        if dated:
            start, end = start - start % DAY, end - end % DAY + DAY
        rows.append(SignEvent(sign, start, max(end, start), d.chance(0.2), dated))
    return rows


_KINDS = {
    "pressure": 0.35, "pressors": 0.45, "oxygen": 0.45, "fluids": 0.2, "treatments": 0.4,
    "products": 0.08, "stays": 0.3, "organs": 0.35, "signs": 0.3,
}  # fmt: skip
_MAKERS = {
    "pressors": _pressors, "oxygen": _oxygen, "fluids": _fluids, "treatments": _treatments,
    "products": _products, "stays": _stays, "organs": _organs, "signs": lambda *_: (),
}  # fmt: skip
