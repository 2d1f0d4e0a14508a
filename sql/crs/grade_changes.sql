-- One row: a stretch of an episode in which its grade under a system stays the same; the next row
-- begins where it changes. Derived from the course; collected from charted days or dated records.
with moments as (
    select
        h.USUBJID,
        h.EPISEQ,
        h.T,
        bool_or(h.PRECISION = 'time') as IS_TIMED
    from (
        select
            USUBJID,
            EPISEQ,
            H0 as T,
            PRECISION
        from hits
        union all
        select
            USUBJID,
            EPISEQ,
            H1,
            PRECISION
        from hits
    ) as h
    group by h.USUBJID, h.EPISEQ, h.T
),

charting as (
    select count(*) > 0 as CHARTS from daily_grades
),

-- A single record of several days that gives only the maximum does not say when that was.
recorded as (
    select
        m.USUBJID,
        m.EPISEQ,
        case
            when
                count(*) over (partition by m.USUBJID, m.EPISEQ) > 1
                or m.GRADE = 1
                or elapsed_day(coalesce(m.E, e."END") - 1) = elapsed_day(m.S)
                then m.GRADE
        end as GRADE,
        m.S as B0,
        case
            when m.E is not null then m.E
            when m.OUTCOME in ('NOT RECOVERED/NOT RESOLVED', 'RECOVERING/RESOLVING') then e."END"
            -- Nobody says that it goes on, so nothing is said of later days.
            else (elapsed_day(m.S) + 1) * 86400
        end as B1,
        m.SP = 'time' as IS_TIMED
    from members as m
    inner join episodes as e on m.USUBJID = e.USUBJID and m.EPISEQ = e.EPISEQ
    cross join charting as k
    where not k.CHARTS
    union all
    select
        e.USUBJID,
        e.EPISEQ,
        d.GRADE,
        d.DAY * 86400,
        d.DAY * 86400 + 86400,
        false
    from daily_grades as d
    inner join episodes as e
        on d.USUBJID = e.USUBJID and d.DAY * 86400 < e."END" and d.DAY * 86400 + 86400 > e.START
),

holding as (
    select
        c.USUBJID,
        c.EPISEQ,
        c.SYSTEM,
        'derived' as BASIS,
        c.GRADE,
        c.B0,
        c.B1,
        coalesce(m.IS_TIMED, false) as IS_TIMED
    from course as c
    left join moments as m on c.USUBJID = m.USUBJID and c.EPISEQ = m.EPISEQ and c.B0 = m.T
    union all
    -- A derived grade of 0 holds in the window wherever nothing else does.
    select
        e.USUBJID,
        e.EPISEQ,
        g.SYSTEM,
        'derived',
        0,
        e.START,
        e."END",
        e.STPREC = 'time'
    from episodes as e
    inner join grades as g on e.USUBJID = g.USUBJID and e.EPISEQ = g.EPISEQ and g.BASIS = 'derived'
    union all
    select
        USUBJID,
        EPISEQ,
        $collected_scale,
        'collected',
        GRADE,
        B0,
        B1,
        IS_TIMED
    from recorded
    where $collected_scale != 'unknown' and B1 > B0
),

edges as (
    select
        USUBJID,
        EPISEQ,
        SYSTEM,
        BASIS,
        T,
        lead(T) over (partition by USUBJID, EPISEQ, SYSTEM, BASIS order by T) as NEXT_T
    from (
        select
            USUBJID,
            EPISEQ,
            SYSTEM,
            BASIS,
            B0 as T
        from holding
        union
        select
            USUBJID,
            EPISEQ,
            SYSTEM,
            BASIS,
            B1
        from holding
    )
),

stretches as (
    select
        x.USUBJID,
        x.EPISEQ,
        x.SYSTEM,
        x.BASIS,
        x.T,
        x.NEXT_T,
        max(h.GRADE) as GRADE,
        coalesce(
            bool_or(h.IS_TIMED) filter (where h.B0 = x.T),
            bool_or(m.IS_TIMED) filter (where x.BASIS = 'derived'),
            false
        ) as IS_TIMED
    from edges as x
    inner join holding as h
        on
            x.USUBJID = h.USUBJID
            and x.EPISEQ = h.EPISEQ
            and x.SYSTEM = h.SYSTEM
            and x.BASIS = h.BASIS
            and h.B0 <= x.T
            and h.B1 >= x.NEXT_T
    left join moments as m on x.USUBJID = m.USUBJID and x.EPISEQ = m.EPISEQ and x.T = m.T
    where x.NEXT_T is not null
    group by x.USUBJID, x.EPISEQ, x.SYSTEM, x.BASIS, x.T, x.NEXT_T
),

-- A new stretch begins where the grade differs from the one before, or where there is a gap.
begun as (
    select
        *,
        coalesce(
            GRADE is distinct from lag(GRADE) over own or lag(NEXT_T) over own != T, true
        ) as BEGINS
    from stretches
    window own as (partition by USUBJID, EPISEQ, SYSTEM, BASIS order by T)
),

numbered as (
    select
        *,
        count(*) filter (where BEGINS) over (
            partition by USUBJID, EPISEQ, SYSTEM, BASIS order by T
        ) as CHANGESEQ
    from begun
)

select
    e.STUDYID,
    n.USUBJID,
    n.EPISEQ,
    n.SYSTEM,
    n.BASIS,
    n.CHANGESEQ,
    min(n.T) as START,
    max(n.NEXT_T) as "END",
    study_day(min(n.T)) as ASTDY,
    any_value(n.GRADE) as GRADE,
    case when any_value(n.GRADE) is null then 'MAX_ONLY' end as REASON,
    case when arg_min(n.IS_TIMED, n.T) then 'time' else 'day' end as PRECISION,
    case
        when arg_min(n.IS_TIMED, n.T) and any_value(e.STPREC) = 'time'
            then (min(n.T) - any_value(e.START)) / 3600.0
    end as H_FROM_ONSET,
    elapsed_day(min(n.T)) - elapsed_day(any_value(e.START)) as D_FROM_ONSET
from numbered as n
inner join episodes as e on n.USUBJID = e.USUBJID and n.EPISEQ = e.EPISEQ
left join grades as g
    on
        n.USUBJID = g.USUBJID
        and n.EPISEQ = g.EPISEQ
        and n.SYSTEM = g.SYSTEM
        and n.BASIS = g.BASIS
where g.GRADE is not null
group by e.STUDYID, n.USUBJID, n.EPISEQ, n.SYSTEM, n.BASIS, n.CHANGESEQ
order by e.STUDYID, n.USUBJID, n.EPISEQ, n.SYSTEM, n.BASIS, n.CHANGESEQ
