"""Writes a study drop: study.yaml and one file per domain, the same bytes for the same tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import yaml

from pipeline.simulate.exposure import LYMPHODEPLETION
from pipeline.simulate.people import CUTOFF
from pipeline.simulate.products import StudySpec
from pipeline.simulate.tables import INTERNAL

#: when an XPT file was made stands in its header; this one stands for all of them
_STAMP = b"01JAN70:00:00:00"
_COLUMNS: dict[str, tuple[str, ...]] = {
    "DM": ("AGE", "AGEU", "SEX", "ARM", "ACTARM", "RFSTDTC", "RFXSTDTC", "RFENDTC", "RFPENDTC",
           "DTHFL", "DTHDTC"),
    "EX": ("EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXROUTE", "EPOCH", "EXSTDTC", "EXENDTC"),
    "AE": ("AETERM", "AEDECOD", "AETOXGR", "AESER", "AEREL", "AEACN", "AEOUT", "AESDTH", "AESHOSP",
           "AEGRPID", "AESTDTC", "AEENDTC"),
    "VS": ("VSTESTCD", "VSTEST", "VSORRES", "VSORRESU", "VSSTRESN", "VSSTRESU", "VSLOC", "VSDTC"),
    "LB": ("LBTESTCD", "LBTEST", "LBORRES", "LBORRESU", "LBSTRESN", "LBSTRESU", "LBSTNRLO",
           "LBSTNRHI", "LBDTC"),
    "CM": ("CMTRT", "CMCAT", "CMINDC", "CMDOSE", "CMDOSU", "CMDOSFRM", "CMROUTE", "CMSTDTC",
           "CMENDTC"),
    "PR": ("PRTRT", "PRCAT", "PRINDC", "PRDOSE", "PRDOSU", "PRFIO2", "PRSTDTC", "PRENDTC"),
    "HO": ("HOTERM", "HOINDC", "HOSTDTC", "HOENDTC"),
    "DS": ("DSTERM", "DSDECOD", "DSCAT", "DSSTDTC"),
    "MH": ("MHTERM", "MHDECOD", "MHCAT", "MHSTDTC"),
    "FA": ("FAOBJ", "FATESTCD", "FATEST", "FAORRES", "FASTRESN", "FADTC"),
    "DD": ("DDTESTCD", "DDTEST", "DDORRES", "DDSTRESC", "DDDTC"),
}  # fmt: skip
#: what every study says of its subjects; none of it moves the simulated CRS
COVARIATES = {
    "baseline CRP": "LB.CRP",
    "baseline ferritin": "LB.FERRITIN >= 500",
    "hypertension": "MH: hypertension",
}
RISK_FACTORS = ("baseline ferritin",)
_NUMBERS = (
    "EXDOSE",
    "CMDOSE",
    "PRDOSE",
    "PRFIO2",
    "FASTRESN",
    "VSSTRESN",
    "LBSTRESN",
    "LBSTNRLO",
    "LBSTNRHI",
)


def write_study(spec: StudySpec, tables: dict[str, pl.DataFrame], out: Path) -> Path:
    """Write OUT/<STUDYID>/ and return it; an existing study of that name is replaced."""
    folder = out / spec.study
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / "study.yaml").write_text(study_yaml(spec), encoding="utf-8")
    for name, frame in tables.items():
        if frame.is_empty():
            continue  # an optional data set without rows is not in the drop
        _write(spec, name, file_columns(name, frame), folder)
    return folder


def file_columns(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that go into the file, in SDTM order, each of the type it must have."""
    wanted = _COLUMNS.get(name)
    if wanted is None:
        return frame.drop(INTERNAL, strict=False)
    key = [c for c in ("STUDYID", "DOMAIN", "USUBJID", f"{name}SEQ") if c in frame.columns]
    missing = [c for c in wanted if c not in frame.columns]
    full = frame.with_columns(pl.lit(None, dtype=pl.String).alias(c) for c in missing)
    return full.select(*key, *wanted).with_columns(
        pl.col(c).cast(pl.Int64 if c == "AGE" else pl.Float64 if c in _NUMBERS else pl.String)
        for c in wanted
    )


def _write(spec: StudySpec, name: str, frame: pl.DataFrame, folder: Path) -> None:
    path = folder / f"{name.lower()}.{spec.format}"
    if spec.format == "csv":
        frame.write_csv(path)
    elif spec.format == "parquet":
        frame.write_parquet(path, compression="zstd", statistics=False)
    else:
        _write_xpt(name, frame, path)


def _write_xpt(name: str, frame: Any, path: Path) -> None:
    """XPT version 5; its header tells the time of writing, which is replaced by a fixed one."""
    pyreadstat.write_xport(frame, path, table_name=name, file_label="", file_format_version=5)
    data = path.read_bytes()
    head = re.sub(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d", _STAMP, data[:800])
    path.write_bytes(head + data[800:])


def write_truth(document: dict[str, Any], study: str, out: Path) -> Path:
    """Write OUT/<STUDYID>_truth.json."""
    path = out / f"{study}_truth.json"
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def study_yaml(spec: StudySpec) -> str:
    """The study's own description."""
    content: dict[str, Any] = {
        "study": spec.study,
        "title": spec.title,
        "cohort": spec.cohort,
        "data_kind": "simulated",
        "products": _products(spec),
        "collected_scale": spec.scale,
        "scale_source": "stated",
        "primary_system": "ASTCT2019",
        "data_cutoff": str(pl.Series([CUTOFF]).cast(pl.Date)[0]),
        "ae_collection_days": 90,
        "indication": spec.indication,
        "line": spec.line,
        "setting": "multi-centre, open label",
        "covariates": dict(COVARIATES),
        "risk_factors": list(RISK_FACTORS),
        "publish": {"subject_level": True, "min_cell": spec.min_cell},
    }
    if spec.cohort == "bispecific":
        content["schedule"] = _schedule(spec)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def _products(spec: StudySpec) -> dict[str, Any]:
    products: dict[str, Any] = {spec.product: {"extrt": [spec.extrt], "role": "trigger"}}
    if spec.cohort == "car_t":
        for drug, _ in LYMPHODEPLETION:
            products[drug.capitalize()] = {"extrt": [drug], "role": "lymphodepletion"}
    if spec.pretreatment:
        name = spec.pretreatment.title()
        products[name] = {"extrt": [spec.pretreatment], "role": "pretreatment"}
    return products


def _schedule(spec: StudySpec) -> list[dict[str, Any]]:
    day, rows = 1, []
    for step in spec.steps[:3]:
        rows.append({"name": step.name, "dose": step.dose, "unit": step.unit, "day": day})
        day += step.gap
    return rows
