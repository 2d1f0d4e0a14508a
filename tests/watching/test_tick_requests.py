"""What a tick of the sensors asks of a real bucket, by the server's own count."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest

from pipeline.assets.over_studies import used
from pipeline.lake.fingerprint import drop_fingerprint
from pipeline.lake.manifest import COHORTS
from pipeline.lake.state import State
from pipeline.watching.sensors import inbox_sensor
from pipeline.watching.watch import watch
from tests.assets.fakes import place, write_drop
from tests.assets.test_over_studies import run_all_over_studies
from tests.assets.test_work import run_all
from tests.s3_server import make_bucket, requests_since
from tests.servers import s3

pytestmark = pytest.mark.process


def fill(here, studies):
    """Published studies with their drops, and pages over them."""
    for study in studies:
        (write_drop(here.inbox, study) / "_SUCCESS").touch()
    run_all(here, studies[0])
    run_all_over_studies(here)
    one, over = here.store.current(studies[0]), here.store.current(COHORTS)
    for study in studies[1:]:
        files = drop_fingerprint(here.inbox / study)
        made = replace(one, study=study, drop=files)
        here.store.files.create(f"manifests/{study}/00000001.json", made.to_bytes())
        here.store.set_state(State(study, "published"))
    newest = replace(over, number=2, parent=1, drop=used(here))
    here.store.files.create(f"manifests/{COHORTS}/00000002.json", newest.to_bytes())


def requests_of_a_tick(here, endpoint):
    with dg.DagsterInstance.ephemeral() as instance:
        for sensor in (inbox_sensor, watch, inbox_sensor, watch):
            if sensor is inbox_sensor:
                requests_since(endpoint)
            with dg.build_sensor_context(instance=instance, resources={"place": here}) as context:
                assert not sensor(context).run_requests
        return requests_since(endpoint)


def test_a_tick_with_nothing_changed_asks_as_little_for_12_studies_as_for_2(tmp_path, monkeypatch):
    with s3() as env:
        endpoint = env["AWS_ENDPOINT_URL"]
        make_bucket(endpoint, "bucket")
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        asked = []
        for count in (2, 12):
            monkeypatch.setenv("CRSIGHT_LAKE", f"s3://bucket/lake{count}")
            (tmp_path / str(count)).mkdir()
            here = place(tmp_path / str(count))
            fill(here, [f"S{n:02d}" for n in range(count)])
            asked.append(requests_of_a_tick(here, endpoint))
    assert asked[0] == asked[1]
    assert set(asked[0]) == {"LIST", "GET"}
    assert sum(asked[0].values()) <= 18  # of both sensors together
