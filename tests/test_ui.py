from __future__ import annotations

import os
import socket

import pytest

from pipeline import ui
from pipeline.lake.backends import locks_of
from pipeline.lake.home import Home
from tests.e2e.processes import free_port


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Commands that would have been started, on a home of the test's own."""
    for name in ("DAGSTER_HOME", "CRSIGHT_POSTGRES", "CRSIGHT_BROKER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CRSIGHT_HOME", str(tmp_path))
    monkeypatch.setattr(os, "environ", dict(os.environ))  # thread bounds are put there
    monkeypatch.setattr(ui.signal, "signal", lambda *_: None)
    commands = []

    class Child:
        def __init__(self, command, env):
            commands.append([word for word in command if word != str(ui.WORKSPACE)])
            assert env["DAGSTER_HOME"] == str(tmp_path / "dagster")

        def wait(self):
            return 0

    monkeypatch.setattr(ui.subprocess, "Popen", Child)
    return commands


def test_both_halves_and_each_of_them(started):
    assert [ui.main([]), ui.main(["--only", "daemon"])] == [0, 0]
    assert ui.main(["--only", "web", "--host", "0.0.0.0", "--port", "80"]) == 0
    both, daemon, web = started
    assert both[1:] == ["-m", "dagster", "dev", "-w", "-h", "127.0.0.1", "-p", "3000"]
    assert daemon[0].endswith("dagster-daemon")
    assert daemon[1:] == ["run", "-w"]
    assert web[1:] == ["-m", "dagster_webserver", "-w", "-h", "0.0.0.0", "-p", "80"]


def test_a_home_has_one_daemon_and_any_number_of_webservers(started, tmp_path, capsys):
    with locks_of(Home(tmp_path)).hold("_daemon"):
        assert [ui.main([]), ui.main(["--only", "daemon"])] == [1, 1]
        assert ui.main(["--only", "web"]) == 0
    assert "already running on this home" in capsys.readouterr().err


def test_settings_that_contradict_each_other(started, monkeypatch, capsys):
    monkeypatch.setenv("CRSIGHT_BROKER", "redis://b/0")
    assert ui.main([]) == 2
    assert "CRSIGHT_BROKER needs CRSIGHT_POSTGRES" in capsys.readouterr().err
    assert started == []


def test_reports_are_served_on_the_next_port_or_where_that_is_taken_on_another(started, capsys):
    port = free_port(in_a_row=2)
    assert ui.main(["--port", str(port)]) == 0
    assert f"reports: http://127.0.0.1:{port + 1}/index.html" in capsys.readouterr().out
    with socket.create_server(("127.0.0.1", port + 1)):
        assert ui.main(["--port", str(port)]) == 0
    told = capsys.readouterr().out
    assert "reports: http://127.0.0.1:" in told
    assert f":{port + 1}/" not in told
