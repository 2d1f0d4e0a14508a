"""The open questions of the grading rules whose sensible answers are tried against each other.

Left out on purpose: readings that need data which most studies lack (map65, drop_from_baseline,
infant_sbp), those that ask for a grade to be withheld (missing_pressor_dose, o2_missing: null),
those about episodes and their ends rather than grades (merge_gap_h, resolution_gap_h, end_source),
corrections of measurements (temp_site_offset, temp_round) and parameters that are ours and no
reading of a guideline (vital_hold_h, pressor_open_h, baseline_window_d). hypotension_rule sbp90
differs in children alone. A study's own setting of any of them holds in every reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from pipeline.crs.codelists import Rows
from pipeline.crs.systems import read_criteria
from pipeline.study import Study

Part = Literal["vitals", "vasopressor", "oxygen", "events", "gates", "rules"]
PARTS: tuple[Part, ...] = ("vitals", "vasopressor", "oxygen", "events", "gates", "rules")

Change = tuple[str, Any]
"""A switch and a value that differs from the study's own."""
Reading = tuple[Change, ...]
"""Changes in the order of QUESTIONS; empty for the study's own reading."""


@dataclass(frozen=True)
class Question:
    """A switch, the positions that a careful reader could take, and where it works."""

    switch: str
    positions: tuple[Any, ...]
    part: Part
    ladders: tuple[str, ...] = ()
    """Ladders that it changes; it concerns a system that looks at one of them."""


PRESSORS = ("vasopressor", "pressor_dose")
ORGANS = ("organ", "creatinine", "transaminase")

# In the order of section 4 of the grading companion.
QUESTIONS = (
    Question("bp_confirm", ("any", "two_within"), "vitals", ("hypotension",)),
    Question("vasopressin_alone_grade", (3, 2), "rules"),
    Question("vasopressin_class", ("vasopressin", "plus_terlipressin"), "vasopressor", PRESSORS),
    Question("pressor_count", ("concurrent", "ever"), "vasopressor", PRESSORS),
    Question("min_overlap_min", (0, 60), "vasopressor", PRESSORS),
    Question("pressor_set", ("vasopressors", "plus_inotropes"), "vasopressor", PRESSORS),
    Question("bolus_pressor_counts", (False, True), "vasopressor", PRESSORS),
    Question("hfnc_rule", ("flow", "device"), "oxygen", ("oxygen", "fio2")),
    Question("fio2_from_flow", ("rule4", "device_only"), "oxygen", ("fio2",)),
    Question("fever_carry_h", (24, 12, 48), "gates"),
    Question("fever_waiver_set", ("all", "anticytokine_steroid"), "gates"),
    Question("premed_counts", (False, True), "gates"),
    Question("masked_onset_allowed", (False, True), "gates"),
    # Positions: the study's list with this system put in or taken out.
    Question("niv_is_ventilator", (), "rules"),
    Question("ctcae5_multi_pressor", (4, 3), "rules"),
    Question("mskcc_fluids_only_grade", (1, 2), "rules"),
    Question("penn_organ4", (4, 3), "rules"),
    Question("lee_vasopressin_counts", (True, False), "rules"),
    Question("high_dose_min_h", (3, 0), "rules"),
    Question("missing_duration", ("satisfied", "unsatisfied"), "rules"),
    Question("spo2_only_counts", (False, True), "vitals", ("oxygen", "fio2")),
    Question("date_only_concurrency", ("assume_no", "assume_yes"), "vasopressor", PRESSORS),
    Question("death_rule", ("stated", "any_during"), "events", ("death",)),
    Question("organ_link", ("related", "any"), "events", ORGANS),
)
ORDER = {question.switch: i for i, question in enumerate(QUESTIONS)}

NIV_SETTLED = ("ASTCT2019", "PENN")
"""Systems whose text says itself whether non-invasive pressure is a ventilator."""


def alternatives(study: Study, system: str) -> list[Change]:
    """Every change of one switch that concerns a system and that a careful reader could make."""
    ours = criteria_of(study, system)
    return [
        (question.switch, value)
        for question in QUESTIONS
        for value in _others(question, study, system)
        if _concerns(question, value, study, ours)
    ]


def changed(study: Study, reading: Reading) -> Study:
    """The study as it would be under a reading."""
    switches = study.switches.model_copy(update=dict(reading))
    return study.model_copy(update={"switches": switches})


def part_of(reading: Reading, part: Part) -> Reading:
    """The changes of a reading that work in one part of the derivation."""
    return tuple(c for c in reading if QUESTIONS[ORDER[c[0]]].part == part)


def criteria_of(study: Study, system: str) -> pl.DataFrame:
    """The criteria of one system under the study's switches."""
    return read_criteria(*_rules(study)).filter(pl.col("SYSTEM") == system)


def rows_that_differ(study: Study, ours: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Criteria rows that a change of the rules touches.

    Args:
        study: the study.
        ours: a system's criteria under the study's own switches.
        reading: the change.
    """
    theirs = read_criteria(*_rules(changed(study, reading)))
    theirs = theirs.join(ours.select("SYSTEM").unique(), on="SYSTEM", how="semi")
    on = [c for c in ours.columns if c != "ROWNO"]
    parts = [
        ours.join(theirs, on=on, how="anti", nulls_equal=True),
        theirs.join(ours, on=on, how="anti", nulls_equal=True),
    ]
    if "missing_duration" in dict(reading):
        parts += [rows.filter(pl.col("MIN_HOURS") > 0) for rows in (ours, theirs)]
    return pl.concat(parts)


def words(reading: Reading) -> str:
    """A reading as text: name=value; name=value."""
    return "; ".join(f"{name}={_word(value)}" for name, value in reading)


def _others(question: Question, study: Study, system: str) -> list[Any]:
    own = getattr(study.switches, question.switch)
    if question.switch != "niv_is_ventilator":
        return [value for value in question.positions if value != own]
    if system in NIV_SETTLED:
        return []
    return [sorted(set(own) ^ {system})]


def _concerns(question: Question, value: Any, study: Study, ours: pl.DataFrame) -> bool:
    if question.part == "gates":
        return ours["GATE"].is_not_null().any()
    if question.part == "rules":
        return not rows_that_differ(study, ours, ((question.switch, value),)).is_empty()
    return ours["LADDER"].is_in(question.ladders).any()


def _rules(study: Study) -> tuple[dict[str, Any], Rows]:
    return study.switches.model_dump(), study.codelists.get("criteria", ())


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
