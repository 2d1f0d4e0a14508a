"""How names, numbers and intervals are written, the same on every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reports.lacking import lacking
from reports.without_dates import without_dates

SYSTEMS = {
    "ASTCT2019": "ASTCT 2019",
    "LEE2014": "Lee 2014",
    "CTCAE4": "CTCAE v4.03",
    "CTCAE5": "CTCAE v5.0",
    "PENN": "Penn",
    "MSKCC": "MSKCC",
    "CARTOX": "CARTOX",
    "ANY": "any grade as recorded",
}
COHORTS = {"car_t": "CAR-T", "bispecific": "Bispecific"}
BASES = {"derived": "derived from findings", "collected": "as recorded by the study"}

REASONS = {
    "FATAL": "fatal",
    "RECOVERED": "recovered",
    "DAILY_GRADE_0": "a later daily grade 0 was recorded",
    "RECOVERED_END_MISSING": "recovered, but the end was not recorded",
    "DEATH": "died with CRS ongoing",
    "NOT_RECOVERED": "recorded as not recovered",
    "LAST_CHARTED": "still graded on the last charted day",
    "OUTCOME_UNKNOWN": "the outcome was not recorded",
    "ONGOING": "ongoing at the end of follow-up",
    "MAX_ONLY": "only the maximum was recorded",
}


def reason(code: str | None) -> str:
    """A reason in words; an unknown code in capitals is written small.

    >>> reason("FATAL"), reason("LOST_TO_FOLLOW_UP"), reason("Not given: no vitals")
    ('fatal', 'lost to follow up', 'Not given: no vitals')
    """
    if code in REASONS:
        return REASONS[code]
    text = told(code)
    return text.replace("_", " ").lower() if text.isupper() else text


def why(reason_text: str | None) -> str:
    """The reason alone, without "not available, because" before it.

    >>> why("not estimable, because there is nobody in car_t")
    'there is nobody in CAR-T'
    """
    text = told(reason_text)
    for start in ("not estimable, ", "not available, ", "no adjusted comparison, ", "because "):
        text = text.removeprefix(start)
    return text


COVARIATES = {
    "AGE": "age",
    "SEX": "sex",
    "AUTOIMMUNE": "autoimmune disease",
    "GENETIC": "genetic immune condition",
    "HLH": "haemophagocytic lymphohistiocytosis",
}
"""Those that every study has; a study names its own."""
_CODES = {
    "car_t": COHORTS["car_t"],
    **{code: name for code, name in SYSTEMS.items() if code not in {"ANY", name}},
    "H_FROM_DOSE": "the time from the dose in hours",
    "H_FROM_ONSET": "the time from onset in hours",
    "ONSET_H": "the time from the last dose to onset in hours",
    "ONSET_H_FIRST": "the time from the first dose to onset in hours",
}
_CODE = re.compile(rf"(?<![\w-])(?:{'|'.join(_CODES)})(?![\w-])")
_COVARIATE = re.compile(rf"(?<![\w-])(?:{'|'.join(COVARIATES)})(?![\w-])")


def told(text: str | None) -> str:
    """What a result row says in words: no dates, and names in place of codes.

    >>> told("followed for less than 28 days: 2 of 19 in car_t under LEE2014")
    'followed for less than 28 days: 2 of 19 in CAR-T under Lee 2014'
    """
    return _CODE.sub(lambda found: _CODES[found[0]], lacking(without_dates(text)))


def covariates_named(text: str) -> str:
    """Text about covariates with those that every study has called by their names.

    >>> covariates_named("logistic propensity on AGE, SEX, baseline CRP")
    'logistic propensity on age, sex, baseline CRP'
    """
    return _COVARIATE.sub(lambda found: COVARIATES[found[0]], told(text))


def lab_unit(unit: str | None) -> str:
    """A laboratory unit as it is printed.

    >>> lab_unit("ug/L"), lab_unit("10^9/L")
    ('\N{MICRO SIGN}g/L', '10\N{SUPERSCRIPT NINE}/L')
    """
    text = re.sub(r"^u(?=[gmLkK]|mol|kat)", "\N{MICRO SIGN}", unit or "")
    return text.replace("10^9", "10\N{SUPERSCRIPT NINE}").replace("10^6", "10\N{SUPERSCRIPT SIX}")


def system(code: str | None) -> str:
    """Name of a grading system; a site's own keeps its code."""
    return SYSTEMS.get(code or "", code or "")


def cohort(code: str | None) -> str:
    """Name of a cohort, or of the difference of two."""
    words = code or ""
    for name, label in COHORTS.items():
        words = words.replace(name, label)
    return words.replace(" - ", " minus ")


def system_basis(code: str, basis: str) -> str:
    """Grading system with its basis, for titles.

    >>> system_basis("ASTCT2019", "derived")
    'ASTCT 2019, derived from findings'
    """
    if code == "ANY":
        return SYSTEMS[code] + " by the study"
    return f"{system(code)}, {BASES.get(basis, basis)}"


def number(value: float | None, digits: int = 1) -> str:
    """A number without needless zeros; the minus is a true minus.

    >>> number(3.0), number(2.25), number(-0.5) == "\N{MINUS SIGN}0.5"
    ('3', '2.2', True)
    """
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", "0"} else text.replace("-", "\u2212")


def percent(value: float | None) -> str:
    """A fraction in percent with one decimal.

    >>> percent(0.7625), percent(1.0), percent(-0.034) == "\N{MINUS SIGN}3.4%"
    ('76.3%', '100.0%', True)
    """
    if value is None:
        return ""
    # A hair is added so that halves such as 0.7625 round up as on paper, whatever the binary form.
    text = f"{abs(value) * 100 + 1e-9:.1f}%"
    return text if value >= 0 or text == "0.0%" else "\u2212" + text


def fraction_unit(row: Mapping[str, Any]) -> bool:
    """Whether the value is a fraction and so printed in percent."""
    return row["UNIT"] == "fraction"


TWO_DECIMALS = ("kappa", "standard deviations", "log hazard ratio")
RATIOS = ("ratio", "chi-square", "probability")


def significant(amount: float) -> str:
    """A ratio or probability with two digits that mean something, never as a power of ten.

    >>> significant(0.2941), significant(12.345), significant(0.00421), significant(1234.5)
    ('0.29', '12.3', '0.0042', '1234')
    >>> significant(0.00000001)
    '<0.0001'
    """
    size = abs(amount)
    if 0 < size < 0.0001:
        return "<0.0001"
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    while 0 < size < 0.1 and digits < 5 and size * 10**digits < 10:
        digits += 1
    return f"{amount:.{digits}f}".replace("-", "\u2212")


def value(row: Mapping[str, Any], amount: float | None) -> str:
    """A value of a result row in the row's unit (the unit itself stands in the row's label)."""
    if fraction_unit(row):
        return percent(amount)
    if row["UNIT"] in TWO_DECIMALS and amount is not None:
        return f"{round(amount, 2) + 0.0:.2f}".replace("-", "\u2212")
    if row["UNIT"] in RATIOS and amount is not None:
        return significant(amount)
    return number(amount)


def interval(row: Mapping[str, Any]) -> str:
    """Confidence limits, or an empty text where the row has none; an open limit is NE.

    >>> interval({"UNIT": "fraction", "LOW": 0.5, "HIGH": None})
    '50.0% to NE'
    """
    low, high = row.get("LOW"), row.get("HIGH")
    if low is None and high is None:
        return ""
    return " to ".join("NE" if x is None else value(row, x) for x in (low, high))


def grade(level: str | None) -> str:
    """Label of a level of a grade distribution."""
    text = level or ""
    if text == "0":
        return "No CRS"
    if text.isdigit():
        return f"Grade {text}"
    return {"NA": "Grade not available", "suppressed": "Withheld"}.get(text, text)


def inside(words: str) -> str:
    """A label as it stands within a sentence; a word in capitals keeps them.

    >>> inside("CRS grade 2"), inside("No CRS yet"), inside("Recovered")
    ('CRS grade 2', 'no CRS yet', 'recovered')
    """
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def plural(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "subject"), plural(2, "study", "studies")
    ('1 subject', '2 studies')
    """
    return f"{n:,} {one if n == 1 else (many or one + 's')}".replace(",", "\u202f")


def sentence(words: str) -> str:
    """First letter in capitals, full stop at the end."""
    text = words.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")
