from __future__ import annotations

import dagster as dg
import pytest
import yaml

from pipeline.lake.dagster_yaml import Settings, SettingsError, dagster_yaml
from pipeline.lake.home import Home

URL = "postgresql+psycopg2://me:secret@db/crsight"
NAMES = ("DAGSTER_HOME", "CRSIGHT_POSTGRES", "CRSIGHT_BROKER", "CRSIGHT_RUNS")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path)


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, Settings(postgres=False, broker=False, runs=2)),
        ({"CRSIGHT_RUNS": "7"}, Settings(postgres=False, broker=False, runs=7)),
        ({"CRSIGHT_POSTGRES": URL}, Settings(postgres=True, broker=False, runs=2)),
        (
            {"CRSIGHT_POSTGRES": URL, "CRSIGHT_BROKER": "redis://b/0", "CRSIGHT_RUNS": ""},
            Settings(postgres=True, broker=True, runs=2),
        ),
    ],
)
def test_what_the_environment_asks_for(home, monkeypatch, environment, wanted):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings.from_env() == wanted


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"CRSIGHT_RUNS": "0"}, "CRSIGHT_RUNS is '0'"),
        ({"CRSIGHT_RUNS": "many"}, "CRSIGHT_RUNS is 'many'"),
        ({"CRSIGHT_POSTGRES": "postgresql://db/x"}, r"must begin with postgresql\+psycopg2://"),
        ({"CRSIGHT_BROKER": "redis://b/0"}, "CRSIGHT_BROKER needs CRSIGHT_POSTGRES"),
    ],
)
def test_what_it_cannot_mean(home, monkeypatch, environment, said):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said):
        home.prepare()
    assert not home.dagster.exists()


def test_no_address_and_no_password_is_written_down(home, monkeypatch):
    monkeypatch.setenv("CRSIGHT_POSTGRES", URL)
    monkeypatch.setenv("CRSIGHT_BROKER", "redis://:secret@b/0")
    text = (home.prepare() / "dagster.yaml").read_text()
    assert "secret" not in text
    held = yaml.safe_load(text)
    assert "event_log_storage" not in held  # the database keeps all of it
    assert held["storage"] == {"postgres": {"postgres_url": {"env": "CRSIGHT_POSTGRES"}}}
    assert held["run_launcher"]["config"] == {"broker": {"env": "CRSIGHT_BROKER"}}


def test_a_file_made_for_one_machine_does_not_serve_several(home, monkeypatch):
    home.prepare()
    monkeypatch.setenv("CRSIGHT_POSTGRES", URL)
    with pytest.raises(SettingsError, match="CRSIGHT_POSTGRES is set, and the file does not use"):
        home.prepare()


def test_a_file_made_for_several_machines_does_not_serve_one(home, monkeypatch):
    monkeypatch.setenv("CRSIGHT_POSTGRES", URL)
    monkeypatch.setenv("CRSIGHT_BROKER", "redis://b/0")
    home.prepare()
    home.prepare()
    monkeypatch.delenv("CRSIGHT_BROKER")
    with pytest.raises(SettingsError, match="the file uses CRSIGHT_BROKER, which is not set"):
        home.prepare()


def test_an_owner_may_configure_another_database_and_launcher(home):
    (home.prepare() / "dagster.yaml").write_text(
        "storage: {postgres: {postgres_url: {env: OURS}}}\nrun_launcher: {module: a, class: B}\n"
    )
    home.prepare()


def test_dagster_takes_the_settings_of_several_machines(home, monkeypatch):
    monkeypatch.setenv("CRSIGHT_BROKER", "memory://")
    home.dagster.mkdir()
    # Without the database: an instance connects to it at once, which the process tests do.
    (home.dagster / "dagster.yaml").write_text(dagster_yaml(Settings(broker=True, runs=5)))
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        assert type(instance.run_launcher).__name__ == "StudyLauncher"
        assert instance.run_launcher.supports_resume_run
        assert instance.run_monitoring_max_resume_run_attempts == 2
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 5
        # A message whose worker went away comes back before the run counts as not started.
        from pipeline.workers.broker import REDELIVER_S

        assert instance.run_monitoring_start_timeout_seconds > 2 * REDELIVER_S
