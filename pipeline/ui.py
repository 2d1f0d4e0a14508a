"""The Dagster UI with schedules and sensors running, on the loopback interface: `make ui`.

One daemon per home is enforced: two would launch the same run twice. Where several machines work on
a home, `--only daemon` and `--only web` start the two halves, each where it belongs.

Beside the UI the published pages are served so that it can link to them, on the next port, or on
any free one where that is taken; not so where CRSIGHT_REPORTS_URL says that somebody else does, nor
beyond this machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from pipeline.lake.backends import locks_of
from pipeline.lake.dagster_yaml import Settings, SettingsError
from pipeline.lake.home import Home, inbox_from_env
from pipeline.lake.locks import BusyError
from pipeline.serve import serving
from pipeline.threads import bound_threads

WORKSPACE = Path(__file__).resolve().parent.parent / "dagster_workspace.yaml"
REPORTS = "CRSIGHT_REPORTS_URL"
_LOOPBACK = ("127.0.0.1", "localhost")
_PATIENCE_S = 30


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted; 1 if this home already has a daemon, 2 for wrong settings."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.ui", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="default: %(default)s")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("--only", choices=("daemon", "web"), help="one half of it")
    args = parser.parse_args(argv)
    home = Home.from_env()
    try:
        home.prepare()
        bound_threads(Settings.from_env().runs)
        if args.only == "web":
            return _serve(home, args)
        with locks_of(home).hold("_daemon", wait_s=0), ExitStack() as while_it_runs:
            return _serve(home, args, _reports(home, args, while_it_runs))
    except BusyError:
        print(f"{home.root}: a UI with its daemon is already running on this home", file=sys.stderr)  # noqa: T201
        return 1
    except SettingsError as error:
        print(f"crsight: {error}", file=sys.stderr)  # noqa: T201
        return 2


def _reports(home: Home, args: argparse.Namespace, while_it_runs: ExitStack) -> str:
    """Where the published pages are served, empty where nobody serves them."""
    served = os.environ.get(REPORTS, "")
    if served or args.only or home.published_url or args.host not in _LOOPBACK:
        return served
    try:
        return while_it_runs.enter_context(serving(home.published, args.host, args.port + 1))
    except OSError:  # taken by another program
        return while_it_runs.enter_context(serving(home.published, args.host, 0))


def _serve(home: Home, args: argparse.Namespace, reports: str = "") -> int:
    places = {
        "DAGSTER_HOME": home.dagster,
        "CRSIGHT_HOME": home.root,
        "CRSIGHT_INBOX": inbox_from_env(),
        **({REPORTS: reports} if reports else {}),
    }
    ui = "none here" if args.only == "daemon" else f"http://{args.host}:{args.port}"
    front = f"{reports}/index.html" if reports else home.front_page
    print(f"UI: {ui}  reports: {front}", flush=True)  # noqa: T201
    # A shell that starts us in the background has interrupts ignored, which children would inherit
    # and then never end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    child = subprocess.Popen(
        _command(args), env={**os.environ, **{k: str(v) for k, v in places.items()}}
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


def _command(args: argparse.Namespace) -> list[str]:
    of = ["-w", str(WORKSPACE)]
    if args.only == "daemon":
        return [str(Path(sys.executable).with_name("dagster-daemon")), "run", *of]
    program = "dagster_webserver" if args.only == "web" else "dagster"
    dev = [] if args.only == "web" else ["dev"]
    address = ["-h", args.host, "-p", str(args.port)]
    return [sys.executable, "-m", program, *dev, *of, *address]


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
