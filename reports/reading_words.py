"""The open questions of the grading rules in words for a reader, as "name=value" says them."""

from __future__ import annotations

WORDS = {
    "bp_confirm=any": "One low blood pressure is hypotension",
    "bp_confirm=two_within": "A low blood pressure counts only if seen twice",
    "vasopressin_alone_grade=2": "Vasopressin alone is grade 2 (ASTCT)",
    "vasopressin_alone_grade=3": "Vasopressin alone is grade 3 (ASTCT)",
    "vasopressin_class=vasopressin": "Vasopressin alone is exempt from the count of vasopressors",
    "vasopressin_class=plus_terlipressin": "Terlipressin is exempt from the count like vasopressin",
    "pressor_count=concurrent": "Vasopressors count together only while they run at once",
    "pressor_count=ever": "Every vasopressor so far counts, not only those that run at once",
    "min_overlap_min=0": "Vasopressors that overlap for a moment run at once",
    "min_overlap_min=60": "Vasopressors must overlap for an hour to run at once",
    "pressor_set=vasopressors": "Inotropes are no vasopressors",
    "pressor_set=plus_inotropes": "Inotropes count as vasopressors",
    "bolus_pressor_counts=false": "A bolus of a vasopressor does not count",
    "bolus_pressor_counts=true": "A bolus of a vasopressor counts",
    "hfnc_rule=flow": "A high-flow cannula counts by its flow",
    "hfnc_rule=device": "A high-flow cannula is high-flow whatever its flow",
    "fio2_from_flow=rule4": "Inspired oxygen is worked out from the flow (4 % a litre)",
    "fio2_from_flow=device_only": "Inspired oxygen only as recorded or as the device fixes it",
    "fever_carry_h=12": "Fever keeps the way to other signs open for 12 hours",
    "fever_carry_h=24": "Fever keeps the way to other signs open for 24 hours",
    "fever_carry_h=48": "Fever keeps the way to other signs open for 48 hours",
    "fever_waiver_set=all": "After any antipyretic, anticytokine or steroid, fever is not required",
    "fever_waiver_set=anticytokine_steroid": (
        "After an anticytokine or steroid, not an antipyretic, fever is not required"
    ),
    "premed_counts=false": "Premedication does not lift the need of fever",
    "premed_counts=true": "After premedication, too, fever is not required",
    "masked_onset_allowed=false": "There must have been fever at onset (ASTCT)",
    "masked_onset_allowed=true": "Fever at onset may have been masked (ASTCT)",
    "ctcae5_multi_pressor=3": "Several vasopressors are grade 3 (CTCAE v5)",
    "ctcae5_multi_pressor=4": "Several vasopressors are grade 4 (CTCAE v5)",
    "mskcc_fluids_only_grade=1": "Fluids alone are grade 1 (MSKCC)",
    "mskcc_fluids_only_grade=2": "Fluids alone are grade 2 (MSKCC)",
    "penn_organ4=3": "An organ toxicity of grade 4 is grade 3 (Penn)",
    "penn_organ4=4": "An organ toxicity of grade 4 is grade 4 (Penn)",
    "lee_vasopressin_counts=true": "Vasopressin is one of several vasopressors (Lee, CARTOX)",
    "lee_vasopressin_counts=false": "Vasopressin is not one of several vasopressors (Lee, CARTOX)",
    "high_dose_min_h=0": "A high vasopressor dose counts however short",
    "high_dose_min_h=3": "A high vasopressor dose counts from three hours on",
    "missing_duration=satisfied": "An infusion without a stop lasted long enough",
    "missing_duration=unsatisfied": "An infusion without a stop did not last long enough",
    "spo2_only_counts=false": "Low saturation without oxygen given is no hypoxia",
    "spo2_only_counts=true": "A saturation below 90 % without oxygen given is hypoxia",
    "date_only_concurrency=assume_no": "Vasopressors of one day without times did not run at once",
    "date_only_concurrency=assume_yes": "Vasopressors of one day without times ran at once",
    "death_rule=stated": "Death due to CRS as stated",
    "death_rule=any_during": "Any death while CRS lasted is due to it",
    "organ_link=related": "Organ toxicity counts if recorded as related",
    "organ_link=any": "Organ toxicity counts whether or not recorded as related",
}
_LISTS = {"niv_is_ventilator": "Non-invasive ventilation is a ventilator in: {}"}


def reading_words(switches: str) -> str:
    """A reading, "name=value; name=value", in words; the study's own one is empty."""
    if not switches:
        return "As the study reads them"
    return ". ".join(_one(switch) for switch in switches.split("; "))


def _one(switch: str) -> str:
    name, _, value = switch.partition("=")
    if name in _LISTS:
        return _LISTS[name].format(value.strip("[]") or "no system")
    return WORDS.get(switch, switch)
