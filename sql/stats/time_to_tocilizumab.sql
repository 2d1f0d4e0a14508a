-- One row: a subject with CRS and the first tocilizumab of the first episode, from its onset.
with firsts as (
    select *
    from crs_episodes
    where STANDING = 'COUNTED' and NTH = 1
),

episode_ends as (
    select
        *,
        case when RECOVERED then AENDY else LASTDY end as STOPDY
    from firsts
),

tocilizumab as (
    select
        i.STUDYID,
        i.USUBJID,
        i.EPISEQ,
        study_day(i.START) as DY,
        i.SRCDOM,
        try_cast(split_part(i.SRCSEQ, ' ', 1) as bigint) as SRCSEQ
    from interventions as i
    where i.CLASS = 'tocilizumab' and i.INTENT in ('treatment', 'unknown')
),

tocilizumab_codes as (
    select
        f.*,
        t.DY as TOCIDY,
        t.SRCDOM as TOCIDOM,
        t.SRCSEQ as TOCISEQ,
        case
            when t.DY is not null then 'GIVEN'
            when f.RECOVERED then 'RECOVERED'
            when f.DTHDY <= f.LASTDY then 'DEATH'
            else 'NOT SEEN'
        end as OUTCOME
    from episode_ends as f
    left join tocilizumab as t
        on
            f.STUDYID = t.STUDYID
            and f.USUBJID = t.USUBJID
            and f.EPISEQ = t.EPISEQ
            and f.ASTDY <= t.DY
            and f.STOPDY >= t.DY
    qualify row_number() over (
        partition by f.STUDYID, f.USUBJID, f.SYSTEM, f.BASIS order by coalesce(t.DY, 99999), t.SRCSEQ
    ) = 1
)

select
    STUDYID,
    USUBJID,
    'TTTOCI' as PARAMCD,
    'Time from onset to first tocilizumab, first episode (days, onset = 1)' as PARAM,
    SYSTEM,
    BASIS,
    REFDT,
    EPISEQ,
    ASTDY as STARTDY,
    case OUTCOME when 'GIVEN' then TOCIDY else STOPDY end as ADY,
    case OUTCOME when 'GIVEN' then 0 when 'RECOVERED' then 4 when 'DEATH' then 2 else 1 end as CNSR,
    case OUTCOME
        when 'GIVEN' then 'FIRST TOCILIZUMAB'
        when 'RECOVERED' then 'RECOVERED WITHOUT TOCILIZUMAB'
        when 'DEATH' then 'DEATH WITHOUT TOCILIZUMAB'
        else 'NO TOCILIZUMAB SEEN'
    end as EVNTDESC,
    case OUTCOME
        when 'RECOVERED' then 'end of the episode'
        when 'DEATH' then 'death'
        when 'NOT SEEN' then SEENREAS
    end as CNSDTDSC,
    case OUTCOME when 'GIVEN' then 1 when 'DEATH' then 2 else 0 end as EVCODE,
    case OUTCOME
        when 'GIVEN' then TOCIDOM
        when 'RECOVERED' then member_domain(MEMBERS, -1)
        else 'ADSL'
    end as SRCDOM,
    case OUTCOME
        when 'GIVEN' then start_variable(TOCIDOM, TIMED)
        when 'RECOVERED' then end_variable(member_domain(MEMBERS, -1), TIMED)
        when 'DEATH' then 'DTHDY'
        else 'FUPDY'
    end as SRCVAR,
    case OUTCOME when 'GIVEN' then TOCISEQ when 'RECOVERED' then member_seq(MEMBERS, -1) end as SRCSEQ
from tocilizumab_codes
order by STUDYID, USUBJID, PARAMCD, SYSTEM, BASIS
