-- One row: a subject with CRS and the first day of the worst grade, from the first dose.
with crs as (
    select *
    from crs_episodes
    where STANDING = 'COUNTED'
),

maximum as (
    select
        *,
        -- greatest() passes over a null.
        case when MAXDY is not null then greatest(MAXDY, ASTDY) end as DY
    from crs
    where GRADE is not null
    qualify row_number() over (
        partition by STUDYID, USUBJID, SYSTEM, BASIS order by -GRADE, coalesce(DY, 99999), EPISEQ
    ) = 1
)

select
    STUDYID,
    USUBJID,
    'TTMAXGR' as PARAMCD,
    'Time to maximum CRS grade (days, first dose = 1)' as PARAM,
    SYSTEM,
    BASIS,
    REFDT,
    EPISEQ,
    1 as STARTDY,
    case when DY is null then ASTDY else least(DY, SEENDY) end as ADY,
    case when DY <= SEENDY then 0 else 1 end as CNSR,
    case
        when DY <= SEENDY then 'MAXIMUM CRS GRADE'
        when DY is null then 'DAY OF MAXIMUM GRADE NOT RECORDED'
        else 'END OF FOLLOW-UP BEFORE MAXIMUM GRADE'
    end as EVNTDESC,
    case when DY is null then 'onset of CRS' when DY > SEENDY then SEENREAS end as CNSDTDSC,
    case when DY <= SEENDY then 1 else 0 end as EVCODE,
    member_domain(MEMBERS, 1) as SRCDOM,
    start_variable(member_domain(MEMBERS, 1), TIMED) as SRCVAR,
    member_seq(MEMBERS, 1) as SRCSEQ
from maximum
order by STUDYID, USUBJID, PARAMCD, SYSTEM, BASIS
