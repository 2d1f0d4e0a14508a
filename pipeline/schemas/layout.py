"""How a table lies in a Parquet file: with this, the same rows give the same bytes."""

from __future__ import annotations

from typing import Any

LAYOUT: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "statistics": True,
    "row_group_size": 131_072,
}
