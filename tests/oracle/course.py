"""What happened to one patient, in a clinician's words: the input of the oracle.

All times are whole minutes from 00:00 of study day 1 (the calendar day of the first dose).
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any

HOUR = 60
DAY = 24 * HOUR

RECOVERED = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE")


class Plain:
    """Writes itself as the call that makes it, without what is left at its default."""

    def __repr__(self) -> str:
        given: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]
        kept = [
            f"{f.name}={given[f.name]!r}" if f.default is not MISSING else f"{given[f.name]!r}"
            for f in fields(self)  # type: ignore[arg-type]
            if f.default is MISSING or f.default != given[f.name]
        ]
        return f"{type(self).__name__}({', '.join(kept)})"


@dataclass(frozen=True, repr=False)
class Record(Plain):
    """One CRS record of the investigator; `dated` ones know only days (end: the next midnight)."""

    start: int
    end: int | None
    outcome: str | None = "RECOVERED/RESOLVED"
    dated: bool = False
    hospital: bool = False
    caused_death: bool = False


@dataclass(frozen=True, repr=False)
class Reading(Plain):
    """One measured temperature (C) or systolic pressure (mmHg)."""

    sign: str  # TEMP or SYSBP
    value: float
    at: int


@dataclass(frozen=True, repr=False)
class Pressor(Plain):
    """One charted row of a vasoactive drug; dose 0 charts a stop."""

    drug: str
    dose: float | None
    unit: str | None
    start: int
    end: int | None
    bolus: bool = False


@dataclass(frozen=True, repr=False)
class Oxygen(Plain):
    """One charted row of oxygen or ventilation."""

    device: str
    start: int
    end: int | None
    flow: float | None = None
    fio2: float | None = None
    reason: str | None = "HYPOXIA"


@dataclass(frozen=True, repr=False)
class Fluid(Plain):
    """Intravenous fluid."""

    start: int
    end: int
    for_hypotension: bool = True


@dataclass(frozen=True, repr=False)
class Treatment(Plain):
    """A single dose of an antipyretic, anticytokine drug or steroid."""

    drug: str
    indication: str | None
    at: int


@dataclass(frozen=True, repr=False)
class BloodProduct(Plain):
    """Plasma, cryoprecipitate or fibrinogen."""

    product: str
    at: int


@dataclass(frozen=True, repr=False)
class Stay(Plain):
    """A stay in hospital."""

    start: int
    end: int
    for_crs: bool = True


@dataclass(frozen=True, repr=False)
class OrganEvent(Plain):
    """An adverse event of an organ with its CTCAE grade."""

    term: str
    grade: int
    start: int
    end: int | None
    related: bool = True


@dataclass(frozen=True, repr=False)
class SignEvent(Plain):
    """An adverse event of a sign: FEVER, HYPOTENSION or HYPOXIA."""

    sign: str
    start: int
    end: int
    related: bool = False
    dated: bool = False


@dataclass(frozen=True, repr=False)
class Course(Plain):
    """Everything that was recorded of one patient.

    The form for deaths counts where the death falls into a CRS episode.
    """

    name: str
    age: float = 55.0
    weight: float | None = 80.0
    doses: tuple[int, ...] = (10 * HOUR,)
    records: tuple[Record, ...] = ()
    readings: tuple[Reading, ...] = ()
    pressors: tuple[Pressor, ...] = ()
    oxygen: tuple[Oxygen, ...] = ()
    fluids: tuple[Fluid, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    products: tuple[BloodProduct, ...] = ()
    stays: tuple[Stay, ...] = ()
    organs: tuple[OrganEvent, ...] = ()
    signs: tuple[SignEvent, ...] = ()
    death_of_crs: int | None = None  # moment of a death that the death form puts down to CRS
    last_day: int = 60  # last study day of follow-up
