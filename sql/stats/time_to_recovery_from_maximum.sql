-- One row: a subject with CRS and the recovery from the first episode, from the day of its maximum
-- grade. Ends and codes are those of time_to_recovery; without a day of the maximum, or where it
-- lies after the end, there is no row.
select
    r.STUDYID,
    r.USUBJID,
    'TTRECMX' as PARAMCD,
    'Time from the day of the maximum grade to recovery, first episode (days, that day = 1)' as PARAM,
    r.SYSTEM,
    r.BASIS,
    r.REFDT,
    r.EPISEQ,
    greatest(c.MAXDY, c.ASTDY) as STARTDY,
    r.ADY,
    r.CNSR,
    r.EVNTDESC,
    r.CNSDTDSC,
    r.EVCODE,
    r.SRCDOM,
    r.SRCVAR,
    r.SRCSEQ
from time_to_recovery as r
inner join crs_episodes as c
    on
        r.STUDYID = c.STUDYID
        and r.USUBJID = c.USUBJID
        and r.SYSTEM = c.SYSTEM
        and r.BASIS = c.BASIS
        and r.EPISEQ = c.EPISEQ
where c.GRADE >= 1 and c.MAXDY is not null and greatest(c.MAXDY, c.ASTDY) <= r.ADY
order by r.STUDYID, r.USUBJID, r.SYSTEM, r.BASIS
