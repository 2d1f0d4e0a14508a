"""A checked domain with its checked qualifiers merged into it."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.supp import merge, not_used, with_parents
from pipeline.ingest.validate import Checked, without_bad
from pipeline.schemas.sdtm import DOMAINS


def qualified(supp: Checked, owner: Checked, parent: str) -> tuple[Checked, Checked, pl.DataFrame]:
    """Merge the qualifiers that have an accepted parent; those without one are held back.

    Returns:
        The qualifiers, the domain, and how many qualifiers no column takes (`supp.not_used`).
    """
    joined, found = with_parents(supp.frame, owner.frame, parent)
    merged, notes = merge(owner.frame, joined, parent, DOMAINS[parent])
    remarks = [*supp.remarks, *found]
    return (
        Checked(without_bad(supp.frame, remarks), remarks, supp.read),
        Checked(merged, [*owner.remarks, *notes], owner.read),
        not_used(joined, DOMAINS[parent]),
    )
