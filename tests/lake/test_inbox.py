from __future__ import annotations

import pytest

from pipeline.lake.inbox import drops


def folders(tmp_path, *names):
    for name in names:
        (tmp_path / name).mkdir()
    return tmp_path


def problems(inbox, known=()):
    return {d.study: d.problems for d in drops(inbox, known)}


def test_an_inbox_that_is_not_there_is_empty(tmp_path):
    assert drops(tmp_path / "nowhere") == []


def test_folders_are_drops_files_and_hidden_folders_are_not(tmp_path):
    folders(tmp_path, "B", "A", ".snapshot")
    (tmp_path / "A_expected.json").touch()
    assert problems(tmp_path) == {"A": (), "B": ()}


@pytest.mark.parametrize("name", ["my study", "_x", "-x", "é", "A" * 33])
def test_a_bad_name_is_refused_with_the_rule(tmp_path, name):
    (found,) = drops(folders(tmp_path, name))
    assert "1 to 32 letters, digits" in found.problems[0]
    assert name in found.problems[0]


def test_names_that_differ_in_capitals_only_are_both_refused(tmp_path):
    got = problems(folders(tmp_path, "abc", "ABC", "x"))
    assert got["x"] == ()
    assert "in other capitals" in got["abc"][0]
    assert "in other capitals" in got["ABC"][0]


def test_a_known_study_keeps_its_name_against_a_newcomer(tmp_path):
    got = problems(folders(tmp_path, "abc", "ABC"), known=["ABC"])
    assert got["ABC"] == ()
    assert got["abc"] != ()
    assert problems(tmp_path, known=["Abc"])["abc"] != ()
