"""The command line: crsight run, status, withdraw, check, new-study, simulate, table, explain.

Exit codes: 0 all is well, 1 a study was refused or failed or something is not there, 2 wrong usage,
130 interrupted.
Modules load inside the commands: most commands need neither Dagster nor the stages.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.arguments import parser
from pipeline.lake.dagster_yaml import SettingsError
from pipeline.lake.home import Home, inbox_from_env
from pipeline.lake.locks import BusyError
from pipeline.lake.parquet import to_parquet
from pipeline.lake.storage import StorageSettingError, StorageUnreachableError
from pipeline.schemas.visible import visible_line

if TYPE_CHECKING:
    from pipeline.assets.place import Place
    from pipeline.lake.store import Store
    from pipeline.study import Study

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The command cannot be meant so."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    args = parser().parse_args(argv)
    try:
        return COMMANDS[args.command](args)
    except (UsageError, SettingsError, StorageSettingError) as error:
        print(f"crsight: {error}", file=sys.stderr)
        return USAGE
    except (StorageUnreachableError, BusyError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        print("crsight: stopped; the next run goes on from here", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader had enough (| head); Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def cmd_run(args: argparse.Namespace) -> int:
    """Process an inbox."""
    from pipeline.run import UnknownStudyError, run_inbox

    if not args.inbox.is_dir():
        raise UsageError(f"--inbox {args.inbox}: no such folder")
    place = _place(args, args.inbox.resolve())
    try:
        if args.dry_run:
            return _dry_run(place, args)
        summary = run_inbox(place, args.study, force=args.force)
    except UnknownStudyError as error:
        raise UsageError(str(error)) from None
    for result in (*summary.studies, summary.cohorts):
        for problem in result.problems if not result.good else ():
            line = f"{_named(result.study)}: {result.ending}: {problem}"
            print(visible_line(line), file=sys.stderr)
    bad = sum(not result.good for result in summary.studies)
    print(f"{len(summary.studies)} studies, {bad} refused or failed")
    print(f"reports: {place.home.front_page}")
    return OK if summary.good else FAILED


def _dry_run(place: Place, args: argparse.Namespace) -> int:
    from pipeline.run import plan_inbox

    for study, runs, idle in plan_inbox(place, args.study, force=args.force):
        if idle:
            print(f"{study:<16} -          {idle}")
        for run in runs:
            print(f"{study:<16} {run.stage:<10} {run.reason}")
    return OK


def cmd_status(args: argparse.Namespace) -> int:
    """State of each study."""
    from pipeline.status import status

    rows = status(_store(args))
    for row in rows:
        name = f"{visible_line(row.study):<16}"
        print(f"{name} {row.state:<10} {row.since:<23} {row.last_good}".rstrip())
        waits = [f"{row.waits} (since {row.waits_since})"] if row.waits else []
        for line in (*row.why.splitlines(), *waits):
            print(f"{'':<16} {visible_line(line)}")
    if not rows:
        print("no study yet")
    return OK


def cmd_withdraw(args: argparse.Namespace) -> int:
    """Take a study out of everything published."""
    from pipeline.run import withdraw

    try:
        withdraw(_place(args, inbox_from_env()), args.study)
    except KeyError:
        return _fail(f"no study {args.study!r} was ever published in {args.home}")
    print(f"{args.study}: withdrawn; `crsight run --study {args.study}` would bring it back")
    return OK


def cmd_clean(args: argparse.Namespace) -> int:
    """Take away what the rule of retention does not keep."""
    from pipeline.lake.clean_up import Rule, RuleError
    from pipeline.run import dagster_instance
    from pipeline.watching.clean_up import clean, lines

    try:
        rule = Rule.from_env()
    except RuleError as error:
        raise UsageError(str(error)) from None
    place = _place(args, inbox_from_env())
    with dagster_instance(place) as instance:
        gone = clean(place, instance, rule, time.time(), dry_run=args.dry_run)
    print("\n".join(lines(gone, dry_run=args.dry_run)))
    return OK


def cmd_check(args: argparse.Namespace) -> int:
    """Validate a drop."""
    from pipeline.ingest.check import check_drop, format_check

    check = check_drop(_folder(args.drop), _unmapped)
    print(check.to_json() if args.json else format_check(check))
    return FAILED if check.refused else OK


def _unmapped(tables: Mapping[str, Any], study: Study) -> pl.DataFrame:
    """Terms of a drop that no codelist knows."""
    from pipeline.crs.unmapped import derive_unmapped
    from pipeline.subjects.subjects import derive_subjects

    return derive_unmapped({**tables, **derive_subjects(tables, study)}, study)


def cmd_new_study(args: argparse.Namespace) -> int:
    """Write a study.yaml."""
    from pipeline.ingest.new_study import draft_study_yaml

    path = _folder(args.drop).resolve() / "study.yaml"
    if path.exists():
        return _fail(f"{path} exists already; it is not overwritten")
    try:
        text = draft_study_yaml(path.parent)
    except Exception as error:
        if type(error).__name__ != "DropRefused":
            raise
        return _fail(str(error))
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


def cmd_table(args: argparse.Namespace) -> int:
    """Write a table."""
    from pipeline.lookup import NAMES, NotThereError, table

    if args.name not in NAMES:
        raise UsageError(f"no table {args.name!r}; there are: {', '.join(NAMES)}")
    if args.as_of is not None and args.study is None:
        raise UsageError("--as-of counts the runs of one study: name it with --study")
    try:
        frame = table(_store(args), args.name, args.study, args.as_of)
    except NotThereError as error:
        return _fail(str(error))
    _write(frame, args.format, args.out)
    return OK


def cmd_explain(args: argparse.Namespace) -> int:
    """Tell why a subject has these grades."""
    from pipeline.explain import explain
    from pipeline.lookup import NotThereError

    try:
        for line in explain(_store(args), args.subject):
            print(visible_line(line))
    except NotThereError as error:
        return _fail(str(error))
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


def _place(args: argparse.Namespace, inbox: Path) -> Place:
    from pipeline.assets.place import Place

    return Place(Home(args.home.resolve()), inbox, progress=_tell)


def _store(args: argparse.Namespace) -> Store:
    from pipeline.lake.store import Store

    return Store.of(Home(args.home.resolve()))


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"{path}: no such folder")
    return path


def _tell(study: str, stage: str, what: str) -> None:
    print(f"{_named(study):<16} {stage:<12} {what}", flush=True)


def _named(study: str) -> str:
    return "all studies" if study == "_cohorts" else study


def _fail(message: str) -> int:
    lines = map(visible_line, message.split("\n"))
    print("crsight:", "\n".join(lines), file=sys.stderr)
    return FAILED


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": cmd_run,
    "status": cmd_status,
    "withdraw": cmd_withdraw,
    "clean": cmd_clean,
    "check": cmd_check,
    "new-study": cmd_new_study,
    "simulate": cmd_simulate,
    "table": cmd_table,
    "explain": cmd_explain,
}

if __name__ == "__main__":
    sys.exit(main())
