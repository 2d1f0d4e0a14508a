from __future__ import annotations

import dagster as dg
import yaml

from pipeline.lake.home import Home, inbox_from_env


def test_folders_of_a_home(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    home = Home(tmp_path)
    assert (home.lake, home.published) == (tmp_path / "lake", tmp_path / "published")
    assert home.dagster == tmp_path / "dagster"
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    assert home.dagster == tmp_path / "elsewhere"


def test_a_bucket_is_no_folder_of_the_home(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    home = Home(tmp_path)
    assert (home.lake_url, home.published_url) == (None, None)
    assert home.front_page == str(tmp_path / "published" / "index.html")
    monkeypatch.setenv("CRSIGHT_LAKE", "s3://lake/deep/")
    monkeypatch.setenv("CRSIGHT_PUBLISHED", "s3://pages")
    assert (home.lake_url, home.published_url) == ("s3://lake/deep", "s3://pages")
    assert home.front_page == "s3://pages/index.html"
    home.prepare()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dagster", "lake"]


def test_environment_and_its_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CRSIGHT_HOME", "CRSIGHT_INBOX"):
        monkeypatch.delenv(name, raising=False)
    assert Home.from_env().root == tmp_path / "var" / "demo"
    assert inbox_from_env() == tmp_path / "var" / "inbox"
    monkeypatch.setenv("CRSIGHT_HOME", "h")
    monkeypatch.setenv("CRSIGHT_INBOX", "i")
    assert (Home.from_env().root, inbox_from_env()) == (tmp_path / "h", tmp_path / "i")


def test_prepare_writes_dagster_yaml_once(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    home = Home(tmp_path)
    config = home.prepare() / "dagster.yaml"
    assert yaml.safe_load(config.read_text())["telemetry"] == {"enabled": False}
    config.write_text("telemetry: {enabled: false}\n# mine\n")
    home.prepare()
    assert "# mine" in config.read_text()


def test_dagster_takes_the_settings(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with dg.DagsterInstance.from_config(str(Home(tmp_path).prepare())) as instance:
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 2
