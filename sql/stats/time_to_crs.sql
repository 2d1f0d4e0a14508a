-- One row: a subject and the first CRS (any, of grade >= 2, of grade >= 3) from the first dose.
-- Same day: CRS, then death, then discontinuation, then censoring. Nothing after FUPDY counts.
with crs as (
    select *
    from crs_episodes
    where STANDING = 'COUNTED'
),

onset_params as (
    select
        unnest(['TTCRS', 'TTCRSD', 'TTCRSG2', 'TTCRSG3']) as PARAMCD,
        unnest([
            'Time to first CRS (days, first dose = 1)',
            'Time to first CRS, death alone competing (days, first dose = 1)',
            'Time to first CRS of grade >= 2 (days, first dose = 1)',
            'Time to first CRS of grade >= 3 (days, first dose = 1)'
        ]) as PARAM,
        unnest(['CRS', 'CRS', 'CRS OF GRADE >= 2', 'CRS OF GRADE >= 3']) as EVENTNAME,
        unnest([1, 1, 2, 3]) as MINGR,
        unnest([true, false, true, true]) as DS_COMPETES
),

onset_events as (
    select
        c.*,
        o.PARAMCD,
        r.DY as EVDY
    from crs as c
    inner join grade_reached as r
        on
            c.STUDYID = r.STUDYID
            and c.USUBJID = r.USUBJID
            and c.SYSTEM = r.SYSTEM
            and c.BASIS = r.BASIS
            and c.EPISEQ = r.EPISEQ
    inner join onset_params as o on r.CUT = o.MINGR
    qualify row_number() over (
        partition by c.STUDYID, c.USUBJID, c.SYSTEM, c.BASIS, o.PARAMCD order by EVDY, c.EPISEQ
    ) = 1
),

onset_days as (
    select
        t.STUDYID,
        t.USUBJID,
        t.REFDT,
        t.FUPDY,
        t.FUPREAS,
        t.DSREAS,
        p.SYSTEM,
        p.BASIS,
        o.PARAMCD,
        o.PARAM,
        o.EVENTNAME,
        e.EPISEQ,
        e.MEMBERS,
        e.TIMED,
        e.EVDY,
        case when t.DTHDY <= t.FUPDY then greatest(t.DTHDY, 1) end as DEATH,
        case when o.DS_COMPETES and t.DSDY <= t.FUPDY then greatest(t.DSDY, 1) end as STOPPED
    from treated as t
    cross join pairs as p
    cross join onset_params as o
    left join onset_events as e
        on
            t.STUDYID = e.STUDYID
            and t.USUBJID = e.USUBJID
            and p.SYSTEM = e.SYSTEM
            and p.BASIS = e.BASIS
            and o.PARAMCD = e.PARAMCD
),

onset_codes as (
    select
        *,
        case
            when EVDY <= least(FUPDY, coalesce(DEATH, FUPDY), coalesce(STOPPED, FUPDY)) then 1
            when DEATH <= least(FUPDY, coalesce(STOPPED, FUPDY)) then 2
            when STOPPED <= FUPDY then 3
            else 0
        end as CODE
    from onset_days
)

select
    STUDYID,
    USUBJID,
    PARAMCD,
    PARAM,
    SYSTEM,
    BASIS,
    REFDT,
    case when CODE = 1 then EPISEQ end as EPISEQ,
    1 as STARTDY,
    case CODE when 1 then EVDY when 2 then DEATH when 3 then STOPPED else FUPDY end as ADY,
    case CODE when 1 then 0 when 0 then 1 else CODE end as CNSR,
    case CODE
        when 1 then EVENTNAME
        when 2 then 'DEATH WITHOUT ' || EVENTNAME
        when 3 then 'DISCONTINUATION WITHOUT ' || EVENTNAME
        else 'END OF FOLLOW-UP WITHOUT ' || EVENTNAME
    end as EVNTDESC,
    case CODE when 2 then 'death' when 3 then DSREAS when 0 then FUPREAS end as CNSDTDSC,
    CODE as EVCODE,
    case when CODE = 1 then member_domain(MEMBERS, 1) else 'ADSL' end as SRCDOM,
    case CODE
        when 1 then start_variable(member_domain(MEMBERS, 1), TIMED)
        when 2 then 'DTHDY'
        when 3 then 'DSDY'
        else 'FUPDY'
    end as SRCVAR,
    case when CODE = 1 then member_seq(MEMBERS, 1) end as SRCSEQ
from onset_codes
order by STUDYID, USUBJID, PARAMCD, SYSTEM, BASIS
