from __future__ import annotations

from dataclasses import replace

from pipeline.lake.manifest import Manifest, StageRecord, Staging, inconsistencies

INGEST = StageRecord("c1", {"dm.csv": "d1", "study.yaml": "y1"}, {"sdtm_dm": "t1"})
SUBJECTS = StageRecord("c2", {"study.yaml": "y1", "sdtm_dm": "t1"}, {"adsl": "t2"})
REPORTS = StageRecord("c3", {"study.yaml": "y1", "adsl": "t2"}, {"studies/A/index.html": "p1"})
MANIFEST = Manifest(
    "A", 1, 0, {"dm.csv": "d1", "study.yaml": "y1"}, {"study": "A"},
    {"ingest": INGEST, "subjects": SUBJECTS, "reports": REPORTS},
)  # fmt: skip


def test_bytes_round_trip():
    assert Manifest.from_bytes(MANIFEST.to_bytes()) == MANIFEST
    staging = Staging("run", 3, MANIFEST.drop, MANIFEST.meta, MANIFEST.stages)
    assert Staging.from_bytes(staging.to_bytes()) == staging


def test_tables_and_pages_are_apart():
    assert MANIFEST.tables == {"sdtm_dm": "t1", "adsl": "t2"}
    assert MANIFEST.pages == {"studies/A/index.html": "p1"}


def test_content_is_free_of_the_place_in_history():
    assert replace(MANIFEST, number=7, parent=6).content == MANIFEST.content
    assert replace(MANIFEST, withdrawn=True).content != MANIFEST.content


def test_bytes_do_not_depend_on_the_order_of_keys():
    turned = dict(reversed(list(MANIFEST.stages.items())))
    assert replace(MANIFEST, stages=turned).to_bytes() == MANIFEST.to_bytes()


def test_a_consistent_manifest_has_no_complaint():
    assert inconsistencies(MANIFEST) == []


def test_a_stage_made_from_another_table_is_named():
    newer = replace(INGEST, outputs={"sdtm_dm": "t9"})
    broken = replace(MANIFEST, stages={**MANIFEST.stages, "ingest": newer})
    assert inconsistencies(broken) == [
        "subjects was made from another sdtm_dm than the one at hand"
    ]


def test_a_stage_made_under_another_study_yaml_is_named():
    broken = replace(MANIFEST, drop={**MANIFEST.drop, "study.yaml": "y2"})
    assert len(inconsistencies(broken)) == 3
