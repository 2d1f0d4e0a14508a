"""The worked cases of the grading companion as courses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.oracle.course import (
    DAY,
    HOUR,
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

ONSET, END = 2 * DAY + 8 * HOUR, 4 * DAY + 8 * HOUR
DEVICES = {
    "nasal_cannula": "NASAL CANNULA", "blow_by": "BLOW-BY", "facemask": "FACE MASK",
    "venturi": "VENTURI MASK", "nonrebreather": "NON-REBREATHER", "hfnc": "HFNC", "cpap": "CPAP",
    "bipap": "BIPAP", "mechanical_ventilation": "MECHANICAL VENTILATION",
}  # fmt: skip
ORGANS = {
    "organ_tox_max_grade": "Cardiac failure",
    "creatinine_max_grade": "Blood creatinine increased",
    "transaminase_max_grade": "Alanine aminotransferase increased",
}
UNITS = {"dose_mcg_min": "ug/min", "dose_mcg_kg_min": "ug/kg/min", "units_min": "U/min"}


def worked_cases(path: Path) -> list[tuple[Course, dict[str, int]]]:
    """Each case as a course, with the grades that it must have (0: no CRS)."""
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(course_of(case["id"], case["facts"]), case["expected"]) for case in cases]


def course_of(name: str, facts: dict[str, Any]) -> Course:
    """One moment's facts as a course around it."""
    feverish = facts["max_temp_c"] >= 38.0
    earlier = bool(facts.get("prior_crs_fever"))
    crs = feverish or earlier or facts.get("investigator_crs", False)
    onset = ONSET - 6 * HOUR if earlier else ONSET
    readings = [Reading("TEMP", facts["max_temp_c"], ONSET), Reading("TEMP", 36.6, END)]
    if earlier:
        readings.append(Reading("TEMP", 38.5, onset))
    if facts["sbp_min"] is not None:
        readings.append(Reading("SYSBP", facts["sbp_min"], ONSET))
    # Without fever before it, what was given is premedication (V46).
    given = facts["antipyretic_or_anticytokine_given"]
    drug, why = ("TOCILIZUMAB", "CRS") if earlier else ("DEXAMETHASONE", "PREMEDICATION")
    hypotension = facts.get("hypotension_other_cause")
    return Course(
        name,
        age=facts.get("age_years", 55),
        weight=facts.get("weight_kg", 80),
        records=(Record(onset, END, caused_death=facts["death_due_to_crs"]),) if crs else (),
        readings=tuple(readings),
        pressors=_pressors(facts),
        oxygen=_oxygen(facts),
        fluids=(Fluid(ONSET, ONSET + HOUR),) if facts["fluids"] else (),
        treatments=(Treatment(drug, why, onset + HOUR),) if given else (),
        stays=(Stay(ONSET, END),) if facts.get("hospitalized_for_crs") else (),
        organs=tuple(
            OrganEvent(term, facts[key], ONSET, END)
            for key, term in ORGANS.items()
            if facts.get(key)
        ),
        signs=(SignEvent("HYPOTENSION", ONSET, END),) if hypotension else (),
    )


def _pressors(facts: dict[str, Any]) -> tuple[Pressor, ...]:
    rows: list[Pressor] = []
    at = ONSET
    for p in facts["vasopressors"]:
        dose, unit = next(((p[k], u) for k, u in UNITS.items() if k in p), (None, None))
        stop = at + int(p["hours"] * HOUR)
        drug = p["drug"].replace("_", " ").upper()
        rows.append(Pressor(drug, dose, unit, at, stop))
        at = at if facts.get("vasopressors_concurrent", True) else stop + HOUR // 2
    return tuple(rows)


def _oxygen(facts: dict[str, Any]) -> tuple[Oxygen, ...]:
    o2 = facts["o2"]
    if o2["device"] == "room_air":
        return ()
    device, flow, fio2 = DEVICES[o2["device"]], o2.get("flow_lpm"), o2.get("fio2")
    if facts.get("o2_baseline") == o2:
        return (Oxygen(device, -5 * DAY, END + 3 * DAY, flow, fio2),)
    reason = facts.get("vent_reason", "hypoxia").replace("_", " ").upper()
    return (Oxygen(device, ONSET, ONSET + 12 * HOUR, flow, fio2, reason),)
