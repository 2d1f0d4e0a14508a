"""A worker: takes whole studies as runs from the broker, one process each, with bounded threads.

    python -m pipeline.worker --runs 2

It needs the environment of the daemon: CRSIGHT_HOME and CRSIGHT_INBOX on storage that all share,
CRSIGHT_POSTGRES, CRSIGHT_BROKER. SIGTERM lets it finish the runs that it has.
Neither polars nor DuckDB may be loaded here: their threads would not survive the fork of a run.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys

from pipeline.lake.dagster_yaml import BROKER, SettingsError
from pipeline.lake.fingerprint import stage_code
from pipeline.lake.home import Home, inbox_from_env
from pipeline.threads import bound_threads
from pipeline.workers.broker import add_tasks, celery_app, code_name, queue_name

USAGE = 2


def main(argv: list[str] | None = None) -> int:
    """Work until asked to end; 2 if the environment is not that of a worker."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.worker", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="at once (default: %(default)s)")
    runs = parser.parse_args(argv).runs
    try:
        broker = prepare(runs)
    except SettingsError as error:
        print(f"crsight: {error}", file=sys.stderr)  # noqa: T201
        return USAGE
    name, app = f"{socket.gethostname()}-{os.getpid()}", celery_app(broker)
    add_tasks(app)
    print(f"worker {name}: {runs} runs at once from queue {queue_name()}", flush=True)  # noqa: T201
    os.environ.update({"CRSIGHT_WORKER": name, "CRSIGHT_WORKER_CODE": code_name()})
    # A run's process loads the code from disk and must say of that what it is, not of ours.
    stage_code.cache_clear()
    app.worker_main(
        ["worker", f"--concurrency={runs}", f"--hostname=crsight@{name}", "--loglevel=INFO",
         "--without-gossip", "--without-mingle"]
    )  # fmt: skip
    return 0


def prepare(runs: int) -> str:
    """Make the environment that runs inherit; the answer is the broker.

    Args:
        runs: how many share this machine.

    Raises:
        SettingsError: something is missing.
    """
    home, inbox = Home.from_env(), inbox_from_env()
    broker = os.environ.get(BROKER)
    if not broker:
        raise SettingsError(f"{BROKER} is not set: where should runs come from?")
    if not inbox.is_dir():
        raise SettingsError(f"no inbox at {inbox}: a worker reads the drops itself")
    os.environ["DAGSTER_HOME"] = str(home.prepare())
    os.environ["CRSIGHT_HOME"], os.environ["CRSIGHT_INBOX"] = str(home.root), str(inbox)
    bound_threads(runs)
    return broker


if __name__ == "__main__":
    sys.exit(main())
