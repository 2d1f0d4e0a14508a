"""One subject per open question of the rules, in whom the answer to it decides the grade."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from pipeline.subjects.subjects import derive_subjects
from tests.crs.conftest import Case, study
from tests.typed import Rows, typed

D3 = "2024-01-03T"


def febrile() -> Case:
    case = Case().crs(end="2024-01-07T08:00").temp(38.5).temp(36.6, "2024-01-05T08:00")
    return case.vital("SYSBP", 120, D3 + "08:00").vital("WEIGHT", 80, "2024-01-01T08:00")


def cooled() -> Case:
    """Fever for one hour on the morning of day 3."""
    return Case().crs(end="2024-01-07").temp(38.5).temp(37.0, D3 + "09:00")


def pressors(*given: tuple[str, float, str, str]) -> Case:
    case = febrile()
    for drug, dose, start, end in given:
        case.pressor(drug, dose, start, end, "U/min" if drug == "VASOPRESSIN" else "ug/min")
    return case


NOR = ("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
VASO = ("VASOPRESSIN", 0.03, D3 + "10:00", D3 + "12:00")


def fatal() -> Case:
    case = febrile()
    case.rows["ae"][0] |= {"AEOUT": "NOT RECOVERED/NOT RESOLVED", "AEENDTC": None}
    return case.add("dm", AGE=55.0, ARM="A", DTHFL="Y", DTHDTC="2024-01-04")


SUBJECTS: dict[str, Callable[[], Case]] = {
    "plain": febrile,
    "bp_confirm": lambda: febrile().vital("SYSBP", 85, D3 + "10:00"),
    "vasopressin_alone_grade": lambda: pressors(VASO),
    "vasopressin_class": lambda: pressors(NOR, ("TERLIPRESSIN", 1, NOR[2], NOR[3])),
    "pressor_count": lambda: pressors(NOR, ("EPINEPHRINE", 3, D3 + "13:00", D3 + "14:00")),
    "min_overlap_min": lambda: pressors(NOR, ("EPINEPHRINE", 3, D3 + "11:30", D3 + "14:00")),
    "pressor_set": lambda: pressors(("DOBUTAMINE", 5, NOR[2], NOR[3])),
    "bolus_pressor_counts": lambda: febrile().pressor(
        "PHENYLEPHRINE", 0.1, D3 + "10:00", D3 + "10:05", "mg", CMDOSFRM="BOLUS"
    ),
    "hfnc_rule": lambda: febrile().oxygen("HFNC", 5),
    "fio2_from_flow": lambda: febrile().oxygen("NASAL CANNULA", 5),
    "fever_carry_h": lambda: cooled().oxygen("NASAL CANNULA", 2, D3 + "23:00", D3 + "23:30"),
    "fever_waiver_set": lambda: (
        cooled()
        .add("cm", CMTRT="PARACETAMOL", CMINDC="FEVER", CMSTDTC=D3 + "08:30")
        .oxygen("NASAL CANNULA", 2, "2024-01-06T10:00", "2024-01-06T12:00")
    ),
    "premed_counts": lambda: (
        cooled()
        .add("cm", CMTRT="DEXAMETHASONE", CMINDC="PREMEDICATION", CMSTDTC=D3 + "08:30")
        .oxygen("NASAL CANNULA", 2, "2024-01-06T10:00", "2024-01-06T12:00")
    ),
    "masked_onset_allowed": lambda: Case().crs().temp(37.0).oxygen("HFNC", 30),
    "niv_is_ventilator": lambda: febrile().oxygen("BIPAP"),
    "lee_vasopressin_counts": lambda: pressors(NOR, VASO),
    "high_dose_min_h": lambda: pressors(("NOREPINEPHRINE", 20, D3 + "10:00", D3 + "12:00")),
    "missing_duration": lambda: febrile().pressor("NOREPINEPHRINE", 20, D3 + "10:00", None),
    "spo2_only_counts": lambda: febrile().vital("OXYSAT", 88, D3 + "10:00"),
    "date_only_concurrency": lambda: pressors(
        ("NOREPINEPHRINE", 5, "2024-01-03", "2024-01-03"),
        ("EPINEPHRINE", 3, "2024-01-03", "2024-01-03"),
    ),
    "death_rule": fatal,
    "organ_link": lambda: febrile().add(
        "ae", AEDECOD="Cardiac failure", AETOXGR=3, AEREL="NOT RELATED", AESTDTC=D3 + "12:00",
        AEENDTC=D3 + "20:00",
    ),
    # Only both together make two agents of these: agents ever given, dates taken as overlapping.
    "ever and by date": lambda: pressors(
        ("NOREPINEPHRINE", 5, "2024-01-03", "2024-01-03"),
        ("EPINEPHRINE", 3, "2024-01-04", "2024-01-04"),
    ),
}  # fmt: skip


def tables_of(*names: str, **extra: Case) -> dict[str, pl.DataFrame]:
    """Typed tables, subjects and doses of a study of these subjects; of all where none is named.

    Args:
        names: keys of SUBJECTS; each subject is named as what it is about.
        extra: further subjects.
    """
    cases = {name: SUBJECTS[name]() for name in names or ([] if extra else SUBJECTS)} | extra
    domains: dict[str, Rows] = {domain: [] for domain in Case().rows}
    for name, case in cases.items():
        case.add("ds", DSDECOD="ONGOING", DSCAT="DISPOSITION EVENT", DSSTDTC="2024-03-01")
        if not case.rows["ex"]:
            case.dose()
        if not case.rows["dm"]:
            case.add("dm", AGE=55.0, ARM="A")
        for domain, rows in case.rows.items():
            domains[domain] += [row | {"USUBJID": name} for row in rows]
    tables = typed("T", **domains)
    return tables | derive_subjects(tables, study())
