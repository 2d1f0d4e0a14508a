"""The Dagster UI with schedules and sensors running, on the loopback interface: `make ui`.

One daemon per home is enforced: two would launch the same run twice.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from pipeline.lake.home import Home, inbox_from_env
from pipeline.lake.locks import BusyError, Locks

WORKSPACE = Path(__file__).resolve().parent.parent / "dagster_workspace.yaml"
_PATIENCE_S = 30


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted; 1 if this home already has a daemon."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.ui", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="default: %(default)s")
    port = parser.parse_args(argv).port
    home = Home.from_env()
    home.prepare()
    try:
        with Locks(home.lake / "locks").hold("_daemon", wait_s=0):
            return _serve(home, port)
    except BusyError:
        print(f"{home.root}: a UI with its daemon is already running on this home", file=sys.stderr)  # noqa: T201
        return 1


def _serve(home: Home, port: int) -> int:
    places = {
        "DAGSTER_HOME": home.dagster,
        "CRSIGHT_HOME": home.root,
        "CRSIGHT_INBOX": inbox_from_env(),
    }
    print(f"UI: http://127.0.0.1:{port}  reports: {home.published / 'index.html'}", flush=True)  # noqa: T201
    # A shell that starts us in the background has interrupts ignored, which children would inherit
    # and then never end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    command = ["-m", "dagster", "dev", "-w", str(WORKSPACE), "-h", "127.0.0.1", "-p", str(port)]
    child = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, **{k: str(v) for k, v in places.items()}}
    )
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
        return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
