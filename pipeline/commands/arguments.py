"""Commands and options of crsight."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.lake.home import Home, inbox_from_env


def parser() -> argparse.ArgumentParser:
    """All commands; the parsed `command` names the chosen one."""
    top = argparse.ArgumentParser(
        prog="crsight", description="Grades CRS in immunotherapy trials and compares cohorts."
    )
    commands = top.add_subparsers(metavar="COMMAND", dest="command", required=True)

    def command(name: str, words: str, *, home: bool) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words)
        if home:
            root = Home.from_env().root
            sub.add_argument("--home", type=Path, default=root, help="default: %(default)s")
        return sub

    run = command("run", "process every study of an inbox, or one", home=True)
    run.add_argument("--inbox", type=Path, default=inbox_from_env(), help="default: %(default)s")
    run.add_argument("--study", metavar="ID", help="only this one; brings a withdrawn one back")
    run.add_argument("--force", action="store_true", help="compute what is on record, too")
    run.add_argument("--dry-run", action="store_true", help="print what would run, and why")

    command("status", "state of each study, since when, why", home=True)
    command("alive", "whether the daemon looks after the studies; tells if not", home=True)

    withdraw = command("withdraw", "take a study out of everything published", home=True)
    withdraw.add_argument("study", metavar="STUDY")

    clean = command("clean", "take away old versions and old run records, by a rule", home=True)
    clean.add_argument("--dry-run", action="store_true", help="print what would go, with bytes")

    check = command("check", "validate a drop; nothing is written", home=False)
    check.add_argument("drop", type=Path, metavar="STUDY_DIR")
    check.add_argument("--json", action="store_true", help="for a machine")

    new = command("new-study", "write a commented study.yaml for a drop", home=False)
    new.add_argument("drop", type=Path, metavar="DIR")

    sim = command("simulate", "write study drops with known truth", home=False)
    sim.add_argument("--profile", required=True, help="demo, stress or scale")
    sim.add_argument("--out", type=Path, required=True, metavar="DIR")
    sim.add_argument("--seed", type=int, required=True, metavar="N")
    sim.add_argument("--subjects", type=int, metavar="N")

    table = command("table", "any table, now or as of a run", home=True)
    table.add_argument("name", metavar="NAME")
    table.add_argument("--study", metavar="ID", help="default: all; ALL: made over studies")
    table.add_argument("--format", choices=("csv", "parquet", "json"), default="csv")
    table.add_argument("--as-of", type=int, metavar="RUN", help="number of a run of --study")
    table.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")

    explain = command("explain", "why a subject has these grades", home=True)
    explain.add_argument("subject", metavar="SUBJECT")
    return top
