"""Small study drops typed by hand: one file per domain, which a test changes before it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipeline.ingest.drop import ingest_drop
from pipeline.study import Study

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

# Two subjects with one dose, a CRS record, a daily grade, vital signs and what else there may be.
FILES: dict[str, str] = {
    "dm.csv": """STUDYID,DOMAIN,USUBJID,AGE,AGEU,SEX,ARM,ACTARM,RFSTDTC,RFXSTDTC,DTHFL,DTHDTC
S1,DM,P1,60,YEARS,F,A,A,2024-03-01T10:00,2024-03-01T10:00,,
S1,DM,P2,61,YEARS,M,A,A,2024-03-01,2024-03-01,,
""",
    "ex.csv": """STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC
S1,EX,P1,1,CART,1,CELLS,2024-03-01T10:00,2024-03-01T10:30
S1,EX,P2,1,CART,1,CELLS,2024-03-01,2024-03-01
""",
    "ae.csv": """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AETOXGR,AEOUT,AESTDTC,AEENDTC
S1,AE,P1,1,CRS,Cytokine release syndrome,2,RECOVERED/RESOLVED,2024-03-03T08:00,2024-03-06T20:00
S1,AE,P2,1,CRS,Cytokine release syndrome,1,RECOVERED/RESOLVED,2024-03-02,2024-03-04
""",
    "fa.csv": """STUDYID,DOMAIN,USUBJID,FASEQ,FAOBJ,FATESTCD,FAORRES,FADY
S1,FA,P1,1,CYTOKINE RELEASE SYNDROME,TOXGR,0,1
S1,FA,P1,2,CYTOKINE RELEASE SYNDROME,TOXGR,2,3
""",
    "vs.csv": """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSORRES,VSORRESU,VSSTRESN,VSSTRESU,VSDTC
S1,VS,P1,1,TEMP,38.5,C,38.5,C,2024-03-03T08:00
S1,VS,P1,2,TEMP,101.3,F,,,2024-03-03T12:00
S1,VS,P1,3,SYSBP,88,mmHg,88,mmHg,2024-03-03T08:00
""",
    "cm.csv": """STUDYID,DOMAIN,USUBJID,CMSEQ,CMTRT,CMDOSE,CMDOSU,CMSTDTC,CMENDTC
S1,CM,P1,1,TOCILIZUMAB,640,mg,2024-03-03T14:00,2024-03-03T15:00
""",
    "pr.csv": """STUDYID,DOMAIN,USUBJID,PRSEQ,PRTRT,PRCAT,PRDOSE,PRDOSU,PRFIO2,PRSTDTC,PRENDTC
S1,PR,P1,1,NASAL CANNULA,RESPIRATORY SUPPORT,2,L/min,,2024-03-03T08:00,2024-03-03T20:00
""",
    "suppae.csv": """STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL
S1,AE,P1,AESEQ,1,ASTCTGR,ASTCT grade,1
""",
}


def study(**changes: Any) -> Study:
    raw: dict[str, Any] = {
        "study": "S1",
        "title": "Hand-typed",
        "cohort": "car_t",
        "data_kind": "test",
        "products": {"CAR-T A": ["CART"]},
    }
    return Study.model_validate(raw | changes)


def write(folder: Path, **texts: str | bytes | None) -> Path:
    """Write the files, with those of `texts` (dm="...", None takes one away) in their place."""
    drop = folder / "S1"
    drop.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | bytes | None] = {
        **FILES,
        **{name if "." in name else f"{name}.csv": text for name, text in texts.items()},
    }
    for name, text in files.items():
        if isinstance(text, bytes):
            (drop / name).write_bytes(text)
        elif text is not None:
            (drop / name).write_text(text, encoding="utf-8")
    return drop


def plus(name: str, *rows: str) -> str:
    """The file of a domain with more rows."""
    return FILES[f"{name}.csv"] + "".join(f"{row}\n" for row in rows)


def ingest(folder: Path, /, *, about: dict[str, Any] | None = None, **texts: str | bytes | None):
    """Tables of the drop with these files."""
    return ingest_drop(write(folder, **texts), study(**(about or {})))


def found(tables: dict[str, pl.DataFrame], table: str) -> list[tuple[str, int, str, str]]:
    """(domain, row, rule, column) of quarantine or notes."""
    return tables[table].select("DOMAIN", "ROW", "RULE", "COLUMN").rows()
