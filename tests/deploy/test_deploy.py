"""What cannot be run here is held to schemas, linters and the code that it names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from dagster._config import validate_config
from dagster_k8s import K8sRunLauncher
from yamllint import linter
from yamllint.config import YamlLintConfig

from pipeline.lake.dagster_yaml import Settings, agree

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = "1.34"
FILES = sorted(p for p in DEPLOY.rglob("*") if p.is_file())
YAML = [p for p in FILES if p.suffix == ".yaml"]
UNITS = [p for p in FILES if p.suffix in (".service", ".timer")]
SERVICES = [p for p in UNITS if p.suffix == ".service"]
OBJECTS = [
    pytest.param(obj, id=f"{path.stem}-{obj['kind']}-{obj['metadata']['name']}")
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for obj in yaml.safe_load_all(path.read_text())
]
RULES = """
extends: default
rules:
  document-start: disable
  line-length: {max: 110}
  comments: {min-spaces-from-content: 1}
"""


def name(path):
    return path.relative_to(DEPLOY).as_posix()


def configuration(which):
    [found] = [p.values[0] for p in OBJECTS if p.values[0]["metadata"]["name"] == which
               and p.values[0]["kind"] == "ConfigMap"]  # fmt: skip
    return found["data"]


@pytest.mark.parametrize("obj", OBJECTS)
def test_kubernetes_knows_every_field(obj):
    kubernetes_validate.validate(obj, KUBERNETES, strict=True)


@pytest.mark.parametrize("path", YAML, ids=name)
def test_yaml_is_clean(path):
    assert list(linter.run(path.read_text(), YamlLintConfig(RULES))) == []


def test_the_container_recipe_is_clean():
    hadolint = Path(sys.executable).with_name("hadolint")
    recipe = DEPLOY / "container" / "Containerfile"
    done = subprocess.run([hadolint, recipe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", UNITS, ids=name)
def test_systemd_takes_the_unit(path, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    # The units name a Python that is not installed here; a timer is held against its service.
    for file in {path, path.with_suffix(".service")}:
        said = file.read_text().replace("/opt/crsight/.venv/bin/python", sys.executable)
        (tmp_path / file.name).write_text(said)
    unit = tmp_path / path.name
    done = subprocess.run(
        ["systemd-analyze", "verify", unit],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", SERVICES, ids=name)
def test_a_unit_starts_a_module_with_arguments_that_it_takes(path):
    [(module, words)] = re.findall(r"^ExecStart=\S+ -m (\S+)(.*)$", path.read_text(), re.M)
    assert find_spec(module) is not None
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", module, *words.split(), "--help"], env=env, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_setting_is_one_that_the_code_reads(path):
    code = "".join(p.read_text() for p in (ROOT / "pipeline").rglob("*.py"))
    assert [s for s in set(re.findall(r"CRSIGHT_[A-Z_]+", path.read_text())) if s not in code] == []


def test_the_run_launcher_takes_its_configuration():
    settings = yaml.safe_load(configuration("crsight-dagster")["dagster.yaml"])
    launcher = settings["run_launcher"]
    assert (launcher["module"], launcher["class"]) == ("dagster_k8s", "K8sRunLauncher")
    checked = validate_config(K8sRunLauncher.config_type(), launcher["config"])
    assert checked.success, checked.errors


def test_the_dagster_yaml_agrees_with_the_settings_beside_it(tmp_path):
    file = tmp_path / "dagster.yaml"
    file.write_text(configuration("crsight-dagster")["dagster.yaml"])
    agree(file, Settings(postgres=True))


def test_all_pods_run_one_image_which_is_of_this_version():
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    images = {i for p in FILES for i in re.findall(r"crsight:\d[\w.]*", p.read_text())}
    assert images == {f"crsight:{version}"}
