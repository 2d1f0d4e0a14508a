"""A small study, typed by hand: three subjects after CAR-T, two of them with CRS."""

from __future__ import annotations

import hashlib
from pathlib import Path

FILES = {
    "study.yaml": """\
study: {study}
title: Three subjects
cohort: car_t
data_kind: test
products:
  axicabtagene ciloleucel: [AXICABTAGENE CILOLEUCEL]
collected_scale: ASTCT2019
scale_source: stated
publish: {{subject_level: true, min_cell: 0}}
""",
    "dm.csv": """\
STUDYID,DOMAIN,USUBJID,AGE,AGEU,SEX,ARM,ACTARM,RFXSTDTC
{study},DM,{study}-1,61,YEARS,F,CAR-T,CAR-T,2024-03-01T10:00
{study},DM,{study}-2,55,YEARS,M,CAR-T,CAR-T,2024-03-01T10:00
{study},DM,{study}-3,70,YEARS,F,CAR-T,CAR-T,2024-03-01T10:00
""",
    "ex.csv": """\
STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC
{study},EX,{study}-1,1,AXICABTAGENE CILOLEUCEL,2,10^6 cells/kg,2024-03-01T10:00,2024-03-01T10:00
{study},EX,{study}-2,1,AXICABTAGENE CILOLEUCEL,2,10^6 cells/kg,2024-03-01T10:00,2024-03-01T10:00
{study},EX,{study}-3,1,AXICABTAGENE CILOLEUCEL,2,10^6 cells/kg,2024-03-01T10:00,2024-03-01T10:00
""",
    "ae.csv": """\
STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AETOXGR,AEREL,AEOUT,AESDTH,AESTDTC,AEENDTC
{study},AE,{study}-1,1,CRS,{crs},1,RELATED,{out},N,2024-03-03T08:00,2024-03-05T08:00
{study},AE,{study}-2,1,CRS,{crs},{grade},RELATED,{out},N,2024-03-02T06:00,2024-03-06T12:00
""",
    "vs.csv": """\
STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSTEST,VSORRES,VSORRESU,VSSTRESN,VSSTRESU,VSDTC
{study},VS,{study}-1,1,TEMP,Temperature,38.6,C,38.6,C,2024-03-03T08:00
{study},VS,{study}-2,1,TEMP,Temperature,39.2,C,39.2,C,2024-03-02T06:00
{study},VS,{study}-2,2,SYSBP,Systolic Blood Pressure,82,mmHg,82,mmHg,2024-03-02T07:00
""",
}
WORDS = {"crs": "Cytokine release syndrome", "out": "RECOVERED/RESOLVED"}


def write_drop(inbox: Path, study: str, grade: int = 2) -> Path:
    """Write the drop; the second subject's recorded grade is what a later drop changes."""
    drop = inbox / study
    drop.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (drop / name).write_text(text.format(study=study, grade=grade, **WORDS))
    return drop


def tree(folder: Path, *, leave_out: tuple[str, ...] = ()) -> dict[str, str]:
    """Name and hash of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in leave_out
    }
