"""Readings of the grading rules that the guidelines leave open, and analysis parameters."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A part of study.yaml: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Switches(Strict):
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
        default="satisfied",
        description="4.22 an infusion without a stop lasts pressor_open_h",
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
