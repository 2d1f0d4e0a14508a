"""One simulated study with its dirt, written in every format that is read: the same tables."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import zlib
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from pipeline.ingest.drop import ingest_drop
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study

WRITER = Path(__file__).with_name("sas7bdat.R")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A drop in Parquet of some subjects: its numbers are numbers."""
    inbox = tmp_path_factory.mktemp("source")
    drops = simulate("stress", inbox, seed=11, subjects=80)
    return next(drop for drop in drops if (drop / "dm.parquet").exists() and len(_files(drop)) > 9)


@pytest.fixture(scope="module")
def expected(source):
    return ingest_drop(source, load_study(source))


def _files(drop: Path) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in sorted(drop.glob("*.parquet"))}


def _drop(source: Path, folder: Path) -> Path:
    drop = folder / source.name
    drop.mkdir()
    shutil.copy(source / "study.yaml", drop)
    return drop


def _same(tables: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> None:
    assert tables["quarantine"].height > 0
    for name, table in expected.items():
        other = ["SHA256", "FORMAT"] if name == "ledger" else []
        assert_frame_equal(tables[name].drop(other), table.drop(other))


def _dataset_json(name: str, frame: pl.DataFrame) -> tuple[dict[str, object], list[list[object]]]:
    numbers = [kind.is_numeric() for kind in frame.dtypes]
    columns = [
        {
            "itemOID": f"IT.{name}.{c}",
            "name": c,
            "label": c,
            "dataType": "double" if n else "string",
        }
        for c, n in zip(frame.columns, numbers, strict=True)
    ]
    head = {
        "datasetJSONVersion": "1.1.0", "itemGroupOID": f"IG.{name}", "name": name, "label": name,
        "records": frame.height, "columns": columns,
    }  # fmt: skip
    return head, [list(row) for row in frame.iter_rows()]


def _lines(name: str, frame: pl.DataFrame) -> bytes:
    head, rows = _dataset_json(name, frame)
    return "\n".join(json.dumps(line) for line in [head, *rows]).encode()


def _csv(name: str, frame: pl.DataFrame, path: Path) -> None:
    frame.write_csv(path)


def _xpt(name: str, frame: pl.DataFrame, path: Path) -> None:
    pyreadstat.write_xport(frame, str(path), table_name=name, file_format_version=5)


def _json(name: str, frame: pl.DataFrame, path: Path) -> None:
    head, rows = _dataset_json(name, frame)
    path.write_text(json.dumps({**head, "rows": rows}), encoding="utf-8")


def _ndjson(name: str, frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(_lines(name, frame))


def _dsjc(name: str, frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(zlib.compress(_lines(name, frame)))


def _gzipped(name: str, frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(gzip.compress(_lines(name, frame), mtime=0))


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        ("csv", _csv),
        ("xpt", _xpt),
        ("json", _json),
        ("ndjson", _ndjson),
        ("dsjc", _dsjc),
        ("dsjc", _gzipped),
    ],
)
def test_formats_that_python_writes(source, expected, tmp_path, suffix, write):
    drop = _drop(source, tmp_path)
    for name, frame in _files(source).items():
        write(name.upper(), frame, drop / f"{name}.{suffix}")
    _same(ingest_drop(drop, load_study(drop)), expected)


def _haven() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = subprocess.run(
        ["Rscript", "-e", "loadNamespace('haven')"], check=False, capture_output=True
    )
    return asked.returncode == 0


def test_sas7bdat_as_haven_writes_it(source, expected, tmp_path):
    if not _haven():
        pytest.skip("needs Rscript and R's package haven, which writes SAS7BDAT")
    drop = _drop(source, tmp_path)
    columns = ["file,column,kind"]
    for name, frame in _files(source).items():
        frame.write_csv(drop / f"{name}.csv")
        columns += [
            f"{name},{c},{'number' if kind.is_numeric() else 'text'}"
            for c, kind in frame.schema.items()
        ]
    (drop / "columns.txt").write_text("\n".join(columns) + "\n", encoding="utf-8")
    subprocess.run(["Rscript", "--vanilla", str(WRITER), str(drop)], check=True)
    for written in [*drop.glob("*.csv"), drop / "columns.txt"]:
        written.unlink()
    assert len(list(drop.glob("*.sas7bdat"))) == len(_files(source))
    _same(ingest_drop(drop, load_study(drop)), expected)
