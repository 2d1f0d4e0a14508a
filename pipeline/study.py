"""study.yaml: what a study says about itself, checked before anything is read.

Unknown keys are errors with a suggestion; every error names file, key and rule.
"""

from __future__ import annotations

import csv
import difflib
import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from pipeline.schemas.codelists import CodelistError, laboratory_codelists
from pipeline.schemas.covariate_rules import read_rule
from pipeline.switches import Strict, Switches

STUDY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")

Cohort = Literal["car_t", "bispecific"]
Role = Literal["trigger", "lymphodepletion", "pretreatment", "bridging"]


class StudyError(Exception):
    """A study that cannot be taken: names file, key and rule, one message per problem."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {p}" for p in problems))


class Product(Strict):
    """A product and the EXTRT values that name it; only a trigger starts clocks."""

    extrt: list[str] = Field(min_length=1)
    role: Role = "trigger"


class ScheduledDose(Strict):
    """A step of a step-up schedule: a dose of this size is called by this name."""

    name: str
    dose: float = Field(gt=0)
    unit: str
    day: int = Field(ge=1)


class Publish(Strict):
    """What may be shown: subject-level pages, and the smallest cell that is printed."""

    subject_level: bool = False
    min_cell: int = Field(default=5, ge=0)


class Study(Strict):
    """A study drop's own description (DESIGN section 3)."""

    study: str
    title: str
    cohort: Cohort | dict[str, Cohort]
    data_kind: Literal["real", "simulated", "test"]
    pool: bool = True
    products: dict[str, Product] = Field(min_length=1)
    schedule: list[ScheduledDose] = Field(default=[])
    collected_scale: str = "unknown"
    scale_source: Literal["stated", "assumed"] = "assumed"
    primary_system: str = "ASTCT2019"
    primary_basis: Literal["collected", "derived"] | None = None
    data_cutoff: str | None = None
    ae_collection_days: int | None = Field(default=None, ge=1)
    indication: str | None = None
    line: str | None = None
    setting: str | None = None
    covariates: dict[str, str] = Field(default={})
    risk_factors: list[str] = Field(default=[])
    switches: Switches = Switches()
    codelists: dict[str, list[dict[str, str | None]]] = Field(default={})
    publish: Publish = Publish()

    @field_validator("study")
    @classmethod
    def _study_id(cls, value: str) -> str:
        if not STUDY_ID.fullmatch(value):
            raise ValueError(
                "a study is named by 1 to 32 letters, digits, _ or -, the first a letter or digit"
            )
        return value

    @field_validator("products", mode="before")
    @classmethod
    def _short_products(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: {"extrt": v} if isinstance(v, list) else v for k, v in value.items()}
        return value

    @field_validator("data_cutoff", mode="before")
    @classmethod
    def _cutoff_text(cls, value: Any) -> Any:
        # YAML reads 2024-03-01 as a date.
        return None if value is None else str(value)

    @model_validator(mode="after")
    def _some_trigger(self) -> Study:
        if not any(p.role == "trigger" for p in self.products.values()):
            raise ValueError("products: at least one needs role trigger, else no clock starts")
        seen: dict[str, str] = {}
        for name, product in self.products.items():
            for extrt in product.extrt:
                other = seen.setdefault(extrt.strip().upper(), name)
                if other != name:
                    raise ValueError(
                        f"products: EXTRT {extrt!r} stands under {other!r} and {name!r}"
                    )
        return self

    @model_validator(mode="after")
    def _covariates_known(self) -> Study:
        for name, text in self.covariates.items():
            try:
                self._check_covariate(name, text)
            except (ValueError, CodelistError) as error:
                raise ValueError(f"covariates.{name}: {error}") from None
        for name in self.risk_factors:
            if name not in self.covariates:
                raise ValueError(f"risk_factors: {name!r} is not one of covariates")
        return self

    def _check_covariate(self, name: str, text: str) -> None:
        if not name.strip() or name.upper() in OWN_COVARIATES:
            raise ValueError("this name is taken; every study has it")
        rule = read_rule(text)
        if rule.domain == "LB":
            tests = laboratory_codelists(self.codelists)["lab_tests"]["LBTESTCD"].to_list()
            if rule.name not in tests:
                close = difflib.get_close_matches(str(rule.name), tests, n=1)
                hint = f"; did you mean {close[0]!r}?" if close else ""
                raise ValueError(f"the codelist lab_tests has no {rule.name!r}{hint}")

    def cohort_of(self, arm: str | None) -> Cohort | None:
        """Cohort of a subject by arm; null where cohorts are given per arm and this arm is not."""
        if isinstance(self.cohort, str):
            return self.cohort
        return self.cohort.get(arm or "")


def load_study(drop: Path) -> Study:
    """Read DROP/study.yaml.

    Raises:
        StudyError: the file is missing, is not YAML, or breaks a rule; all problems at once.
    """
    path = drop / "study.yaml"
    if not path.is_file():
        raise StudyError(path, [f"missing; write one with: crsight new-study {drop}"])
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StudyError(path, [f"not readable as YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(raw, dict):
        raise StudyError(path, ["must hold keys and values, such as `study: ABC01`"])
    raw["codelists"] = _read_codelists(path, raw.get("codelists") or {})
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        raise StudyError(path, [_explain(e) for e in error.errors()]) from None
    if study.study != drop.name:
        raise StudyError(
            path, [f"study: {study.study!r} differs from the folder name {drop.name!r}"]
        )
    return study


# Covariates that every study has; AGE and SEX from DM, the others by the codelist risk_terms.
OWN_COVARIATES = ("AGE", "SEX", "AUTOIMMUNE", "GENETIC", "HLH")

# Extensions of our codelists, and grading systems of a study's own.
CODELISTS = (
    "devices", "dose_units", "drugs", "event_terms", "intents", "lab_tests", "lab_units",
    "organ_terms", "pressor_doses", "risk_terms", "sign_terms", "support_reasons", "terms",
    "systems", "criteria",
)  # fmt: skip


def _read_codelists(path: Path, named: Any) -> dict[str, list[dict[str, str | None]]]:
    """Rows of the CSV files that `codelists` names, read from the drop.

    Raises:
        StudyError: an unknown codelist, or a file that is not there or not readable.
    """
    if not isinstance(named, dict):
        raise StudyError(path, ["codelists: must name files, such as `drugs: my_drugs.csv`"])
    problems: list[str] = []
    rows: dict[str, list[dict[str, str | None]]] = {}
    for name, file in named.items():
        if name not in CODELISTS:
            problems.append(f"codelists.{name}: unknown; there are {', '.join(CODELISTS)}")
            continue
        try:
            with (path.parent / str(file)).open(newline="", encoding="utf-8-sig") as handle:
                rows[name] = [
                    {k: v or None for k, v in row.items()} for row in csv.DictReader(handle)
                ]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            problems.append(f"codelists.{name}: {file} cannot be read: {error}")
    if problems:
        raise StudyError(path, problems)
    return rows


_MODELS: dict[str, type[BaseModel]] = {
    "switches": Switches, "publish": Publish, "products": Product, "schedule": ScheduledDose,
}  # fmt: skip


def _explain(error: Any) -> str:
    where = [str(part) for part in error["loc"]]
    key = ".".join(where)
    if error["type"] == "extra_forbidden":
        model = _MODELS.get(where[0], Study) if len(where) > 1 else Study
        close = difflib.get_close_matches(where[-1], model.model_fields, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return f"{key}: unknown key{hint}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key else message


def extrt_map(study: Study) -> dict[str, tuple[str, Role]]:
    """Which product and role an EXTRT value stands for (compared without case and outer blanks)."""
    return {
        extrt.strip().upper(): (name, product.role)
        for name, product in study.products.items()
        for extrt in product.extrt
    }
