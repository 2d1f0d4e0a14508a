"""What a rule of ingest is.

Severities:
    refuse: nothing of the drop is taken; the sponsor must mend it.
    quarantine: the row cannot be used without guessing; it is held back, with the reason.
    note: the row is used as it stands (or without the faulty value); the remark is for a query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refuse", "quarantine", "note"]


@dataclass(frozen=True)
class Rule:
    """One rule: `sentence` says in plain words what is wrong, {column} stands for the column.

    `cdisc` names a published check for the same thing: a function of pharmaverse's sdtmchecks, or
    the part of the SDTM implementation guide (IG).
    """

    id: str
    severity: Severity
    sentence: str
    cdisc: str | None = None
