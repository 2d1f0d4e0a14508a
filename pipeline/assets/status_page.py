"""Writes status.html, the one page that tells times and so is in no manifest."""

from __future__ import annotations

from dataclasses import asdict

from pipeline.assets.place import Place
from pipeline.lake.manifest import digest
from pipeline.lake.publish import write_status
from pipeline.status import status

# A page that nobody renews looks as if nobody watched.
AGAIN_S = 900.0


def publish_status(place: Place) -> None:
    """Write the page from what the lake says now."""
    write_status(place.store, place.published, place.pages.status(status(place.store)))


def renew_status(place: Place, told: str, now: float) -> str:
    """Write the page if it would say something else than what was told, or is a while old.

    Runs write it when they end; between them a drop changes, waits, or a run begins.

    Args:
        place: the home.
        told: what the last call gave.
        now: the clock, in seconds.

    Returns:
        What is told now.
    """
    rows = status(place.store)
    said = f"{digest([asdict(row) for row in rows])} {now // AGAIN_S:.0f}"
    if said != told:
        write_status(place.store, place.published, place.pages.status(rows))
    return said
