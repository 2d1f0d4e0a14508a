"""Which drop the remarks of a new one are compared with."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from pipeline.assets.work import finish, run_stage
from pipeline.plan import STAGES
from tests.assets.fakes import CODE, FakeStages, of, write_drop


@dataclass
class Remarking(FakeStages):
    """Every subject of the drop has a note."""

    def ingest(self, drop, study, *spill):
        made = super().ingest(drop, study, *spill)
        who = made["sdtm_dm"]["USUBJID"].to_list()
        n = len(who)
        made["notes"] = of(
            "notes", STUDYID=[study.study] * n, DOMAIN=["DM"] * n, ROW=list(range(1, n + 1)),
            USUBJID=who, RULE=["AGE_IMPLAUSIBLE"] * n, COLUMN=["AGE"] * n, MESSAGE=["words"] * n,
        )  # fmt: skip
        return made


def run(here, number, *, force=False):
    for stage in STAGES:
        run_stage(here, "A", stage, f"r{number}", force=force)
    manifest = finish(here, "A", f"r{number}")
    table = pl.read_parquet(here.store.table("changes", manifest.tables["changes"]))
    return table.select("N_BEFORE", "N_NOW", "N_FIXED", "N_NEW", "N_OPEN").rows()


@pytest.fixture
def remarking(here):
    object.__setattr__(here, "stages", Remarking())
    return here


def test_the_drop_before_is_the_last_one_with_other_data(remarking):
    drop = write_drop(remarking.inbox, "A")
    assert run(remarking, 1) == []  # nothing before it
    (drop / "dm.csv").write_text("S-1 S-3 S-4")
    assert run(remarking, 2) == [(2, 3, 1, 2, 1)]
    # computed again, under new code, or with another description: it is still that drop
    assert run(remarking, 3, force=True) == [(2, 3, 1, 2, 1)]
    object.__setattr__(remarking, "code", {**CODE, "ingest": "new"})
    assert run(remarking, 4) == [(2, 3, 1, 2, 1)]
    yaml = drop / "study.yaml"
    yaml.write_text(yaml.read_text().replace("Made for a test", "Another title"))
    assert run(remarking, 5) == [(2, 3, 1, 2, 1)]
    (drop / "dm.csv").write_text("S-1")
    assert run(remarking, 6) == [(3, 1, 2, 0, 1)]
