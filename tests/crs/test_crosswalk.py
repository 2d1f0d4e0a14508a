"""Each finding of the crosswalk of the grading reference (2.7) under all seven systems."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tests.crs.conftest import Case

D3 = "2024-01-03T"
SYSTEMS = ("ASTCT2019", "LEE2014", "CTCAE5", "CTCAE4", "PENN", "MSKCC", "CARTOX")

Build = Callable[[Case], Case]


def norepinephrine(dose: float, hours: int, unit: str = "ug/min") -> Build:
    end = f"{D3}{10 + hours}:00" if hours < 14 else f"2024-01-04T{hours - 14:02d}:00"
    return lambda c: c.pressor("NOREPINEPHRINE", dose, D3 + "10:00", end, unit)


def organ(term: str, grade: int) -> Build:
    return lambda c: c.add(
        "ae", AEDECOD=term, AETOXGR=grade, AEREL="RELATED", AEOUT="RECOVERED/RESOLVED",
        AESTDTC="2024-01-03", AEENDTC="2024-01-04",
    )  # fmt: skip


def device(name: str, flow: float | None = None, fio2: float | None = None) -> Build:
    return lambda c: c.oxygen(name, flow, **({} if fio2 is None else {"PRFIO2": fio2}))


def with_second(drug: str, dose: float, unit: str) -> Build:
    def build(c: Case) -> Case:
        norepinephrine(5, 2)(c)
        return c.pressor(drug, dose, D3 + "10:00", D3 + "12:00", unit)

    return build


def admitted(c: Case) -> Case:
    stay = {"HOTERM": "HOSPITAL", "HOINDC": "CYTOKINE RELEASE SYNDROME"}
    return c.add("ho", **stay, HOSTDTC=D3 + "09:00", HOENDTC="2024-01-05T08:00")


# Two figures of the table leave the choice to a rule; here they are those of the defaults.
ROWS: list[tuple[str, Build, tuple[int, ...]]] = [
    ("fever only, outpatient", lambda c: c, (1, 1, 1, 1, 1, 1, 1)),
    ("fever only, admitted", admitted, (1, 1, 1, 2, 2, 1, 1)),
    (
        "hypotension, fluids",
        lambda c: c.vital("SYSBP", 82, D3 + "12:00").add(
            "cm", CMTRT="SODIUM CHLORIDE 0.9% BOLUS", CMINDC="HYPOTENSION DUE TO CRS",
            CMSTDTC=D3 + "12:00", CMENDTC=D3 + "13:00",
        ),
        (2, 2, 2, 2, 3, 1, 2),
    ),
    ("1 pressor low dose, < 24 h", norepinephrine(5, 6), (3, 2, 3, 4, 3, 2, 2)),
    ("1 pressor low dose, 24 h", norepinephrine(5, 24), (3, 2, 3, 4, 3, 3, 2)),
    ("1 pressor high dose, 4 h", norepinephrine(25, 4), (3, 3, 3, 4, 4, 2, 3)),
    (
        "norepinephrine and vasopressin, low dose",
        with_second("VASOPRESSIN", 0.03, "U/min"),
        (3, 3, 4, 4, 3, 2, 3),
    ),
    (
        "2 pressors, low dose",
        with_second("EPINEPHRINE", 2, "ug/min"),
        (4, 3, 4, 4, 3, 2, 3),
    ),
    ("cannula 4 L/min", device("NASAL CANNULA", 4), (2, 2, 2, 3, 3, 2, 2)),
    ("cannula 5 L/min", device("NASAL CANNULA", 5), (2, 3, 3, 3, 3, 3, 3)),
    ("cannula 6 L/min", device("NASAL CANNULA", 6), (2, 3, 3, 3, 3, 3, 3)),
    ("high flow, FiO2 0.35", device("HIGH FLOW NASAL CANNULA", 30, 0.35), (3, 2, 2, 3, 3, 2, 2)),
    ("high flow, FiO2 0.40", device("HIGH FLOW NASAL CANNULA", 30, 0.40), (3, 3, 3, 3, 3, 3, 3)),
    ("BiPAP, new", device("BIPAP", None, 0.5), (4, 3, 4, 4, 3, 3, 3)),
    (
        "ventilated for hypoxia",
        lambda c: c.oxygen("MECHANICAL VENTILATION", None, PRFIO2=0.6, PRINDC="HYPOXIA"),
        (4, 4, 4, 4, 4, 4, 4),
    ),
    ("creatinine grade 3", organ("Blood creatinine increased", 3), (1, 3, 1, 3, 3, 1, 3)),
    (
        "transaminases grade 4",
        organ("Alanine aminotransferase increased", 4),
        (1, 3, 1, 3, 3, 1, 3),
    ),
    ("organ grade 4", organ("Cardiac failure", 4), (1, 4, 1, 4, 4, 1, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("build", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_crosswalk(febrile: Case, build: Build, expected: tuple[int, ...]):
    grades = build(febrile).derive()["grades"].filter(pl.col("BASIS") == "derived")
    found = dict(grades.select("SYSTEM", "GRADE").iter_rows())
    assert tuple(found[s] for s in SYSTEMS) == expected


@pytest.mark.parametrize(
    ("term", "toxgr", "grade"),
    [
        ("Alanine aminotransferase increased", 1, 1),
        ("Alanine aminotransferase increased", 2, 2),
        ("Alanine aminotransferase increased", 3, 2),
        ("Alanine aminotransferase increased", 4, 3),
        ("Blood creatinine increased", 2, 2),
        ("Blood creatinine increased", 4, 4),
        ("Cardiac failure", 2, 2),
        ("Cardiac failure", 3, 3),
        ("Neutropenia", 4, 1),
    ],
)
def test_organs_under_ctcae4(febrile: Case, term: str, toxgr: int, grade: int):
    assert organ(term, toxgr)(febrile).grade("CTCAE4") == grade


def test_death_due_to_crs_is_5_under_ctcae4(case: Case):
    case.crs(end="2024-01-05", AEOUT="FATAL", AESDTH="Y").temp(39.0)
    assert case.grade("CTCAE4") == 5


def test_a_recorded_crs_without_findings_is_1_under_ctcae4(case: Case):
    assert case.crs().vital("SYSBP", 120, D3 + "10:00").grade("CTCAE4") == 1
