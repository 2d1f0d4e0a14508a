-- One row: a subject with CRS and the recovery from the first episode, from its onset.
-- Death competes; an episode whose end was not seen is censored.
with firsts as (
    select *
    from crs_episodes
    where STANDING = 'COUNTED' and NTH = 1
),

recovery_codes as (
    select
        *,
        case
            when RECOVERED then 1
            when END_REASON = 'FATAL' or coalesce(GRADE, 0) = 5 or DTHDY <= LASTDY then 2
            else 0
        end as CODE
    from firsts
)

select
    STUDYID,
    USUBJID,
    'TTREC' as PARAMCD,
    'Time from onset to recovery, first episode (days, onset = 1)' as PARAM,
    SYSTEM,
    BASIS,
    REFDT,
    EPISEQ,
    ASTDY as STARTDY,
    case when CODE = 1 then AENDY else LASTDY end as ADY,
    case CODE when 1 then 0 when 2 then 2 else 1 end as CNSR,
    case CODE
        when 1 then 'RECOVERED FROM CRS'
        when 2 then 'DEATH DURING CRS'
        else 'NOT SEEN TO RECOVER'
    end as EVNTDESC,
    case CODE
        when 2 then 'death'
        when 0 then case when LASTDY < SEENDY then 'last day of the episode''s record' else SEENREAS end
    end as CNSDTDSC,
    CODE as EVCODE,
    case when CODE = 1 then member_domain(MEMBERS, -1) else 'ADSL' end as SRCDOM,
    case CODE
        when 1 then end_variable(member_domain(MEMBERS, -1), TIMED)
        when 2 then 'DTHDY'
        else 'FUPDY'
    end as SRCVAR,
    case when CODE = 1 then member_seq(MEMBERS, -1) end as SRCSEQ
from recovery_codes
order by STUDYID, USUBJID, PARAMCD, SYSTEM, BASIS
