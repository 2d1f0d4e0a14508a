"""One subject around one CRS record, to which a test adds the findings that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from pipeline.crs.crs import derive_crs
from pipeline.study import Study
from pipeline.subjects.subjects import derive_subjects
from tests.crs.together import Together, rehearsals
from tests.typed import Rows, typed

U = "T-1"


def study(**changes: Any) -> Study:
    raw: dict[str, Any] = {
        "study": "T",
        "title": "test",
        "cohort": "car_t",
        "data_kind": "test",
        "products": {"CAR-T A": ["CART"]},
        "collected_scale": "ASTCT2019",
    }
    return Study.model_validate(raw | changes)


def derive_all(rows: dict[str, Rows], s: Study) -> dict[str, pl.DataFrame]:
    """All tables of the subject and CRS stages."""
    tables = typed("T", **rows)
    made: dict[str, pl.DataFrame] = dict(derive_subjects(tables, s))
    return made | derive_crs({**tables, **made}, s)


TOGETHER = Together(derive_all)


class Case:
    """Rows of one or more subjects; `derive()` gives all tables of the subject and CRS stages."""

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {
            d: [] for d in ("dm", "ex", "ae", "vs", "cm", "pr", "ds", "fa", "ho", "dd", "lb", "mh")
        }
        self.age = 55

    def add(self, domain: str, **row: Any) -> Case:
        self.rows[domain].append({"USUBJID": U} | row)
        return self

    def dose(self, at: str = "2024-01-01T10:00", **row: Any) -> Case:
        return self.add("ex", EXTRT="CART", EXSTDTC=at, EXENDTC=at, **row)

    def crs(
        self,
        start: str | None = "2024-01-03T08:00",
        end: str | None = "2024-01-05T08:00",
        **row: Any,
    ) -> Case:
        base = {"AEDECOD": "Cytokine release syndrome", "AEOUT": "RECOVERED/RESOLVED"}
        return self.add("ae", **(base | {"AESTDTC": start, "AEENDTC": end} | row))

    def vital(self, test: str, value: float, at: str) -> Case:
        return self.add("vs", VSTESTCD=test, VSSTRESN=value, VSDTC=at)

    def temp(self, value: float, at: str = "2024-01-03T08:00") -> Case:
        return self.vital("TEMP", value, at)

    def pressor(
        self,
        drug: str,
        dose: float | None,
        start: str,
        end: str | None,
        unit: str = "ug/min",
        **row: Any,
    ) -> Case:
        return self.add(
            "cm", CMTRT=drug, CMDOSE=dose, CMDOSU=unit, CMSTDTC=start, CMENDTC=end, **row
        )

    def oxygen(
        self,
        device: str,
        flow: float | None = None,
        start: str = "2024-01-03T10:00",
        end: str | None = "2024-01-03T20:00",
        **row: Any,
    ) -> Case:
        return self.add("pr", PRTRT=device, PRDOSE=flow, PRSTDTC=start, PRENDTC=end, **row)

    def filled(self) -> dict[str, Rows]:
        """The rows, with a dose, demographics and a disposition where the test gave none."""
        rows = dict(self.rows)
        if not rows["ex"]:
            rows["ex"] = [{"USUBJID": U, "EXTRT": "CART", "EXSTDTC": "2024-01-01T10:00"}]
        if not rows["dm"]:
            rows["dm"] = [
                {"USUBJID": u, "AGE": float(self.age), "ARM": "A"}
                for u in sorted({r["USUBJID"] for r in rows["ex"]})
            ]
        if not rows["ds"]:
            rows["ds"] = [
                {
                    "USUBJID": r["USUBJID"],
                    "DSDECOD": "ONGOING",
                    "DSCAT": "DISPOSITION EVENT",
                    "DSSTDTC": "2024-03-01",
                }
                for r in rows["dm"]
            ]
        return rows

    def derive(self, **changes: Any) -> dict[str, pl.DataFrame]:
        return TOGETHER.ask(self.filled(), study(**changes))

    def grade(self, system: str = "ASTCT2019", **changes: Any) -> int | None:
        grades = self.derive(**changes)["grades"].filter(
            pl.col("SYSTEM") == system, pl.col("BASIS") == "derived"
        )
        assert grades.height == 1
        return grades["GRADE"][0]


def new_febrile() -> Case:
    """A recorded CRS on days 3 to 5 with fever at its onset and normal readings at its end."""
    return (
        Case()
        .crs()
        .vital("WEIGHT", 80, "2024-01-01T08:00")
        .temp(38.5)
        .temp(36.6, "2024-01-05T08:00")
        .vital("SYSBP", 120, "2024-01-03T08:00")
    )


@pytest.fixture(scope="module", autouse=True)
def together(request: pytest.FixtureRequest) -> Iterator[None]:
    """The cases of a file are derived in one study for each setting."""
    makers = {"case": Case, "febrile": new_febrile}
    TOGETHER.rehearse(rehearsals(request.session.items, request.module, makers))
    yield
    TOGETHER.forget()


@pytest.fixture
def case() -> Case:
    """A subject without rows."""
    return Case()


@pytest.fixture
def febrile() -> Case:
    """The subject of new_febrile."""
    return new_febrile()
