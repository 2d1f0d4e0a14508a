"""Writes status.html, the one page that tells times and so is in no manifest."""

from __future__ import annotations

from pipeline.assets.place import Place
from pipeline.lake.publish import write_status
from pipeline.status import status


def publish_status(place: Place) -> None:
    """Write the page from what the lake says now."""
    write_status(place.store, place.published, place.pages.status(status(place.store)))
