"""Commands about a home: run, status, withdraw, clean, alive."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.exits import FAILED, OK, UsageError, fail, say
from pipeline.lake.home import Home, inbox_from_env
from pipeline.schemas.visible import visible_line

if TYPE_CHECKING:
    from pipeline.assets.place import Place
    from pipeline.lake.store import Store


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
            say(f"{_named(result.study)}: {result.ending}: {problem}", sys.stderr)
    bad = sum(not result.good for result in summary.studies)
    print(f"{len(summary.studies)} studies, {bad} refused or failed")
    print(f"reports: {place.home.front_page}")
    return OK if summary.good else FAILED


def _dry_run(place: Place, args: argparse.Namespace) -> int:
    from pipeline.run import plan_inbox

    for study, runs, idle in plan_inbox(place, args.study, force=args.force):
        if idle:
            say(f"{study:<16} -          {idle}")
        for run in runs:
            say(f"{study:<16} {run.stage:<10} {run.reason}")
    return OK


def cmd_status(args: argparse.Namespace) -> int:
    """State of each study."""
    from pipeline.status import status

    rows = status(store_of(args))
    for row in rows:
        name = f"{visible_line(row.study):<16}"  # as wide as it is shown
        say(f"{name} {row.state:<10} {row.since:<23} {row.last_good}".rstrip())
        waits = [f"{row.waits} (since {row.waits_since})"] if row.waits else []
        for line in (*row.why.splitlines(), *waits):
            say(f"{'':<16} {line}")
    if not rows:
        print("no study yet")
    return OK


def cmd_withdraw(args: argparse.Namespace) -> int:
    """Take a study out of everything published."""
    from pipeline.run import withdraw

    try:
        withdraw(_place(args, inbox_from_env()), args.study)
    except KeyError:
        return fail(f"no study {args.study!r} was ever published in {args.home}")
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


def cmd_alive(args: argparse.Namespace) -> int:
    """Whether the daemon looks after the studies; who is to be told is told."""
    import dagster as dg

    from pipeline.alerts.channels import channels
    from pipeline.watching.alive import alive, tell_alive, unanswered

    home, now = Home(args.home.resolve()), time.time()
    if not (home.dagster / "dagster.yaml").exists():
        return fail(f"{home.dagster}: no daemon was ever started here")
    try:
        with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
            found = alive(instance, now)
    except Exception as error:
        found = unanswered(error)
    for problem in tell_alive(store_of(args), found, now, channels(os.environ)):
        say(problem, sys.stderr)
    print(f"{found.about} {found.state}{': ' + found.reason if found.reason else ''}")
    return FAILED if found.bad else OK


def store_of(args: argparse.Namespace) -> Store:
    """The lake of the home that is meant."""
    from pipeline.lake.store import Store

    return Store.of(Home(args.home.resolve()))


def _place(args: argparse.Namespace, inbox: Path) -> Place:
    from pipeline.assets.place import Place

    return Place(Home(args.home.resolve()), inbox, progress=_tell)


def _tell(study: str, stage: str, what: str) -> None:
    say(f"{_named(study):<16} {stage:<12} {what}")


def _named(study: str) -> str:
    return "all studies" if study == "_cohorts" else study
