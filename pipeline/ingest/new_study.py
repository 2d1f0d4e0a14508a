"""A first study.yaml for a drop, guessed from its data, with the reason for each guess."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl

from pipeline.ingest.files import list_files
from pipeline.ingest.readers import READERS, UnreadableError
from pipeline.study import STUDY_ID

# By non-proprietary name: -cel are cells; -mab and -fusp that engage T cells are named one by one.
_CELLS = r"CEL\b|LEUCEL|CAR[- ]?T\b"
_BISPECIFIC = (
    r"TECLISTAMAB|EPCORITAMAB|GLOFITAMAB|MOSUNETUZUMAB|TALQUETAMAB|ELRANATAMAB|TARLATAMAB|ODRONEXTAMAB"
    r"|LINVOSELTAMAB|BLINATUMOMAB|CATUMAXOMAB|TEBENTAFUSP|BISPECIFIC|BITE\b"
)
_ROLES = {
    "lymphodepletion": r"FLUDARABINE|CYCLOPHOSPHAMIDE|BENDAMUSTINE|LYMPHODEPLET",
    "pretreatment": (
        r"OBINUTUZUMAB|DEXAMETHASONE|PREDNISO|PARACETAMOL|ACETAMINOPHEN|DIPHENHYDRAMINE"
        r"|TOCILIZUMAB|PLACEBO|PRETREAT|PREMED"
    ),
    "bridging": r"BRIDGING|RITUXIMAB|GEMCITABINE|OXALIPLATIN|POLATUZUMAB",
}


def draft_study_yaml(drop: Path) -> str:
    """Text of a study.yaml that can be loaded as it is, every guess with its reason beside it."""
    exposure = _frame(drop, "EX")
    doses = _doses(exposure)
    cohort, why = _cohort(doses)
    lines = [
        "# A draft by crsight new-study. Read every line: the reasons tell how far to trust it.",
        *_study(drop, exposure),
        f"title: {_quoted(drop.name)}  # nothing in the data says it; write the protocol's",
        f"cohort: {cohort}  # {why}",
        "# What the data are: real, simulated or test. Kinds are never compared with each other.",
        "data_kind: real  # assumed; simulated and test data must say so",
        "pool: true  # false keeps the study out of the cohort page",
        "# Products and the EXTRT values that name them. Only a trigger starts clocks.",
        "products:",
        *_products(doses),
        *_schedule(doses, cohort),
        *_scale(drop),
        "primary_system: ASTCT2019  # the system shown first",
        "# data_cutoff: 2024-01-31  # else each subject's last observed day counts",
        '# indication: "Large B-cell lymphoma"  # with line, what adjusted comparisons must share',
        '# line: "3L+"',
        "# What was known before the first dose; age, sex, history of autoimmune disease and HLH",
        "# are always made. DM.VARIABLE, VS.TESTCD, LB.TESTCD, MH: term | term, CM: term | term.",
        '# covariates: {baseline ferritin: "LB.FERRITIN >= 500", gout: "MH: gout"}',
        "# risk_factors: [baseline ferritin]  # of these, reported as risk factors of CRS",
        "publish: {subject_level: false, min_cell: 5}  # the careful default",
    ]
    return "\n".join(lines) + "\n"


def _frame(drop: Path, domain: str) -> pl.DataFrame:
    """Rows of the first readable file of a domain, none where there is none."""
    for file in list_files(drop).files:
        if file.domain == domain:
            try:
                return READERS[file.format](file.path).frame
            except (UnreadableError, OSError):
                continue
    return pl.DataFrame()


def _doses(exposure: pl.DataFrame) -> pl.DataFrame:
    """EXTRT (capitals), EXDOSE, EXDOSU, EXSTDY of every exposure row; null where not given."""
    kinds = {"EXTRT": pl.String, "EXDOSE": pl.Float64, "EXDOSU": pl.String, "EXSTDY": pl.Float64}
    columns = [
        (pl.col(name) if name in exposure.columns else pl.lit(None))
        .cast(kind, strict=False)
        .alias(name)
        for name, kind in kinds.items()
    ]
    frame = exposure.select(columns) if exposure.width else pl.DataFrame(schema=kinds)
    return frame.with_columns(pl.col("EXTRT").str.to_uppercase()).drop_nulls("EXTRT")


def _study(drop: Path, exposure: pl.DataFrame) -> list[str]:
    named = "STUDYID" in exposure.columns
    stated = exposure["STUDYID"].drop_nulls().unique().to_list() if named else []
    if not STUDY_ID.fullmatch(drop.name):
        why = "the folder's name, which is no study name: rename the folder"
    elif stated == [drop.name]:
        why = "the folder's name and STUDYID of EX agree"
    else:
        why = "the folder's name; rows of EX with another STUDYID would be held back"
    return [f"study: {_quoted(drop.name)}  # {why}"]


def _role(extrt: str) -> str:
    if re.search(_CELLS, extrt) or re.search(_BISPECIFIC, extrt):
        return "trigger"
    return next((role for role, names in _ROLES.items() if re.search(names, extrt)), "trigger")


def _treatments(doses: pl.DataFrame) -> dict[str, str]:
    """Role of every EXTRT value; where none could start a clock all are taken to."""
    roles = {extrt: _role(extrt) for extrt in doses["EXTRT"].unique().sort().to_list()}
    if roles and "trigger" not in roles.values():
        return dict.fromkeys(roles, "trigger")
    return roles


def _cohort(doses: pl.DataFrame) -> tuple[str, str]:
    names = " ".join(_treatments(doses))
    cells, engagers = re.search(_CELLS, names), re.search(_BISPECIFIC, names)
    if cells and engagers:
        return "car_t", "cells and bispecifics are both in EX: give the cohort per arm"
    if cells:
        return "car_t", "a treatment in EX has the name of a cell product"
    if engagers:
        return "bispecific", "a treatment in EX is a T-cell engager"
    return "car_t", "a guess: no treatment in EX has a known name; car_t or bispecific"


def _products(doses: pl.DataFrame) -> list[str]:
    roles = _treatments(doses)
    if not roles:
        return ["  unknown product: [UNKNOWN]  # EX names no treatment: fill in"]
    counts = dict(doses.group_by("EXTRT").len().sort("EXTRT").iter_rows())
    return [
        f"  {_quoted(extrt.lower())}: {{extrt: [{_quoted(extrt)}], role: {role}}}"
        f"  # {counts[extrt]} rows of EX; role by the name"
        for extrt, role in roles.items()
    ]


def _schedule(doses: pl.DataFrame, cohort: str) -> list[str]:
    """Names for rising doses of a bispecific: the sizes met, in the order of their first day."""
    roles = _treatments(doses)
    trigger = [extrt for extrt, role in roles.items() if role == "trigger"]
    given = doses.filter(pl.col("EXTRT").is_in(trigger), pl.col("EXDOSE") > 0).drop_nulls(
        ["EXDOSE", "EXDOSU", "EXSTDY"]
    )
    steps = (
        given.filter(pl.col("EXSTDY") >= 1)
        .group_by("EXDOSE", "EXDOSU")
        .agg(DAY=pl.col("EXSTDY").min())
        .sort("EXDOSE")
    )
    rising = steps.height > 1 and steps["DAY"].is_sorted() and steps["EXDOSU"].n_unique() == 1
    if cohort != "bispecific" or not rising:
        return [
            "# schedule: [{name: SUD1, dose: 0.06, unit: mg/kg, day: 1}]  # names step-up doses"
        ]
    names = [f"SUD{n}" for n in range(1, steps.height)] + ["FULL"]
    return [
        "schedule:  # the doses met in EX rise with their first day",
        *(
            f"  - {{name: {name}, dose: {dose:g}, unit: {_quoted(unit)}, day: {day:.0f}}}"
            for name, (dose, unit, day) in zip(names, steps.iter_rows(), strict=True)
        ),
    ]


def _scale(drop: Path) -> list[str]:
    supp = _frame(drop, "SUPPAE")
    names = supp["QNAM"].drop_nulls().unique().to_list() if "QNAM" in supp.columns else []
    if "ASTCTGR" in names:
        return [
            "collected_scale: unknown  # SUPPAE has an ASTCT grade; of which scale is AETOXGR?",
            "scale_source: assumed",
        ]
    return [
        "collected_scale: unknown  # nothing in the data says by which system CRS was graded",
        "scale_source: assumed  # stated where the protocol says it",
    ]


def _quoted(text: str) -> str:
    """A YAML string in double quotes: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)
