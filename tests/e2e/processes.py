"""Real processes for tests, each in a session of its own, so that all of it can be ended."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(sources: Path, tmp_path: Path, **more: str) -> dict[str, str]:
    """For processes that run from these sources, with all that they keep below one folder."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("CRSIGHT_", "DAGSTER_"))},
        "PYTHONPATH": str(sources),
        "CRSIGHT_HOME": str(tmp_path / "home"),
        "CRSIGHT_INBOX": str(tmp_path / "inbox"),
        **more,
    }


def start(command: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    # An inherited "ignore" of Ctrl-C would keep Dagster's children alive.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with log.open("ab") as file:
        return subprocess.Popen(
            command, env=env, cwd=env["PYTHONPATH"], stdout=file, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip


def crsight(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments], env=env, cwd=env["PYTHONPATH"],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def script(name: str) -> str:
    """A command that came with the Python of the tests."""
    return str(Path(sys.executable).with_name(name))


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole group at once, as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the group to end, then end it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    kill(process)


def wait_until(what, seconds: float = 90, pause: float = 0.2, log: Path | None = None):
    """The first true answer of a question."""
    end = time.monotonic() + seconds
    while not (answer := what()):
        if time.monotonic() > end:
            tail = log.read_text(errors="replace")[-3000:] if log else ""
            raise AssertionError(f"did not happen in {seconds} s\n{tail}")
        time.sleep(pause)
    return answer


def free_port(in_a_row: int = 1) -> int:
    """A port that is free, as are those after it.

    Below those that the system gives to outgoing connections (32768 and up): between the answer
    and its use no connection of another test can take it.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for each in range(port, port + in_a_row):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port
