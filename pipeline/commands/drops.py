"""Commands about drops, before anything is run: check, new-study, simulate."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.commands.exits import FAILED, OK, UsageError, fail

if TYPE_CHECKING:
    from pipeline.study import Study


def cmd_check(args: argparse.Namespace) -> int:
    """Validate a drop."""
    from pipeline.ingest.check import check_drop, format_check

    check = check_drop(_folder(args.drop), unmapped_terms)
    print(check.to_json() if args.json else format_check(check))
    return FAILED if check.refused else OK


def unmapped_terms(tables: Mapping[str, Any], study: Study) -> pl.DataFrame:
    """Terms of a drop that no codelist knows."""
    from pipeline.crs.unmapped import derive_unmapped
    from pipeline.subjects.subjects import derive_subjects

    return derive_unmapped({**tables, **derive_subjects(tables, study)}, study)


def cmd_new_study(args: argparse.Namespace) -> int:
    """Write a study.yaml."""
    from pipeline.ingest.new_study import draft_study_yaml

    path = _folder(args.drop).resolve() / "study.yaml"
    if path.exists():
        return fail(f"{path} exists already; it is not overwritten")
    try:
        text = draft_study_yaml(path.parent)
    except Exception as error:
        if type(error).__name__ != "DropRefused":
            raise
        return fail(str(error))
    path.write_text(text, encoding="utf-8")
    print(f"{path}: read every line before you run it")
    return OK


def cmd_simulate(args: argparse.Namespace) -> int:
    """Write simulated drops."""
    from pipeline.simulate.profiles import simulate

    try:
        simulate(args.profile, args.out, args.seed, args.subjects, print)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return OK


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"{path}: no such folder")
    return path
