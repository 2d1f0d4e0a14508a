"""The Dagster UI as `make ui` serves it, in a browser: what an analyst sees and clicks."""

from __future__ import annotations

import sys
import urllib.request

import dagster as dg
import pytest
from playwright.sync_api import expect

from pipeline.lake.home import Home
from pipeline.plan import STAGES
from tests.e2e.browser import chromium
from tests.e2e.drops import write_drop
from tests.e2e.processes import free_port, start, stop, wait_until

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
    port, log = free_port(in_a_row=2), tmp_path / "ui.log"
    process = start([sys.executable, "-m", "pipeline.ui", "--port", str(port)], env, log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{address}/server_info"), seconds=180, log=log)
        yield address
    finally:
        stop(process)


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_an_analyst_starts_a_study_and_reads_what_came_of_it(served, home):
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        groups_are_stages(page, served)
        columns_are_explained_before_anything_is_made(page, served)
        the_front_page_is_linked_whoever_made_it(page, served)
        launchpad_offers_the_choices(page, served)
        a_study_by_clicking(page, served, home)
        numbers_are_told_and_plotted(page, served)
        a_check_says_its_rule_and_its_study(page, served)
        the_report_is_a_click_away(page, served)


def groups_are_stages(page, served):
    page.goto(f"{served}/asset-groups")
    for group in STAGES:
        expect(page.get_by_text(group, exact=True).first).to_be_visible()


def columns_are_explained_before_anything_is_made(page, served):
    page.goto(f"{served}/assets/doses")
    expect(
        page.get_by_text("One row: an administration of a trigger product").first
    ).to_be_visible()
    expect(page.get_by_text("Study day of the start").first).to_be_visible()


def the_front_page_is_linked_whoever_made_it(page, served):
    """A run of the command line knows no address, so the link is no part of what it tells."""
    page.goto(f"{served}/assets/study_pages")
    link = page.get_by_role("link", name=f"{reports(served)}/index.html")
    expect(link).to_have_attribute("href", f"{reports(served)}/index.html")


def reports(served):
    return f"http://127.0.0.1:{int(served.rpartition(':')[2]) + 1}"


def launchpad_offers_the_choices(page, served):
    page.goto(f"{served}/locations/crsight/jobs/study/playground")
    expect(page.get_by_text("Choices of a run").first).to_be_visible()


def a_study_by_clicking(page, served, home):
    page.goto(f"{served}/locations/crsight/jobs/study")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Launch 1 run").click()
    # The pages are there a moment before the UI is told of them.
    wait_until(lambda: ended(home), seconds=240, pause=1)
    assert ended(home) == [dg.DagsterRunStatus.SUCCESS]
    assert (home.published / "studies/CLICK/index.html").exists()


def ended(home):
    """How the study's runs ended, as far as they did."""
    of = dg.RunsFilter(tags={"dagster/partition": "CLICK"})
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        return [run.status for run in instance.get_runs(of) if run.is_finished]


def numbers_are_told_and_plotted(page, served):
    page.goto(f"{served}/assets/results?view=partitions&partition=CLICK")
    expect(page.get_by_text("Materialized", exact=True).first).to_be_visible()
    row = page.get_by_role("row").filter(has_text="CRS, any grade (%)")
    expect(row).to_contain_text("66.7")  # two of three subjects
    page.goto(f"{served}/assets/results")
    page.get_by_role("button", name="Plots").click()
    expect(page.get_by_text("CRS, any grade (%)").first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()


def a_check_says_its_rule_and_its_study(page, served):
    page.goto(f"{served}/assets/evidence?view=checks&checkDetail=derived_grades_have_evidence")
    expect(
        page.get_by_text("Every derived grade of 1 or more has the rows that decided it.").first
    ).to_be_visible()
    expect(page.get_by_text("CLICK").first).to_be_visible()


def the_report_is_a_click_away(page, served):
    page.goto(f"{served}/assets/study_pages?view=partitions&partition=CLICK")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="/studies/CLICK/index.html").click()
    report = opened.value
    expect(report.get_by_role("heading", level=1)).to_contain_text("CLICK")
    assert report.url == f"{reports(served)}/studies/CLICK/index.html"
