"""The contract tables, by name. Each class gives types, key and the meaning of a row."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas.tables.accounts import Accounts
from pipeline.schemas.tables.adsl import Adsl
from pipeline.schemas.tables.adtte import Adtte
from pipeline.schemas.tables.candidates import Candidates
from pipeline.schemas.tables.changes import Changes
from pipeline.schemas.tables.covariates import Covariates
from pipeline.schemas.tables.dm_variables import DmVariables
from pipeline.schemas.tables.doses import Doses
from pipeline.schemas.tables.episodes import Episodes
from pipeline.schemas.tables.events import Events
from pipeline.schemas.tables.evidence import Evidence
from pipeline.schemas.tables.findings import Findings
from pipeline.schemas.tables.grade_changes import GradeChanges
from pipeline.schemas.tables.grade_days import GradeDays
from pipeline.schemas.tables.grades import Grades
from pipeline.schemas.tables.interventions import Interventions
from pipeline.schemas.tables.labs import Labs
from pipeline.schemas.tables.ledger import Ledger
from pipeline.schemas.tables.notes import Notes
from pipeline.schemas.tables.quarantine import Quarantine
from pipeline.schemas.tables.queries import Queries
from pipeline.schemas.tables.readings import Readings
from pipeline.schemas.tables.reconciliation import Reconciliation
from pipeline.schemas.tables.results import Results
from pipeline.schemas.tables.sets import Sets, Sources
from pipeline.schemas.tables.signs import Signs
from pipeline.schemas.tables.unmapped import Unmapped
from pipeline.schemas.tables.vitals import Vitals

TABLES: dict[str, type[dy.Schema]] = {
    "ledger": Ledger,
    "quarantine": Quarantine,
    "notes": Notes,
    "changes": Changes,
    "dm_variables": DmVariables,
    "adsl": Adsl,
    "doses": Doses,
    "covariates": Covariates,
    "findings": Findings,
    "episodes": Episodes,
    "grades": Grades,
    "grade_days": GradeDays,
    "grade_changes": GradeChanges,
    "evidence": Evidence,
    "accounts": Accounts,
    "candidates": Candidates,
    "reconciliation": Reconciliation,
    "interventions": Interventions,
    "readings": Readings,
    "events": Events,
    "signs": Signs,
    "labs": Labs,
    "vitals": Vitals,
    "unmapped": Unmapped,
    "adtte": Adtte,
    "results": Results,
    "sets": Sets,
    "queries": Queries,
}
VIEWS: dict[str, type[dy.Schema]] = {"sources": Sources}

__all__ = ["TABLES", "VIEWS"]
