"""Every query points at a row that is there; a simulated study with dirt, small."""

from __future__ import annotations

import pytest

from pipeline.assets.stages import RealStages
from pipeline.queries.queries import derive_queries
from pipeline.simulate.profiles import simulate
from pipeline.study import load_study
from pipeline.table import frame_of
from tests.queries.asked import headlines, typed


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    """Tables of a simulated study, and its queries."""
    (drop, *_) = simulate("stress", tmp_path_factory.mktemp("inbox"), 3, 40)
    study, stages = load_study(drop), RealStages()
    tables = dict(stages.ingest(drop, study, tmp_path_factory.mktemp("spill")))
    tables |= {"changes": typed("changes")}
    for stage in ("subjects", "crs"):
        tables |= getattr(stages, stage)(tables, study)
    tables["results"] = headlines({k: frame_of(v) for k, v in tables.items()}, study)
    return tables, derive_queries(tables, study)["queries"]


def test_every_query_points_at_a_row_that_was_delivered(dirty):
    tables, queries = dirty
    held = set(frame_of(tables["quarantine"]).select("DOMAIN", "ROW").iter_rows())
    assert queries.height > 10
    for row in queries.to_dicts():
        domain = row["SRCDOM"]
        if row["SRCSEQ"] is not None:
            source = frame_of(tables[f"sdtm_{domain.lower()}"])
            found = source.filter(USUBJID=row["USUBJID"])[f"{domain}SEQ"].to_list()
            assert row["SRCSEQ"] in found, row
        elif row["ROW"] is not None and row["KIND"] in ("QUARANTINED", "SUBJECT_NOT_IN_DM"):
            assert (domain, row["ROW"]) in held, row
        elif row["ROW"] is not None:
            assert row["ROW"] in frame_of(tables[f"sdtm_{domain.lower()}"])["ROW"].to_list(), row
        else:
            assert row["USUBJID"] is None, row


def test_every_held_back_row_but_exact_repeats_is_behind_one_query(dirty):
    tables, queries = dirty
    held = frame_of(tables["quarantine"]).filter(
        ~(frame_of(tables["quarantine"])["RULE"] == "DUPLICATE_ROW")
    )
    asked = queries.filter(queries["KIND"].is_in(["QUARANTINED", "SUBJECT_NOT_IN_DM"]))
    assert asked["N_ROWS"].sum() == held.select("DOMAIN", "ROW").unique().height > 0


def test_ranks_run_from_1_and_influence_falls(dirty):
    _, queries = dirty
    assert queries["RANK"].to_list() == list(range(1, queries.height + 1))
    assert queries["INFLUENCE"].is_sorted(descending=True)
    assert queries["QUERYID"].n_unique() == queries.height
