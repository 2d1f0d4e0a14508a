-- One row: the worst grade of a subject on one study day. From the first dose to 30 days after the
-- last or the end of follow-up, and all days of episodes.
with last_dose as (
    select
        USUBJID,
        max(elapsed_day(START)) as DAY
    from doses
    group by USUBJID
),

spans as (
    select
        s.STUDYID,
        s.USUBJID,
        unnest(range(0, least(l.DAY + 30, elapsed_day(s.FUPS - 1)) + 1)) as DAY
    from adsl as s
    inner join last_dose as l on s.USUBJID = l.USUBJID
    where s.SAFFL = 'Y'
),

episode_days as (
    select
        STUDYID,
        USUBJID,
        EPISEQ,
        unnest(range(elapsed_day(START), elapsed_day("END" - 1) + 1)) as DAY
    from episodes
),

days as (
    select
        STUDYID,
        USUBJID,
        DAY
    from spans
    union
    select
        STUDYID,
        USUBJID,
        DAY
    from episode_days
),

-- Derived: the course, cut into days.
course_days as (
    select
        USUBJID,
        SYSTEM,
        GRADE,
        unnest(range(elapsed_day(B0), elapsed_day(greatest(B1 - 1, B0)) + 1)) as DAY
    from (
        select
            c.USUBJID,
            c.SYSTEM,
            c.GRADE,
            greatest(c.B0, (elapsed_day(e.START)) * 86400) as B0,
            least(c.B1, (elapsed_day(e."END" - 1) + 1) * 86400) as B1
        from course as c
        inner join episodes as e on c.USUBJID = e.USUBJID and c.EPISEQ = e.EPISEQ
    )
    where B1 > B0
),

worst as (
    select
        USUBJID,
        SYSTEM,
        DAY,
        max(GRADE) as GRADE
    from course_days
    group by USUBJID, SYSTEM, DAY
),

vitals_days as (
    select distinct
        USUBJID,
        elapsed_day(S) as DAY
    from vitals_timed
),

usable as (
    select s.SYSTEM
    from systems as s
    where not exists (
        select 1 from requirements as r
        left join ledger as l on r.DOMAIN = l.DOMAIN
        where r.SYSTEM = s.SYSTEM and l.DOMAIN is null
    )
),

derived as (
    select
        d.STUDYID,
        d.USUBJID,
        d.DAY,
        u.SYSTEM,
        'derived' as BASIS,
        case when w.GRADE is not null then w.GRADE when v.DAY is not null then 0 end as GRADE,
        case when v.DAY is not null or w.GRADE is not null then 'Y' end as OBSERVED,
        case when w.GRADE is null and v.DAY is null then 'NOT_OBSERVED' end as REASON
    from days as d
    cross join usable as u
    left join worst as w on d.USUBJID = w.USUBJID and d.DAY = w.DAY and u.SYSTEM = w.SYSTEM
    left join vitals_days as v on d.USUBJID = v.USUBJID and d.DAY = v.DAY
),

-- Collected: charted days where the study charts, else the records. A record that gives only the
-- maximum does not say what each of its days was, unless the maximum is 1; one whose end is not known,
-- and which is not said to be ongoing, says nothing of the days after its first.
charted as (
    select
        USUBJID,
        DAY,
        max(GRADE) as GRADE
    from daily_grades
    group by USUBJID, DAY
),

member_days as (
    select
        m.USUBJID,
        m.GRADE,
        count(*) over (partition by m.USUBJID, m.EPISEQ) as N_MEMBERS,
        elapsed_day(case when m.EP = 'time' then m.E else m.E - 1 end) - elapsed_day(m.S) as SPAN,
        elapsed_day(m.S) as FIRST_DAY,
        m.E is null
        and coalesce(m.OUTCOME not in ('NOT RECOVERED/NOT RESOLVED', 'RECOVERING/RESOLVING'), true)
            as IS_OPEN,
        unnest(
            range(
                elapsed_day(m.S),
                elapsed_day(coalesce(case when m.EP = 'time' then m.E else m.E - 1 end, e."END" - 1)) + 1
            )
        ) as DAY
    from members as m
    inner join episodes as e on m.USUBJID = e.USUBJID and m.EPISEQ = e.EPISEQ
),

charting as (
    select count(*) > 0 as CHARTS from daily_grades
),

painted as (
    select
        USUBJID,
        DAY,
        max(case
            when IS_OPEN and DAY > FIRST_DAY then null
            when N_MEMBERS > 1 or SPAN = 0 or GRADE = 1 then GRADE
        end) as GRADE,
        bool_and(IS_OPEN and DAY > FIRST_DAY) as END_UNKNOWN,
        bool_and(GRADE is null) as UNGRADED
    from member_days
    group by USUBJID, DAY
),

collected as (
    select
        d.STUDYID,
        d.USUBJID,
        d.DAY,
        $collected_scale as SYSTEM,
        'collected' as BASIS,
        case
            when k.CHARTS then c.GRADE
            when p.USUBJID is not null then p.GRADE
            when d.DAY <= elapsed_day(s.FUPS - 1) then 0
        end as GRADE,
        case
            when k.CHARTS then case when c.DAY is not null then 'Y' end
            when p.USUBJID is not null or d.DAY <= elapsed_day(s.FUPS - 1) then 'Y'
        end as OBSERVED,
        case
            when k.CHARTS and c.DAY is null then 'NOT_OBSERVED'
            when k.CHARTS then null
            when p.USUBJID is not null and p.GRADE is null and p.END_UNKNOWN then 'END_UNKNOWN'
            when p.USUBJID is not null and p.GRADE is null and p.UNGRADED then 'NOT_RECORDED'
            when p.USUBJID is not null and p.GRADE is null then 'MAX_ONLY'
            when p.USUBJID is null and d.DAY > elapsed_day(s.FUPS - 1) then 'NOT_OBSERVED'
        end as REASON
    from days as d
    inner join adsl as s on d.USUBJID = s.USUBJID
    cross join charting as k
    left join charted as c on d.USUBJID = c.USUBJID and d.DAY = c.DAY
    left join painted as p on d.USUBJID = p.USUBJID and d.DAY = p.DAY
    where $collected_scale != 'unknown'
)

select
    STUDYID,
    USUBJID,
    case when DAY >= 0 then DAY + 1 else DAY end as DY,
    SYSTEM,
    BASIS,
    GRADE,
    OBSERVED,
    REASON
from (
    select * from derived
    union all
    select * from collected
)
order by STUDYID, USUBJID, DY, SYSTEM, BASIS
