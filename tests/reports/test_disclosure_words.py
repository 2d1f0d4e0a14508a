from __future__ import annotations

import pytest

from reports.disclosure_words import without_counts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("imprecise: 3 of 40 censored before this day", "imprecise: some censored before this day"),
        ("38 of 40 have no times", "some have no times"),  # two have
        ("12 of 40 have no times", "12 of 40 have no times"),
        ("2 subjects have this sign without a grade",
         "fewer than 5 subjects have this sign without a grade"),
        ("imprecise: 4 at risk on this day", "imprecise: fewer than 5 at risk on this day"),
        ("quartiles need 4 subjects and there are 7", "quartiles need 4 subjects and there are 7"),
        ("nobody was followed to day 3", "nobody was followed to day 3"),
        ("the curve does not reach 0.5", "the curve does not reach 0.5"),
    ],
)  # fmt: skip
def test_a_remark_does_not_tell_a_small_count(text, expected):
    assert without_counts(text, 5) == expected
