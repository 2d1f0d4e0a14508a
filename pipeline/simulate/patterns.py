"""Forms that a CRS can take: pressure, pressors, oxygen and organ toxicity, and their true grades.

A pattern is a combination of neutral parts. Its grades are computed here from the parts by the
published rules with default switches, so they are the truth that the engine is held against.
Sources: ASTCT 2019 (doi 10.1016/j.bbmt.2018.12.758), Lee 2014 (Blood 124:188).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Infusion:
    """A pressor at a rate from `low` to `high`, over a part of the time with signs."""

    drug: str
    low: float
    high: float
    unit: str
    start: float = 0.0
    end: float = 1.0
    bolus: bool = False


@dataclass(frozen=True)
class Regimen:
    """Pressors of an episode; `together` counts those that run at one time without vasopressin."""

    infusions: tuple[Infusion, ...] = ()
    together: int = 0
    vasopressin: bool = False
    high_dose: bool = False


NOR = "NOREPINEPHRINE"
VASO = Infusion("VASOPRESSIN", 0.03, 0.04, "U/min", 0.1, 0.9)
REGIMENS: dict[str, Regimen] = {
    "none": Regimen(),
    "norepinephrine": Regimen((Infusion(NOR, 3, 12, "ug/min"),), 1),
    "norepinephrine per kg": Regimen((Infusion(NOR, 0.04, 0.12, "ug/kg/min"),), 1),
    "dopamine": Regimen((Infusion("DOPAMINE", 4, 8, "ug/kg/min"),), 1),
    "phenylephrine": Regimen((Infusion("PHENYLEPHRINE", 40, 120, "ug/min"),), 1),
    "vasopressin alone": Regimen((VASO,), 0, vasopressin=True),
    "cross-over": Regimen(
        (Infusion(NOR, 3, 8, "ug/min", 0, 0.45), Infusion("EPINEPHRINE", 2, 5, "ug/min", 0.5, 1)), 1
    ),
    "norepinephrine high": Regimen(
        (Infusion(NOR, 6, 12, "ug/min", 0, 0.2), Infusion(NOR, 24, 40, "ug/min", 0.2, 0.9)),
        1,
        high_dose=True,
    ),
    "norepinephrine and vasopressin": Regimen(
        (Infusion(NOR, 3, 8, "ug/min"), VASO), 1, vasopressin=True
    ),
    "two pressors": Regimen(
        (Infusion(NOR, 6, 14, "ug/min"), Infusion("EPINEPHRINE", 2, 5, "ug/min", 0.2, 0.8)), 2
    ),
    "three pressors": Regimen(
        (
            Infusion(NOR, 22, 40, "ug/min"),
            Infusion("PHENYLEPHRINE", 60, 160, "ug/min", 0.2, 0.8),
            VASO,
        ),
        2,
        vasopressin=True,
        high_dose=True,
    ),
    "bolus only": Regimen((Infusion("PHENYLEPHRINE", 100, 200, "ug", 0.1, 0.1, bolus=True),)),
    "inotrope only": Regimen((Infusion("DOBUTAMINE", 2, 6, "ug/kg/min"),)),
}


@dataclass(frozen=True)
class Support:
    """One device over a part of the time with signs; flow in L/min, FiO2 as a fraction."""

    device: str
    flow: tuple[float, float] | None
    fio2: tuple[float, float] | None = None
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True)
class Oxygen:
    """Devices of an episode, their highest level (1 low flow .. 4 ventilator), and FiO2 >= 0.40."""

    devices: tuple[Support, ...] = ()
    level: int = 0
    fio2_40: bool = False


CANNULA = "NASAL CANNULA"
_LOW = Support(CANNULA, (1, 4), None, 0, 0.3)
_LAST = Support(CANNULA, (1, 3), None, 0.8, 1)
OXYGEN: dict[str, Oxygen] = {
    "none": Oxygen(),
    "cannula": Oxygen((Support(CANNULA, (1, 4)),), 1),
    "cannula 5-6": Oxygen((_LOW, Support(CANNULA, (5, 6), None, 0.3, 0.8), _LAST), 1, True),
    "cannula high": Oxygen((_LOW, Support(CANNULA, (8, 10), None, 0.3, 0.8), _LAST), 2, True),
    "venturi": Oxygen((_LOW, Support("VENTURI MASK", (6, 8), (0.31, 0.35), 0.3, 0.8), _LAST), 2),
    "mask": Oxygen((_LOW, Support("SIMPLE FACE MASK", (6, 8), None, 0.3, 0.8), _LAST), 2, True),
    "non-rebreather": Oxygen(
        (_LOW, Support("NON-REBREATHER MASK", (12, 15), None, 0.3, 0.8), _LAST), 2, True
    ),
    "high flow": Oxygen(
        (_LOW, Support("HIGH FLOW NASAL CANNULA", (30, 50), (0.30, 0.37), 0.3, 0.8), _LAST), 2
    ),
    "high flow 40": Oxygen(
        (_LOW, Support("HIGH FLOW NASAL CANNULA", (40, 60), (0.42, 0.60), 0.3, 0.8), _LAST), 2, True
    ),
    "non-invasive": Oxygen((_LOW, Support("BIPAP", None, (0.42, 0.60), 0.3, 0.8), _LAST), 3, True),
    "non-invasive low": Oxygen((_LOW, Support("CPAP", None, (0.28, 0.35), 0.3, 0.8), _LAST), 3),
    "ventilator": Oxygen(
        (
            Support("HIGH FLOW NASAL CANNULA", (40, 60), (0.50, 0.70), 0, 0.2),
            Support("MECHANICAL VENTILATION", None, (0.45, 0.80), 0.2, 0.8),
            _LAST,
        ),
        4,
        True,
    ),
}

#: organ toxicity: preferred term, grade, and the grade that Lee 2014 makes of it
ORGANS: dict[str, tuple[str, int, int]] = {
    "none": ("", 0, 0),
    "creatinine 2": ("Blood creatinine increased", 2, 2),
    "kidney 3": ("Acute kidney injury", 3, 3),
    "enzymes 2": ("Alanine aminotransferase increased", 2, 2),
    "enzymes 3": ("Alanine aminotransferase increased", 3, 3),
    "enzymes 4": ("Alanine aminotransferase increased", 4, 3),
    "heart 3": ("Cardiac failure", 3, 3),
    "heart 4": ("Cardiac failure", 4, 4),
}


@dataclass(frozen=True)
class Pattern:
    """One form of CRS and how often it is seen relative to the others of its grade."""

    low_pressure: bool
    pressors: str
    oxygen: str
    organ: str
    weight: float

    @property
    def astct(self) -> int:
        """ASTCT 2019 grade of the form with fever: the worse of hypotension and hypoxia."""
        regimen, oxygen = REGIMENS[self.pressors], OXYGEN[self.oxygen]
        if regimen.together >= 2 or oxygen.level >= 3:
            return 4
        if regimen.together == 1 or regimen.vasopressin or oxygen.level == 2:
            return 3
        return 2 if self.low_pressure or oxygen.level == 1 else 1

    @property
    def lee(self) -> int:
        """Lee 2014 grade: the worst of pressure, oxygen and organ toxicity, fever not needed."""
        regimen, oxygen = REGIMENS[self.pressors], OXYGEN[self.oxygen]
        drugs = regimen.together + regimen.vasopressin
        pressure = 3 if regimen.high_dose or drugs >= 2 else 2 * (drugs > 0 or self.low_pressure)
        breath = 4 if oxygen.level == 4 else 3 if oxygen.fio2_40 else 2 * (oxygen.level > 0)
        return max(1, pressure, breath, ORGANS[self.organ][2])

    @property
    def signs(self) -> bool:
        """Hypotension or hypoxia is part of it."""
        return self.low_pressure or self.oxygen != "none"

    @property
    def intensive(self) -> bool:
        """Cared for in an intensive care unit."""
        return REGIMENS[self.pressors].together > 0 or OXYGEN[self.oxygen].level >= 3


PATTERNS: tuple[Pattern, ...] = (
    Pattern(False, "none", "none", "none", 86),
    Pattern(False, "none", "none", "creatinine 2", 4),
    Pattern(False, "none", "none", "enzymes 2", 4),
    Pattern(False, "none", "none", "enzymes 3", 2.5),
    Pattern(False, "none", "none", "enzymes 4", 0.5),
    Pattern(False, "none", "none", "kidney 3", 1),
    Pattern(False, "none", "none", "heart 4", 0.4),
    Pattern(True, "none", "none", "none", 52),
    Pattern(True, "bolus only", "none", "none", 2),
    Pattern(True, "inotrope only", "none", "none", 1),
    Pattern(True, "none", "none", "kidney 3", 2),
    Pattern(False, "none", "cannula", "none", 25),
    Pattern(False, "none", "cannula 5-6", "none", 4),
    Pattern(True, "none", "cannula", "none", 14),
    Pattern(True, "norepinephrine", "none", "none", 20),
    Pattern(True, "norepinephrine per kg", "none", "none", 8),
    Pattern(True, "dopamine", "none", "none", 3),
    Pattern(True, "phenylephrine", "none", "none", 4),
    Pattern(True, "vasopressin alone", "none", "none", 2),
    Pattern(True, "cross-over", "none", "none", 3),
    Pattern(True, "norepinephrine high", "none", "none", 8),
    Pattern(True, "norepinephrine and vasopressin", "none", "none", 8),
    Pattern(True, "norepinephrine", "cannula", "none", 12),
    Pattern(True, "norepinephrine", "mask", "none", 4),
    Pattern(False, "none", "cannula high", "none", 3),
    Pattern(False, "none", "venturi", "none", 4),
    Pattern(False, "none", "mask", "none", 6),
    Pattern(False, "none", "non-rebreather", "none", 4),
    Pattern(False, "none", "high flow", "none", 4),
    Pattern(True, "none", "high flow 40", "none", 6),
    Pattern(True, "two pressors", "cannula", "none", 25),
    Pattern(True, "three pressors", "mask", "none", 10),
    Pattern(True, "norepinephrine", "non-invasive", "none", 15),
    Pattern(False, "none", "non-invasive low", "none", 5),
    Pattern(True, "norepinephrine high", "ventilator", "none", 20),
    Pattern(True, "two pressors", "ventilator", "heart 3", 10),
)
