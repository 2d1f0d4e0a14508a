-- One row: a subject and a time to event under one system and basis.
with stacked as (
    select *
    from time_to_crs
    union all by name
    select *
    from time_to_maximum
    union all by name
    select *
    from time_to_recovery
    union all by name
    select *
    from time_to_recovery_from_maximum
    union all by name
    select *
    from time_to_tocilizumab
)

select
    STUDYID,
    USUBJID,
    PARAMCD,
    PARAM,
    SYSTEM,
    BASIS,
    EPISEQ,
    STARTDY,
    ADY,
    REFDT + cast(STARTDY - 1 as integer) as STARTDT,
    REFDT + cast(ADY - 1 as integer) as ADT,
    cast(ADY - STARTDY + 1 as double) as AVAL,
    CNSR,
    EVNTDESC,
    CNSDTDSC,
    EVCODE,
    SRCDOM,
    SRCVAR,
    SRCSEQ
from stacked
order by STUDYID, USUBJID, PARAMCD, SYSTEM, BASIS
