"""Values on and beside the limits of the rules, from which random courses are drawn."""

from __future__ import annotations

from tests.oracle.course import HOUR

FIRST_DOSE = 10 * HOUR
RESOLVED, NOT_RESOLVED = "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED"
OUTCOMES = (*(RESOLVED,) * 6, "RECOVERED/RESOLVED WITH SEQUELAE", NOT_RESOLVED, "UNKNOWN", None)
AGES = (0.5, 1, 2, 5, 9, 10, 10.5, 11, 17, 55, 55, 55, 55, 70, 88)
WEIGHTS = (4.0, 10.0, 18.0, 50.0, 80.0, 80.0, 100.0, None)
GAPS_H = (-6, 0, 0.25, 6, 20, 23.75, 24, 24.25, 30, 72)
TEMPERATURES = (36.5, 37.0, 37.9, 37.999, 38.0, 38.0, 38.1, 39.5, (100.4 - 32) * 5 / 9)
DOSES: dict[str, tuple[tuple[float | None, str | None], ...]] = {
    "NOREPINEPHRINE": (
        (5, "ug/min"), (9.9, "ug/min"), (10, "ug/min"), (12, "ug/min"), (19.9, "ug/min"),
        (20, "ug/min"), (30, "ug/min"), (0.25, "ug/kg/min"), (0.24, "ug/kg/min"),
        (0.4, "ug/kg/min"), (1.2, "mg/h"), (1.19, "mg/h"), (0.6, "mg/h"), (None, None),
    ),
    "EPINEPHRINE": (
        (3, "ug/min"), (9.9, "ug/min"), (10, "ug/min"), (0.1, "ug/kg/min"), (0.6, "mg/h"),
    ),
    "DOPAMINE": (
        (5, "ug/kg/min"), (8, "ug/kg/min"), (9.9, "ug/kg/min"), (10, "ug/kg/min"),
        (800, "ug/min"), (790, "ug/min"), (48, "mg/h"),
    ),
    "PHENYLEPHRINE": (
        (50, "ug/min"), (100, "ug/min"), (199, "ug/min"), (200, "ug/min"), (12, "mg/h"),
        (2.5, "ug/kg/min"),
    ),
    "VASOPRESSIN": ((0.03, "U/min"), (0.04, "U/min"), (None, None)),
    "ANGIOTENSIN II": ((None, None),),
    "TERLIPRESSIN": ((None, None),),
    "DOBUTAMINE": ((5, "ug/kg/min"), (10, "ug/kg/min")),
}  # fmt: skip
DRUGS = (*("NOREPINEPHRINE",) * 4, *("VASOPRESSIN",) * 3, *DOSES)
HOURS = (0.25, 1, 2, 2.75, 3, 3.25, 6, 12, 23.75, 24, 24.25, 30)
# Without FiO2, the fraction of HFNC at 6 L/min or less, of masks below 5 L/min and of a Venturi
# mask is not settled by the rules: these get FiO2 or a flow that leaves no doubt.
DEVICES: tuple[tuple[str, float | None, float | None], ...] = (
    ("NASAL CANNULA", None, None), ("NASAL CANNULA", 1, None), ("NASAL CANNULA", 2, None),
    ("NASAL CANNULA", 4, None), ("NASAL CANNULA", 5, None), ("NASAL CANNULA", 6, None),
    ("NASAL CANNULA", 6.1, None), ("NASAL CANNULA", 4, 0.40), ("NASAL CANNULA", 6, 0.39),
    ("BLOW-BY", None, None), ("OXYGEN", None, None), ("FACE MASK", 5, None),
    ("FACE MASK", 8, 0.39), ("FACE MASK", None, None), ("VENTURI MASK", None, 0.35),
    ("VENTURI MASK", None, 0.40), ("NON-REBREATHER", 15, None), ("HFNC", None, None),
    ("HFNC", 40, None), ("HFNC", 40, 0.39), ("HFNC", 40, 0.40), ("HFNC", 6, 0.30),
    ("HFNC", 6.5, 0.30), ("CPAP", None, None), ("BIPAP", None, 0.30), ("BIPAP", None, None),
    ("MECHANICAL VENTILATION", None, 0.30), ("MECHANICAL VENTILATION", None, 0.60),
    ("MECHANICAL VENTILATION", None, None), ("ROOM AIR", None, None),
)  # fmt: skip
WEAK_DEVICES = DEVICES[:11]
REASONS = ("HYPOXIA",) * 8 + ("AIRWAY PROTECTION", "PROCEDURE", "SLEEP APNOEA", None)
TREATMENTS = (
    ("TOCILIZUMAB", "CYTOKINE RELEASE SYNDROME"), ("TOCILIZUMAB", "PROPHYLAXIS"),
    ("DEXAMETHASONE", None), ("DEXAMETHASONE", "PREMEDICATION"), ("PARACETAMOL", "FEVER"),
    ("PARACETAMOL", "PREMEDICATION"), ("ANAKINRA", "CRS"), ("METHYLPREDNISOLONE", "CRS"),
)  # fmt: skip
ORGAN_TERMS = (
    "Cardiac failure", "Hepatic failure", "Blood creatinine increased", "Acute kidney injury",
    "Alanine aminotransferase increased", "Aspartate aminotransferase increased",
    "Neutropenia", "Seizure", "Tumour lysis syndrome", "Capillary leak syndrome",
)  # fmt: skip
