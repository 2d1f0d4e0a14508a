"""One partition per study; studies come as drops do."""

from __future__ import annotations

import dagster as dg

STUDIES = dg.DynamicPartitionsDefinition(name="study")
