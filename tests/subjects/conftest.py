"""The subject of tests/crs; the cases of a file are derived together here too."""

from tests.crs.conftest import case, together

__all__ = ["case", "together"]
