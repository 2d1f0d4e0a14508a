"""CRS episodes."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas import columns as c


class Episodes(dy.Schema):
    """One row: a CRS episode made from collected records that belong together."""

    STUDYID = c.studyid()
    USUBJID = c.usubjid()
    EPISEQ = c.episeq()
    ASTDTM = c.moment("Onset, earliest instant that the record allows")
    AENDTM = c.moment("End, null where the episode was not seen to end")
    ASTDY = c.integer("Study day of onset", nullable=False)
    AENDY = c.integer("Study day of the end")
    START = dy.Int64(description="Onset (s from 00:00 of study day 1)")
    END = c.seconds("End of the window in which findings are read")
    STPREC = c.precision("Precision of onset")
    ENPREC = c.precision("Precision of the end")
    ONSET_D = c.integer("Calendar days from the last dose at or before onset, 0 = same day")
    ONSET_H = c.number("Hours from that dose, where both have times")
    ONSET_D_FIRST = c.integer("Calendar days from the first dose")
    ONSET_H_FIRST = c.number("Hours from the first dose, where both have times")
    DOSESEQ = c.integer("The dose that ONSET_D counts from")
    DURATION_D = c.integer("AENDT - ASTDT + 1, null where not ended")
    DURATION_H = c.number("Hours from onset to end, where both have times")
    ENDED = c.flag("The end was observed: recovered, or a later daily grade 0")
    END_REASON = c.text("Why it counts as ended or not", nullable=False)
    DENDY = c.integer("Study day on which the last sign was gone, by findings")
    CENSDY = c.integer("Study day up to which an episode that was not seen to end was seen")
    SOURCE = c.text("AE, CE or FA", nullable=False)
    MEMBERS = c.text("Source rows, DOM:SEQ joined by a blank", nullable=False)
    FLAGS = c.text("PRE_DOSE, LATE_ONSET, DOSE_DURING, ... joined by a blank")
