-- One row: a possible unreported CRS, its grade under a system and why. Listed, never counted.
select
    e.STUDYID,
    e.USUBJID,
    e.EPISEQ as CANDSEQ,
    g.SYSTEM,
    e.START,
    e."END",
    e.ASTDY,
    e.AENDY,
    e.DOSESEQ,
    e.ONSET_D,
    g.GRADE,
    g.REASON,
    g.FLAGS,
    a.ACCOUNT
from episodes as e
inner join grades as g on e.USUBJID = g.USUBJID and e.EPISEQ = g.EPISEQ
inner join
    accounts as a
    on g.USUBJID = a.USUBJID and g.EPISEQ = a.EPISEQ and g.SYSTEM = a.SYSTEM and g.BASIS = a.BASIS
order by e.STUDYID, e.USUBJID, CANDSEQ, g.SYSTEM
