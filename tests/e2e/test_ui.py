"""The Dagster UI, in a browser: five groups, and a study that is materialised by clicking."""

from __future__ import annotations

import urllib.request

import dagster as dg
import pytest
from playwright.sync_api import expect

from pipeline.lake.home import Home
from pipeline.plan import STAGES
from tests.e2e.browser import chromium
from tests.e2e.drops import write_drop
from tests.e2e.processes import free_port, script, start, stop, wait_until

pytestmark = [pytest.mark.process, pytest.mark.browser]
PATIENCE_MS = 90_000


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def served(env, home, tmp_path, monkeypatch):
    """Address of a UI over an inbox with one drop, which the sensor does not touch."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    env |= {"DAGSTER_HOME": str(home.prepare()), "CRSIGHT_SETTLE_S": "86400"}
    write_drop(tmp_path / "inbox", "CLICK")
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        instance.add_dynamic_partitions("study", ["CLICK"])
    port = free_port()
    where, log = ["-w", "dagster_workspace.yaml"], tmp_path / "ui.log"
    server = [script("dagster-webserver"), "-h", "127.0.0.1", "-p", str(port), *where]
    processes = [
        start(server, env, log),
        start([script("dagster-daemon"), "run", *where], env, tmp_path / "daemon.log"),
    ]
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{address}/server_info"), log=log)
        yield address
    finally:
        for process in processes:
            stop(process)


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_five_groups_and_a_study_by_clicking(served, home):
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.goto(f"{served}/asset-groups")
        for group in STAGES:
            expect(page.get_by_text(group, exact=True).first).to_be_visible(timeout=PATIENCE_MS)

        page.goto(f"{served}/locations/crsight/jobs/study")
        page.get_by_role("button", name="Materialize all").click(timeout=PATIENCE_MS)
        page.get_by_role("button", name="All", exact=True).click()
        page.get_by_role("button", name="Launch 1 run").click(timeout=PATIENCE_MS)
        wait_until((home.published / "studies/CLICK/index.html").exists, seconds=120)

        page.goto(f"{served}/assets/grades?view=partitions&partition=CLICK")
        expect(page.get_by_text("Materialized", exact=True).first).to_be_visible(
            timeout=PATIENCE_MS
        )
        expect(page.get_by_text("dagster/row_count").first).to_be_visible(timeout=PATIENCE_MS)
