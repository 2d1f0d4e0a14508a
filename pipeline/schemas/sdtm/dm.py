"""Demographics (DM)."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas.sdtm import variables as v


class Dm(dy.Schema):
    """One row: a subject."""

    STUDYID = v.studyid()
    USUBJID = v.usubjid()
    ROW = v.row()
    AGE = v.number("Age in years; over 89 given as 89", low=0, high=89)
    SEX = v.code("Sex")
    ARM = v.term("Planned arm")
    ACTARM = v.term("Actual arm")
    RFSTDTC = v.dtc("Reference start")
    RFSTDTM = v.dtm("RFST")
    RFSTDTX = v.dtx("RFST")
    RFSTPRC = v.prc("RFST")
    RFXSTDTC = v.dtc("First study treatment")
    RFXSTDTM = v.dtm("RFXST")
    RFXSTDTX = v.dtx("RFXST")
    RFXSTPRC = v.prc("RFXST")
    RFENDTC = v.dtc("Reference end")
    RFENDTM = v.dtm("RFEN")
    RFENDTX = v.dtx("RFEN")
    RFENPRC = v.prc("RFEN")
    RFPENDTC = v.dtc("End of participation")
    RFPENDTM = v.dtm("RFPEN")
    RFPENDTX = v.dtx("RFPEN")
    RFPENPRC = v.prc("RFPEN")
    DTHFL = v.code("Died", among=("Y", "N"))
    DTHDTC = v.dtc("Death")
    DTHDTM = v.dtm("DTH")
    DTHDTX = v.dtx("DTH")
    DTHPRC = v.prc("DTH")
    RACE = v.term("Race")
    COUNTRY = v.term("Country")
