"""Real servers on loopback for tests: PostgreSQL, Redis and an S3; each ends with its block."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.processes import ROOT, free_port, stop, wait_until

NO_SERVERS = "needs the Debian packages that tests/system_packages.sh names"


def postgres_programs() -> Path | None:
    """Folder of the newest PostgreSQL server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def postgres() -> Generator[str]:
    """A new cluster of its own; the value is the URL of its database `crsight`."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip(NO_SERVERS)
    # PostgreSQL refuses to run as root; the package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    port = free_port()
    with TemporaryDirectory(prefix="crsight-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        data, as_user = Path(folder) / "data", {"user": user if os.geteuid() == 0 else None}
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "crsight", "-A", "trust", "-E", "UTF8", "-N"],
            check=True, capture_output=True, cwd=folder, **as_user,
        )  # fmt: skip
        with (Path(folder) / "log").open("ab") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port),
                 "-k", folder, "-c", "fsync=off", "-c", "max_connections=200"],
                cwd=folder, stdout=log, stderr=log, start_new_session=True, **as_user,
            )  # fmt: skip
        try:
            made = [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "crsight"]
            wait_until(
                lambda: (
                    subprocess.run([*made, "crsight"], capture_output=True, check=False).returncode
                    == 0
                )
            )
            yield f"postgresql://crsight@127.0.0.1:{port}/crsight"
        finally:
            stop(server)


@contextmanager
def redis() -> Generator[str]:
    """A broker; the value is its URL."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip(NO_SERVERS)
    port = free_port()
    server = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_until(lambda: answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(server)


@contextmanager
def s3() -> Generator[dict[str, str]]:
    """An S3 in a process of its own; the value is the environment that leads clients to it."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.s3_server", str(port)], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_until(lambda: answers(port))
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "crsight",
            "AWS_SECRET_ACCESS_KEY": "crsight",
            "AWS_REGION": "us-east-1",
        }
    finally:
        stop(server)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0
