"""Related records (RELREC)."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas.sdtm import variables as v


class Relrec(dy.Schema):
    """One row: one side of a relation; rows of one RELID belong together.

    USUBJID is null where two whole data sets are related.
    """

    STUDYID = v.studyid()
    USUBJID = v.usubjid(key=False)
    ROW = v.row()
    RDOMAIN = v.testcd("Domain of the record")
    IDVAR = v.code("Variable that identifies it")
    IDVARVAL = v.term("Its value")
    RELTYPE = v.code("ONE or MANY, for data sets")
    RELID = v.term("Relation")
