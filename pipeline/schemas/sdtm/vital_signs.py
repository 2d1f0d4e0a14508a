"""Vital signs that are used: the unit that each is given in, its spellings, what values can be.

Source: limits of the possible are ours: wide enough for any intensive-care patient, narrow enough
for a value in a wrong unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_TEMPERATURE = {
    "C": "C",
    "CEL": "C",
    "DEGC": "C",
    "CELSIUS": "C",
    "F": "F",
    "DEGF": "F",
    "FAHRENHEIT": "F",
    "K": "K",
}
_PRESSURE = {"MMHG": "MMHG", "KPA": "KPA"}
_BEATS = {"BEATS/MIN": "1", "BPM": "1", "/MIN": "1", "1/MIN": "1", "BEATSPERMINUTE": "1"}
_BREATHS = {
    "BREATHS/MIN": "1",
    "BRPM": "1",
    "/MIN": "1",
    "1/MIN": "1",
    "RPM": "1",
    "BREATHSPERMINUTE": "1",
}
_PERCENT = {"%": "%", "PERCENT": "%", "FRACTION": "1", "1": "1"}
_WEIGHT = {"KG": "KG", "LB": "LB", "LBS": "LB", "G": "G"}
_LENGTH = {"CM": "CM", "M": "M", "MM": "MM", "IN": "IN", "INCH": "IN", "INCHES": "IN"}  # fmt: skip

# Units that the name of a test may hold, such as "Temperature Fahrenheit" or "Weight (lbs.)".
_TEMPERATURE_NAMED = {"C": r"(?i)\bcelsius\b|\bdeg ?c\b", "F": r"(?i)\bfahrenheit\b|\bdeg ?f\b"}
_PRESSURE_NAMED = {"MMHG": r"(?i)\bmm ?hg\b", "KPA": r"(?i)\bkpa\b"}
_WEIGHT_NAMED = {"KG": r"(?i)\bkgs?\b|\bkilogram", "LB": r"(?i)\blbs?\b|\bpounds?\b"}
_LENGTH_NAMED = {"CM": r"(?i)\bcm\b|\bcentimet", "IN": r"(?i)\binch(?:es)?\b|\(in\.?\)"}


@dataclass(frozen=True)
class Sign:
    """A vital sign: the unit it is given in, the spellings of units, and its possible values.

    `alone` says that a missing unit leaves no doubt; `named` has patterns of units in VSTEST.
    """

    unit: str
    spellings: dict[str, str]
    low: float
    high: float
    alone: bool = False
    low_excluded: bool = False
    named: dict[str, str] = field(default_factory=dict)


SIGNS: dict[str, Sign] = {
    "TEMP": Sign("C", _TEMPERATURE, 25, 45, named=_TEMPERATURE_NAMED),
    "SYSBP": Sign("mmHg", _PRESSURE, 30, 300, named=_PRESSURE_NAMED),
    "DIABP": Sign("mmHg", _PRESSURE, 5, 200, named=_PRESSURE_NAMED),
    "MAP": Sign("mmHg", _PRESSURE, 10, 250, named=_PRESSURE_NAMED),
    "HR": Sign("beats/min", _BEATS, 10, 300, alone=True),
    "PULSE": Sign("beats/min", _BEATS, 10, 300, alone=True),
    "RESP": Sign("breaths/min", _BREATHS, 1, 100, alone=True),
    "OXYSAT": Sign("%", _PERCENT, 0, 100, alone=True, low_excluded=True),
    "FIO2": Sign("fraction", _PERCENT, 0.15, 1, alone=True),
    "WEIGHT": Sign("kg", _WEIGHT, 1, 400, named=_WEIGHT_NAMED),
    "HEIGHT": Sign("cm", _LENGTH, 30, 250, named=_LENGTH_NAMED),
}
SYNONYMS = {
    "SBP": "SYSBP",
    "DBP": "DIABP",
    "SPO2": "OXYSAT",
    "RR": "RESP",
    "WT": "WEIGHT",
    "HT": "HEIGHT",
}
