"""Reads the files of a drop by itself, without the simulator or the engine."""

from datetime import datetime

import polars as pl
import pyreadstat


def read_domain(folder, name):
    found = [p for p in folder.iterdir() if p.stem == name and p.suffix != ".yaml"]
    if not found:
        return pl.DataFrame()
    (path,) = found
    if path.suffix == ".csv":
        frame = pl.read_csv(path, infer_schema_length=None)
    elif path.suffix == ".parquet":
        frame = pl.read_parquet(path)
    else:
        data, _ = pyreadstat.read_xport(str(path))
        frame = pl.from_pandas(data)
    return frame.with_columns(pl.col(pl.String).replace("", None))


def read_drop(folder):
    names = ("dm", "ex", "ae", "vs", "cm", "pr", "ho", "ds", "lb", "mh", "dd")
    return {name: read_domain(folder, name) for name in names}


def moment(text):
    return None if text is None else datetime.fromisoformat(text)


def rows_by_subject(frame):
    out = {}
    for row in frame.to_dicts() if frame.width else []:
        out.setdefault(row["USUBJID"], []).append(row)
    return out
