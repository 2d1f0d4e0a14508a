-- One row: a subject with CRS and the onset of the first one, from the last dose at or before it.
-- Only who had CRS has a dose before it, so nobody is censored: a time, not a risk.
select
    STUDYID,
    USUBJID,
    'TTCRSLD' as PARAMCD,
    'Time from the last dose to the first CRS, those with CRS (days, dose = 1)' as PARAM,
    SYSTEM,
    BASIS,
    REFDT,
    EPISEQ,
    -- Onset is on or after the first dose, so both days are positive.
    ASTDY - ONSET_D as STARTDY,
    ASTDY as ADY,
    0 as CNSR,
    'CRS' as EVNTDESC,
    cast(null as varchar) as CNSDTDSC,
    1 as EVCODE,
    member_domain(MEMBERS, 1) as SRCDOM,
    start_variable(member_domain(MEMBERS, 1), TIMED) as SRCVAR,
    member_seq(MEMBERS, 1) as SRCSEQ
from crs_episodes
where STANDING = 'COUNTED' and NTH = 1 and ONSET_D >= 0
order by STUDYID, USUBJID, SYSTEM, BASIS
