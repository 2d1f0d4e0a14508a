"""Readings of the grading rules that the guidelines leave open, and analysis parameters."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A part of study.yaml: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Switches(Strict):
    """Readings of the grading rules that the guidelines leave open, and analysis parameters.

    The descriptions stand on the methods page and in docs/grading.md.
    """

    hypotension_rule: Literal["age", "sbp90", "drop_from_baseline", "map65", "investigator"] = (
        Field(
            default="age",
            description="which blood pressure is hypotension: systolic by age or below 90, "
            "a drop from baseline, a mean below 65, or what the investigator recorded",
        )
    )
    sbp_adult: float = Field(default=90, description="systolic limit in mmHg above 10 years of age")
    hypotension_drop_mmhg: float = Field(
        default=40, gt=0, description="the drop in mmHg of drop_from_baseline"
    )
    bp_confirm: Literal["any", "two_within"] = Field(
        default="any", description="whether one low pressure is enough, or two within bp_confirm_h"
    )
    bp_confirm_h: float = Field(
        default=2, gt=0, description="hours within which two low pressures confirm each other"
    )
    vasopressin_alone_grade: Literal[2, 3] = Field(
        default=3, description="ASTCT grade of vasopressin as the only vasopressor"
    )
    vasopressin_class: Literal["vasopressin", "plus_terlipressin"] = Field(
        default="vasopressin", description="which drugs ASTCT's exemption of vasopressin covers"
    )
    pressor_count: Literal["concurrent", "ever"] = Field(
        default="concurrent",
        description="several vasopressors: running at once, or all given so far",
    )
    min_overlap_min: float = Field(
        default=0,
        ge=0,
        description="minutes that two vasopressors overlap before they count as several",
    )
    pressor_set: Literal["vasopressors", "plus_inotropes"] = Field(
        default="vasopressors", description="whether inotropes count as vasopressors"
    )
    bolus_pressor_counts: bool = Field(
        default=False, description="whether a bolus of a vasopressor counts like an infusion"
    )
    missing_pressor_dose: Literal["low", "null"] = Field(
        default="low",
        description="a vasopressor without a dose: low, or no grade where it could be raised",
    )
    pressor_open_h: float = Field(
        default=24, gt=0, description="longest time in hours of an infusion without a recorded stop"
    )
    o2_missing: Literal["low", "null"] = Field(
        default="low",
        description="oxygen without a flow: low, or no grade where it could be raised",
    )
    hfnc_rule: Literal["flow", "device"] = Field(
        default="flow",
        description="a high-flow cannula at 6 L/min or less: low by flow, or high by device",
    )
    fio2_from_flow: Literal["rule4", "device_only"] = Field(
        default="rule4",
        description="a cannula's FiO2: 0.20 + 0.04 per L/min, or below 0.40 at any flow",
    )
    resolution_gap_h: float = Field(
        default=24, gt=0, description="hours without a sign after which CRS has ended"
    )
    end_source: Literal["collected", "derived"] = Field(
        default="collected", description="which end of an episode counts; both are kept"
    )
    merge_gap_h: float = Field(
        default=24,
        gt=0,
        description="two records with fewer free hours between them are one episode",
    )
    reindex_on_dose: bool = Field(
        default=True, description="whether a dose between two records starts a new episode"
    )
    fever_c: float = Field(
        default=38.0, ge=37, le=40, description="fever begins at this temperature in degrees C"
    )
    fever_carry_h: float = Field(
        default=24,
        ge=0,
        description="hours for which a fever keeps ASTCT's condition of fever fulfilled",
    )
    fever_waiver_set: Literal["all", "anticytokine_steroid"] = Field(
        default="all",
        description="drugs after which ASTCT requires fever no longer: all, or no antipyretics",
    )
    premed_counts: bool = Field(
        default=False, description="whether premedication waives the fever too"
    )
    masked_onset_allowed: bool = Field(
        default=False, description="whether ASTCT may grade without any fever"
    )
    niv_is_ventilator: list[str] = Field(
        default=["ASTCT2019", "CTCAE4", "CTCAE5"],
        description="systems in which non-invasive ventilation is mechanical ventilation",
    )
    ctcae5_multi_pressor: Literal[3, 4] = Field(
        default=4, description="CTCAE v5 grade of several vasopressors"
    )
    mskcc_fluids_only_grade: Literal[1, 2] = Field(
        default=1, description="MSKCC grade of hypotension treated by fluids alone"
    )
    penn_organ4: Literal[3, 4] = Field(
        default=4, description="Penn grade of an organ toxicity of grade 4"
    )
    lee_vasopressin_counts: bool = Field(
        default=True,
        description="whether vasopressin counts as one of several vasopressors in Lee and CARTOX",
    )
    high_dose_min_h: float = Field(
        default=3, ge=0, description="hours for which a high vasopressor dose must run"
    )
    missing_duration: Literal["satisfied", "unsatisfied"] = Field(
        default="satisfied",
        description="a high dose without a recorded stop: taken as long enough, or not",
    )
    spo2_only_counts: bool = Field(
        default=False, description="whether a saturation below 90% without oxygen is hypoxia"
    )
    baseline_window_d: int = Field(
        default=7,
        ge=0,
        description="days before the first dose in which support that is no CRS is sought",
    )
    temp_site_offset: dict[str, float] = Field(
        default={}, description="degrees C added by site of measurement, such as AXILLA: 0.5"
    )
    temp_round: Literal["none", "1dp"] = Field(
        default="none", description="temperatures compared as measured, or rounded to one decimal"
    )
    date_only_concurrency: Literal["assume_no", "assume_yes"] = Field(
        default="assume_no",
        description="whether vasopressors of one day without clock times ran at once",
    )
    onset_window_d: int = Field(
        default=14, gt=0, description="an onset later than this many days is flagged"
    )
    death_rule: Literal["stated", "any_during"] = Field(
        default="stated",
        description="grade 5: death stated as due to CRS, or any death while CRS lasted",
    )
    organ_link: Literal["related", "any"] = Field(
        default="related",
        description="organ toxicity counts if recorded as related to treatment, or in any case",
    )
    infant_sbp: float | None = Field(
        default=None, description="systolic limit in mmHg below 1 year of age; none is published"
    )
    min_onset_h: float = Field(
        default=0, description="an onset earlier than this many hours is flagged"
    )
    vital_hold_h: float = Field(
        default=12, gt=0, description="longest time in hours that one reading holds"
    )
    dose_join_h: float = Field(
        default=6,
        ge=0,
        description="rows of one product fewer than this many hours apart are one dose",
    )

    def in_seconds(self) -> dict[str, Any]:
        """All switches for SQL: those in hours (x_h) also as whole seconds (x_s)."""
        values = self.model_dump()
        hours = {k: v for k, v in values.items() if k.endswith("_h")}
        return values | {k.removesuffix("_h") + "_s": round(v * 3600) for k, v in hours.items()}
