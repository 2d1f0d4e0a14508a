"""Commands about what was made: table, explain."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import polars as pl

from pipeline.commands.exits import OK, UsageError, fail, say
from pipeline.commands.home import store_of
from pipeline.lake.parquet import to_parquet


def cmd_table(args: argparse.Namespace) -> int:
    """Write a table."""
    from pipeline.lookup import NAMES, NotThereError, table

    if args.name not in NAMES:
        raise UsageError(f"no table {args.name!r}; there are: {', '.join(NAMES)}")
    if args.as_of is not None and args.study is None:
        raise UsageError("--as-of counts the runs of one study: name it with --study")
    try:
        frame = table(store_of(args), args.name, args.study, args.as_of)
    except NotThereError as error:
        return fail(str(error))
    _write(frame, args.format, args.out)
    return OK


def cmd_explain(args: argparse.Namespace) -> int:
    """Tell why a subject has these grades."""
    from pipeline.explain import explain
    from pipeline.lookup import NotThereError

    try:
        for line in explain(store_of(args), args.subject):
            say(line)
    except NotThereError as error:
        return fail(str(error))
    return OK


def _write(frame: pl.DataFrame, form: str, out: Path | None) -> None:
    if form == "csv":
        data = frame.write_csv().encode()
    elif form == "json":
        data = frame.write_json().encode() + b"\n"
    else:
        data = to_parquet(frame)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)
