"""study.yaml: what a study says about itself, checked before anything is read.

Unknown keys are errors with a suggestion; every error names file, key and rule.
"""

from __future__ import annotations

import csv
import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

STUDY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")

Cohort = Literal["car_t", "bispecific"]
Role = Literal["trigger", "lymphodepletion", "pretreatment", "bridging"]


class StudyError(Exception):
    """A study that cannot be taken: names file, key and rule, one message per problem."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {p}" for p in problems))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Product(_Strict):
    """A product and the EXTRT values that name it; only a trigger starts clocks."""

    extrt: list[str] = Field(min_length=1)
    role: Role = "trigger"


class ScheduledDose(_Strict):
    """A step of a step-up schedule: a dose of this size is called by this name."""

    name: str
    dose: float = Field(gt=0)
    unit: str
    day: int = Field(ge=1)


class Publish(_Strict):
    """What may be shown: subject-level pages, and the smallest cell that is printed."""

    subject_level: bool = False
    min_cell: int = Field(default=5, ge=0)


class Switches(_Strict):
    """Readings of the grading rules that the guidelines leave open, and analysis parameters.

    Numbers in the descriptions refer to section 4 of the grading companion in docs/grading.md.
    """

    hypotension_rule: Literal["age", "sbp90", "drop_from_baseline", "map65", "investigator"] = (
        Field(default="age", description="4.1 which blood pressure is hypotension")
    )
    sbp_adult: float = Field(default=90, description="4.1 systolic limit above 10 years of age")
    hypotension_drop_mmhg: float = Field(default=40, gt=0, description="4.1 drop_from_baseline")
    bp_confirm: Literal["any", "two_within"] = Field(
        default="any", description="4.2 one low pressure, or two within bp_confirm_h"
    )
    bp_confirm_h: float = Field(default=2, gt=0, description="4.2")
    vasopressin_alone_grade: Literal[2, 3] = Field(default=3, description="4.3 in ASTCT")
    vasopressin_class: Literal["vasopressin", "plus_terlipressin"] = Field(
        default="vasopressin", description="4.4 what is exempt as vasopressin"
    )
    pressor_count: Literal["concurrent", "ever"] = Field(
        default="concurrent", description="4.5 agents at once, or all so far"
    )
    min_overlap_min: float = Field(default=0, ge=0, description="4.5 a shorter overlap is none")
    pressor_set: Literal["vasopressors", "plus_inotropes"] = Field(
        default="vasopressors", description="4.6 whether inotropes count"
    )
    bolus_pressor_counts: bool = Field(default=False, description="4.7")
    missing_pressor_dose: Literal["low", "null"] = Field(
        default="low", description="4.8 null: no grade where the dose could lift it"
    )
    pressor_open_h: float = Field(
        default=24, gt=0, description="4.8 longest time of an infusion without a stop"
    )
    o2_missing: Literal["low", "null"] = Field(
        default="low", description="4.9 null: no grade where the flow could lift it"
    )
    hfnc_rule: Literal["flow", "device"] = Field(default="flow", description="4.10 low HFNC")
    fio2_from_flow: Literal["rule4", "device_only"] = Field(default="rule4", description="4.11")
    resolution_gap_h: float = Field(default=24, gt=0, description="4.12 sign-free hours end CRS")
    end_source: Literal["collected", "derived"] = Field(
        default="collected", description="4.12 which end counts; both are kept"
    )
    merge_gap_h: float = Field(
        default=24, gt=0, description="4.13 free hours that join two records"
    )
    reindex_on_dose: bool = Field(default=True, description="4.13 a dose starts a new episode")
    fever_c: float = Field(default=38.0, ge=37, le=40, description="fever threshold in C")
    fever_carry_h: float = Field(
        default=24, ge=0, description="4.14 hours for which fever keeps the ASTCT gate open"
    )
    fever_waiver_set: Literal["all", "anticytokine_steroid"] = Field(
        default="all", description="4.15 drugs after which fever is no longer required"
    )
    premed_counts: bool = Field(default=False, description="4.15 premedication waives fever too")
    masked_onset_allowed: bool = Field(default=False, description="4.16 ASTCT without any fever")
    niv_is_ventilator: list[str] = Field(
        default=["ASTCT2019", "CTCAE4", "CTCAE5"], description="4.17 systems in which it is"
    )
    ctcae5_multi_pressor: Literal[3, 4] = Field(default=4, description="4.18")
    mskcc_fluids_only_grade: Literal[1, 2] = Field(default=1, description="4.19")
    penn_organ4: Literal[3, 4] = Field(default=4, description="4.20 Penn at organ grade 4")
    lee_vasopressin_counts: bool = Field(
        default=True, description="4.21 vasopressin counts as one of several (Lee, CARTOX)"
    )
    high_dose_min_h: float = Field(default=3, ge=0, description="4.22 hours of a high pressor dose")
    missing_duration: Literal["satisfied", "unsatisfied"] = Field(
        default="satisfied", description="4.22 an infusion without a stop lasted long enough"
    )
    spo2_only_counts: bool = Field(
        default=False, description="4.23 a saturation below 90 % without oxygen is hypoxia"
    )
    baseline_window_d: int = Field(
        default=7, ge=0, description="4.24 days in which baseline support is sought"
    )
    temp_site_offset: dict[str, float] = Field(
        default={}, description="4.25 C added by VSLOC, such as AXILLA: 0.5"
    )
    temp_round: Literal["none", "1dp"] = Field(default="none", description="4.25")
    date_only_concurrency: Literal["assume_no", "assume_yes"] = Field(
        default="assume_no", description="4.26 pressors of one day without times ran at once"
    )
    onset_window_d: int = Field(default=14, gt=0, description="4.27 later onset is flagged")
    death_rule: Literal["stated", "any_during"] = Field(
        default="stated", description="4.29 death due to CRS as stated, or any while CRS lasted"
    )
    organ_link: Literal["related", "any"] = Field(
        default="related", description="4.30 organ toxicity must be recorded as related or not"
    )
    infant_sbp: float | None = Field(
        default=None, description="4.31 systolic limit below 1 year; none is published"
    )
    min_onset_h: float = Field(default=0, description="4.32 an earlier onset is flagged")
    vital_hold_h: float = Field(default=12, gt=0, description="longest time that one reading holds")
    dose_join_h: float = Field(default=6, ge=0, description="rows this close are one dose")

    def in_seconds(self) -> dict[str, Any]:
        """All switches for SQL: those in hours (x_h) also as whole seconds (x_s)."""
        values = self.model_dump()
        hours = {k: v for k, v in values.items() if k.endswith("_h")}
        return values | {k.removesuffix("_h") + "_s": round(v * 3600) for k, v in hours.items()}


class Study(_Strict):
    """A study drop's own description (DESIGN section 3)."""

    study: str
    title: str
    cohort: Cohort | dict[str, Cohort]
    data_kind: Literal["real", "simulated", "test"]
    pool: bool = True
    products: dict[str, Product] = Field(min_length=1)
    schedule: list[ScheduledDose] = []
    collected_scale: str = "unknown"
    scale_source: Literal["stated", "assumed"] = "assumed"
    primary_system: str = "ASTCT2019"
    primary_basis: Literal["collected", "derived"] | None = None
    data_cutoff: str | None = None
    ae_collection_days: int | None = Field(default=None, ge=1)
    indication: str | None = None
    line: str | None = None
    setting: str | None = None
    covariates: dict[str, str] = {}
    switches: Switches = Switches()
    codelists: dict[str, list[dict[str, str | None]]] = {}
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


# Extensions of our codelists, and grading systems of a study's own.
CODELISTS = (
    "devices", "dose_units", "drugs", "event_terms", "intents", "organ_terms", "pressor_doses",
    "sign_terms", "support_reasons", "terms", "systems", "criteria",
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


ExtrtMap = Annotated[dict[str, tuple[str, Role]], "EXTRT in capitals -> (product, role)"]


def extrt_map(study: Study) -> ExtrtMap:
    """Which product and role an EXTRT value stands for (compared without case and outer blanks)."""
    return {
        extrt.strip().upper(): (name, product.role)
        for name, product in study.products.items()
        for extrt in product.extrt
    }
