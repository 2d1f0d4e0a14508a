"""Properties that hold for every course (grading companion, section 7), on random courses."""

from __future__ import annotations

import os

import pytest

from tests.oracle.properties import PROPERTIES

PAIRS = int(os.environ.get("CRSIGHT_SOAK_PROPERTIES", "200"))
SEED = 20260101


@pytest.mark.parametrize("name", PROPERTIES)
def test_property(name):
    found = PROPERTIES[name](SEED, PAIRS)
    assert not found, f"{len(found)} times not so:\n" + "\n\n".join(found[:3])
