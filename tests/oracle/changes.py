"""Changes to a course, for the properties: each returns the changed course or None.

None: this course does not lend itself to the change.
"""

from __future__ import annotations

from dataclasses import replace

from tests.oracle import bedside
from tests.oracle.bedside import VASOPRESSIN
from tests.oracle.course import DAY, HOUR, Course, OrganEvent, Pressor, Reading, SignEvent
from tests.oracle.dice import Dice
from tests.oracle.limits import DOSES, FIRST_DOSE, ORGAN_TERMS


def add_pressor(d: Dice, c: Course) -> Course | None:
    """One more drug (a further row of the same drug would end an open row of it)."""
    new = tuple(drug for drug in DOSES if drug not in {p.drug for p in c.pressors})
    if not new:
        return None
    drug = d.one(new)
    record = d.one(c.records)
    at = d.moment(record.start - DAY // 4, record.end or record.start + DAY)
    row = Pressor(drug, *d.one(DOSES[drug]), at, at + d.hours())
    return replace(c, pressors=(*c.pressors, row))


def strengthen_support(d: Dice, c: Course) -> Course | None:
    """A stronger device in place of one; not for the baseline, which would excuse more."""
    later = [i for i, o in enumerate(c.oxygen) if o.start >= FIRST_DOSE]
    if not later:
        return None
    i = d.one(tuple(later))
    row = c.oxygen[i]
    ladder = (
        replace(row, device="NON-REBREATHER", flow=15, fio2=0.8),
        replace(row, device="BIPAP", flow=60, fio2=0.9),
        replace(row, device="MECHANICAL VENTILATION", flow=60, fio2=1.0),
    )
    above = [o for o in ladder if bedside.oxygen_level(o) > bedside.oxygen_level(row)]
    if not above:
        return None
    return replace(c, oxygen=(*c.oxygen[:i], d.one(tuple(above)), *c.oxygen[i + 1 :]))


def add_vasopressin(d: Dice, c: Course) -> Course | None:
    """Vasopressin for just as long as another vasopressor that runs."""
    others = [
        p
        for p in c.pressors
        if p.drug != VASOPRESSIN and p.drug not in bedside.NOT_PRESSORS
        if p.end is not None and p.dose != 0 and not p.bolus
    ]
    if not others or any(p.drug == VASOPRESSIN and p.end is None for p in c.pressors):
        return None
    other = d.one(tuple(others))
    return replace(
        c, pressors=(*c.pressors, Pressor(VASOPRESSIN, 0.04, "U/min", other.start, other.end))
    )


def split_infusion(d: Dice, c: Course) -> Course | None:
    """One row becomes two. An event of another cause could cover one half only: none here."""
    if any(s.sign == "HYPOTENSION" for s in c.signs):
        return None
    whole = [i for i, p in enumerate(c.pressors) if p.end is not None and p.end > p.start]
    if not whole:
        return None
    i = d.one(tuple(whole))
    row = c.pressors[i]
    middle = (row.start + (row.end or 0)) // 2
    halves = (replace(row, end=middle), replace(row, start=middle))
    return replace(c, pressors=(*c.pressors[:i], *halves, *c.pressors[i + 1 :]))


def change_units(d: Dice, c: Course) -> Course | None:
    """The same doses in other units."""
    if c.weight is None or not any(p.dose and p.unit != "U/min" for p in c.pressors):
        return None
    return replace(c, pressors=tuple(_other_unit(d, p, c.weight) for p in c.pressors))


def _other_unit(d: Dice, p: Pressor, weight: float) -> Pressor:
    if p.dose is None or p.bolus or p.unit not in ("ug/min", "ug/kg/min", "mg/h"):
        return p
    per_minute = {"ug/min": 1.0, "ug/kg/min": weight, "mg/h": 1000 / 60}
    unit = d.one(tuple(per_minute))
    return replace(p, dose=p.dose * per_minute[p.unit] / per_minute[unit], unit=unit)


def die_of_crs(d: Dice, c: Course) -> Course | None:
    """Every record says that CRS was fatal."""
    by_outcome = d.chance(0.5)
    records = tuple(
        replace(r, outcome="FATAL") if by_outcome else replace(r, caused_death=True)
        for r in c.records
    )
    return replace(c, records=records)


def change_organs_and_doses(d: Dice, c: Course) -> Course | None:
    """Other organ toxicity and other pressor doses."""
    record = d.one(c.records)
    organs = tuple(
        OrganEvent(d.one(ORGAN_TERMS), d.count(4), record.start, record.start + DAY)
        for _ in range(d.count(2))
    )
    pressors = tuple(
        p if p.dose == 0 or p.bolus else replace(p, dose=dose, unit=unit)
        for p in c.pressors
        for dose, unit in (d.one(DOSES[p.drug]),)
    )
    return replace(c, organs=organs, pressors=pressors)


def keep_feverish(_d: Dice, c: Course) -> Course | None:
    """Fever from before the first record to after the last, from no other cause."""
    start = min(r.start for r in c.records) - 2 * DAY
    end = max(r.end or 0 for r in c.records) + 9 * DAY
    fever = tuple(Reading("TEMP", 39.0, at) for at in range(start, end, 6 * HOUR))
    others = tuple(r for r in c.readings if r.sign != "TEMP")
    signs = tuple(s for s in c.signs if s.sign != "FEVER")
    closed = all(r.end is not None for r in c.records) and c.death_of_crs is None
    alive = not any(r.caused_death or r.outcome == "FATAL" for r in c.records)
    return replace(c, readings=fever + others, signs=signs) if closed and alive else None


def explain(c: Course, sign: str) -> Course:
    """The course with an event of another cause that covers every finding of the sign."""
    rest = tuple(s for s in c.signs if s.sign != sign)
    return replace(c, signs=(*rest, SignEvent(sign, -20 * DAY, 60 * DAY)))


def without(c: Course, sign: str) -> Course:
    """The course without any finding of the sign."""
    if sign == "HYPOXIA":
        return replace(c, oxygen=())
    if sign == "FEVER":
        cool = (replace(r, value=37.0) if r.sign == "TEMP" else r for r in c.readings)
        return replace(c, readings=tuple(cool))
    pressures = tuple(r for r in c.readings if r.sign == "TEMP")
    return replace(c, readings=pressures, pressors=(), fluids=())
