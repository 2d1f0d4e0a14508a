-- One row: a subject and a time to event under one system and basis.
with stacked as (
    select *
    from time_to_crs
    union all by name
    select *
    from time_to_crs_from_last_dose
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
    a.STUDYID,
    a.USUBJID,
    a.PARAMCD,
    a.PARAM,
    a.SYSTEM,
    a.BASIS,
    a.EPISEQ,
    a.STARTDY,
    a.ADY,
    a.REFDT + cast(a.STARTDY - 1 as integer) as STARTDT,
    a.REFDT + cast(a.ADY - 1 as integer) as ADT,
    cast(a.ADY - a.STARTDY + 1 as double) as AVAL,
    -- Hours only of an event whose both ends have clock times; never mixed with days.
    case
        when a.EVCODE != 1 then null
        when a.PARAMCD in ('TTCRS', 'TTCRSD') then e.ONSET_H_FIRST
        when a.PARAMCD = 'TTCRSLD' then e.ONSET_H
        when a.PARAMCD = 'TTREC' then e.DURATION_H
    end as AVALH,
    a.CNSR,
    a.EVNTDESC,
    a.CNSDTDSC,
    a.EVCODE,
    a.SRCDOM,
    a.SRCVAR,
    a.SRCSEQ
from stacked as a
left join crs_episodes as e
    on
        a.STUDYID = e.STUDYID
        and a.USUBJID = e.USUBJID
        and a.SYSTEM = e.SYSTEM
        and a.BASIS = e.BASIS
        and a.EPISEQ = e.EPISEQ
order by a.STUDYID, a.USUBJID, a.PARAMCD, a.SYSTEM, a.BASIS
