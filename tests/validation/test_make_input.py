"""The committed input is what its seeded script makes."""

from __future__ import annotations

import numpy as np

from tests.validation.subjects import FOLDER, column, numbers
from validation import make_input


def test_the_script_makes_the_committed_files_byte_for_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(make_input, "FOLDER", tmp_path)
    make_input.main()
    for name in ("input.csv", "episodes.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_input_has_the_awkward_cases():
    time, code, end = column("time"), numbers("code"), column("end")
    many = np.unique(time[code == 1], return_counts=True)[1].max()
    assert many >= 20, "ties"
    assert set(np.unique(code)) == {0, 1, 2, 3}
    assert np.intersect1d(time[code == 1], time[code > 1]).size, "event and competing on a day"
    assert (column("max_day") > time).any(), "maximum grade later than the onset"
    assert set(np.unique(numbers("grade"))) == {0, 1, 2, 3, 4, 5}
    assert np.count_nonzero(end < 28) >= 30, "staggered censoring"
    assert ((code == 1) & (time == end)).any(), "onset on the last day"
