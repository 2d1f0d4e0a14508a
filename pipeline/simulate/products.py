"""What each simulated study imitates: a published rate, its shape and how it was collected.

Product names are invented. `model` cites the row of the published-rates table that is imitated;
where a row gives no value, the choice is ours and stands in `chosen`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["csv", "parquet", "xpt"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One planned dose: days to the next one, and the share of dosed subjects who get CRS."""

    name: str
    dose: float
    unit: str
    gap: int
    risk: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A log-normal spread cut at both ends."""

    median: float
    sigma: float
    low: float
    high: float
    unit: Literal["d", "h"]


@dataclass(frozen=True, kw_only=True)
class StudySpec:
    """One study of a profile."""

    study: str
    title: str
    cohort: Literal["car_t", "bispecific"]
    product: str
    extrt: str
    n: int
    model: str
    chosen: str
    steps: tuple[Step, ...]
    #: share of the liability to CRS that belongs to the subject and not to the dose
    frailty: float = 0.0
    #: share of episodes of grade 1 to 5 in `scale`
    grades: tuple[float, float, float, float, float]
    scale: Literal["ASTCT2019", "LEE2014"] = "ASTCT2019"
    onset: Spread
    duration: Spread
    #: tocilizumab and steroid by grade 1, 2, 3, 4
    tocilizumab: tuple[float, float, float, float]
    steroid: tuple[float, float, float, float]
    #: factor on the risk of later doses once tocilizumab was given
    after_tocilizumab: float = 1.0
    prophylaxis: float = 0.0
    icans: float = 0.05
    never_infused: float = 0.0
    second_infusion: float = 0.0
    recurrence: float = 0.0
    early_death: float = 0.015
    early_stop: float = 0.015
    horizon_d: int = 365
    vitals_h: int = 4
    #: share of episodes recorded once, once per grade change, in two records with a short gap
    styles: tuple[float, float, float] = (0.7, 0.2, 0.1)
    symptoms: bool = False
    supp: bool = False
    #: CRS is charted as daily grades in FA and not recorded in AE
    daily: bool = False
    #: how temperatures are kept: Celsius, Fahrenheit as collected, Fahrenheit all through
    temperature: Literal["C", "F", "F_ALL"] = "C"
    crp_unit: Literal["mg/L", "mg/dL"] = "mg/L"
    format: Format = "csv"
    indication: str
    line: str
    min_cell: int = 0
    pretreatment: str | None = None


def _after_full(dose: float, unit: str, risks: tuple[float, ...]) -> tuple[Step, ...]:
    return tuple(
        Step(name=f"FULL{k}", dose=dose, unit=unit, gap=7, risk=r) for k, r in enumerate(risks, 2)
    )


def _infusion(dose: float, unit: str, risk: float) -> tuple[Step, ...]:
    return (Step(name="INFUSION", dose=dose, unit=unit, gap=75, risk=risk),)


CART = (
    StudySpec(
        study="SIMCART1", title="Simulated study of CAR-T A in large B-cell lymphoma",
        cohort="car_t", product="CAR-T A", extrt="CAR-T A", n=112,
        model="axicabtagene ciloleucel, ZUMA-1 (US label 2017, seen): any 94 %, onset 2 d (1-12), "
        "duration 7 d (2-58); grades 37/44/9/3/1 % of the phase 2 paper (unverified), Lee 2014",
        chosen="never infused 8 %, second infusion 3 %, share with ICANS",
        steps=_infusion(2.0, "10^6 CELLS/kg", 0.94),
        grades=(0.394, 0.468, 0.096, 0.032, 0.010), scale="LEE2014",
        onset=Spread(median=2.0, sigma=0.65, low=1, high=12, unit="d"),
        duration=Spread(median=7.0, sigma=0.5, low=2, high=35, unit="d"),
        tocilizumab=(0.15, 0.62, 0.95, 1.0), steroid=(0.05, 0.32, 0.85, 1.0), icans=0.45,
        never_infused=0.08, second_infusion=0.03, recurrence=0.04,
        supp=True, temperature="F", format="csv",
        indication="Large B-cell lymphoma", line="3L+",
    ),
    StudySpec(
        study="SIMCART2", title="Simulated study of CAR-T B in mantle cell lymphoma",
        cohort="car_t", product="CAR-T B", extrt="CAR-T B SUSPENSION", n=112,
        model="brexucabtagene autoleucel, CIBMTR real world (seen): any 89 %, grade 3+ 11 % "
        "(4: 3, 5: 2), onset 5 d (1-46), duration 6 d (1-176), ASTCT 2019",
        chosen="grade 1 / 2 split 40 / 38 %, tails cut at 21 and 35 d, treatment by grade",
        steps=_infusion(2.0, "10^6 CELLS/kg", 0.89),
        grades=(0.449, 0.427, 0.068, 0.034, 0.022),
        onset=Spread(median=5.0, sigma=0.5, low=1, high=21, unit="d"),
        duration=Spread(median=6.0, sigma=0.6, low=1, high=35, unit="d"),
        tocilizumab=(0.3, 0.85, 1.0, 1.0), steroid=(0.1, 0.4, 0.9, 1.0), icans=0.4,
        never_infused=0.08, second_infusion=0.02, recurrence=0.04,
        styles=(0.5, 0.35, 0.15), format="parquet",
        indication="Mantle cell lymphoma", line="3L+",
    ),
    StudySpec(
        study="SIMCART3", title="Simulated study of CAR-T C in acute lymphoblastic leukaemia",
        cohort="car_t", product="CAR-T C", extrt="CAR-T C", n=96,
        model="obecabtagene autoleucel, FELIX (US label, seen): any 75 %, grade 3 3 %, onset 8 d "
        "(1-23), duration 5 d (1-21), ASTCT 2019",
        chosen="one infusion instead of the split dose, grade 1 / 2 split 45 / 27 %, treatment",
        steps=_infusion(410.0, "10^6 CELLS", 0.75),
        grades=(0.60, 0.36, 0.04, 0.0, 0.0),
        onset=Spread(median=8.0, sigma=0.45, low=1, high=23, unit="d"),
        duration=Spread(median=5.0, sigma=0.55, low=1, high=21, unit="d"),
        tocilizumab=(0.25, 0.9, 1.0, 1.0), steroid=(0.05, 0.3, 0.9, 1.0), icans=0.22,
        never_infused=0.12, recurrence=0.03, vitals_h=6,
        temperature="F_ALL", crp_unit="mg/dL", format="csv",
        indication="B-cell acute lymphoblastic leukaemia", line="2L+",
    ),
)  # fmt: skip

BISPECIFIC = (
    StudySpec(
        study="SIMBISP1", title="Simulated study of bispecific D in multiple myeloma",
        cohort="bispecific", product="Bispecific D", extrt="BISPECIFIC D", n=110,
        model="teclistamab, MajesTEC-1 (seen): any 72.1 % (G1 50.3, G2 21.2, G3 0.6), onset 2 d "
        "(1-6) from the last dose, duration 2 d (1-9), tocilizumab 36.4 %, steroid 8.5 %, repeat "
        "33.3 %; by dose 42 / 35 / 24 / < 3 % (US label, unverified)",
        chosen="weekly dosing after the first full dose to eight doses",
        steps=(
            Step(name="SUD1", dose=0.06, unit="mg/kg", gap=3, risk=0.42),
            Step(name="SUD2", dose=0.3, unit="mg/kg", gap=3, risk=0.35),
            Step(name="FULL", dose=1.5, unit="mg/kg", gap=7, risk=0.24),
            *_after_full(1.5, "mg/kg", (0.02, 0.01, 0.005, 0.005, 0.005)),
        ),
        frailty=0.0, grades=(0.755, 0.24, 0.005, 0.0, 0.0),
        onset=Spread(median=2.0, sigma=0.45, low=1, high=6, unit="d"),
        duration=Spread(median=1.6, sigma=0.5, low=1, high=9, unit="d"),
        tocilizumab=(0.24, 0.75, 1.0, 1.0), steroid=(0.03, 0.2, 0.8, 1.0), after_tocilizumab=0.75,
        prophylaxis=0.04, icans=0.03, horizon_d=180, early_stop=0.03, symptoms=True,
        format="parquet", indication="Multiple myeloma", line="4L+",
    ),
    StudySpec(
        study="SIMBISP2", title="Simulated study of bispecific E in large B-cell lymphoma",
        cohort="bispecific", product="Bispecific E", extrt="BISPECIFIC E", n=94,
        model="epcoritamab, EPCORE NHL-1 (partly): any 49.7 % (G1 31.8, G2 15.3, G3 2.5), onset "
        "20 h, duration 2 d (1-27), tocilizumab 14 %, steroid 10.2 %; by dose 5.8 / 11.8 / 42.8 / "
        "4.9 / 3.0 %",
        chosen="onset spread, eight doses",
        steps=(
            Step(name="SUD1", dose=0.16, unit="mg", gap=7, risk=0.058),
            Step(name="SUD2", dose=0.8, unit="mg", gap=7, risk=0.118),
            Step(name="FULL", dose=48.0, unit="mg", gap=7, risk=0.428),
            *_after_full(48.0, "mg", (0.049, 0.03, 0.01, 0.005, 0.005)),
        ),
        frailty=0.32, grades=(0.69, 0.265, 0.045, 0.0, 0.0),
        onset=Spread(median=20.0, sigma=0.6, low=2, high=140, unit="h"),
        duration=Spread(median=1.6, sigma=0.6, low=1, high=27, unit="d"),
        tocilizumab=(0.05, 0.55, 1.0, 1.0), steroid=(0.08, 0.35, 0.9, 1.0), icans=0.06,
        horizon_d=180, early_stop=0.03, vitals_h=6, format="xpt",
        indication="Large B-cell lymphoma", line="3L+",
    ),
    StudySpec(
        study="SIMBISP3", title="Simulated study of bispecific F in large B-cell lymphoma",
        cohort="bispecific", product="Bispecific F", extrt="BISPECIFIC F", n=88,
        model="glofitamab, NP30179 (partly): any 63 % (47/12/3/1), onset 13.5 h (6-52), duration "
        "30.5 h (0.5-317); by dose 42.8 / 25.2 / 26.0 / 0.9 / 2 %",
        chosen="one antibody pretreatment a week earlier, three-weekly dosing from the full dose",
        steps=(
            Step(name="SUD1", dose=2.5, unit="mg", gap=7, risk=0.428),
            Step(name="SUD2", dose=10.0, unit="mg", gap=7, risk=0.252),
            Step(name="FULL", dose=30.0, unit="mg", gap=21, risk=0.26),
            Step(name="FULL2", dose=30.0, unit="mg", gap=21, risk=0.009),
            Step(name="FULL3", dose=30.0, unit="mg", gap=21, risk=0.01),
        ),
        frailty=0.20, grades=(0.80, 0.155, 0.034, 0.011, 0.0),
        onset=Spread(median=13.5, sigma=0.5, low=6, high=52, unit="h"),
        duration=Spread(median=30.5, sigma=0.75, low=4, high=317, unit="h"),
        tocilizumab=(0.15, 0.7, 1.0, 1.0), steroid=(0.1, 0.35, 0.9, 1.0), icans=0.05,
        horizon_d=180, early_stop=0.03, styles=(0.55, 0.35, 0.1), format="csv",
        pretreatment="ANTIBODY P", indication="Large B-cell lymphoma", line="3L+",
    ),
)  # fmt: skip

DEMO = CART + BISPECIFIC
