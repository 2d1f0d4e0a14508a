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

-- The segments of the course do not overlap; each has the highest grade that holds in it.
held as (
    select
        c.USUBJID,
        c.EPISEQ,
        c.SYSTEM,
        c.B0 as T,
        c.B1 as NEXT_T,
        max(c.GRADE) as GRADE
    from course as c
    group by c.USUBJID, c.EPISEQ, c.SYSTEM, c.B0, c.B1
),

reached as (
    select
        *,
        lag(NEXT_T) over (partition by USUBJID, EPISEQ, SYSTEM order by T) as BEFORE
    from held
),

graded as (
    select
        e.USUBJID,
        e.EPISEQ,
        g.SYSTEM,
        e.START,
        e."END",
        min(h.T) as FIRST_T,
        max(h.NEXT_T) as LAST_T
    from episodes as e
    inner join grades as g on e.USUBJID = g.USUBJID and e.EPISEQ = g.EPISEQ and g.BASIS = 'derived'
    left join held as h on e.USUBJID = h.USUBJID and e.EPISEQ = h.EPISEQ and g.SYSTEM = h.SYSTEM
    group by e.USUBJID, e.EPISEQ, g.SYSTEM, e.START, e."END"
),

-- A derived grade of 0 holds in the window wherever nothing else does.
nothing as (
    select
        USUBJID,
        EPISEQ,
        SYSTEM,
        START as T,
        least(coalesce(FIRST_T, "END"), "END") as NEXT_T
    from graded
    union all
    select
        USUBJID,
        EPISEQ,
        SYSTEM,
        BEFORE,
        T
    from reached
    where BEFORE < T
    union all
    select
        USUBJID,
        EPISEQ,
        SYSTEM,
        greatest(LAST_T, START),
        "END"
    from graded
    where LAST_T is not null
),

recorded_edges as (
    select
        USUBJID,
        EPISEQ,
        T,
        lead(T) over (partition by USUBJID, EPISEQ order by T) as NEXT_T
    from (
        select
            USUBJID,
            EPISEQ,
            B0 as T
        from recorded
        union
        select
            USUBJID,
            EPISEQ,
            B1
        from recorded
    )
),

stretches as (
    select
        h.USUBJID,
        h.EPISEQ,
        h.SYSTEM,
        'derived' as BASIS,
        h.T,
        h.NEXT_T,
        h.GRADE,
        coalesce(m.IS_TIMED, false) as IS_TIMED
    from held as h
    left join moments as m on h.USUBJID = m.USUBJID and h.EPISEQ = m.EPISEQ and h.T = m.T
    union all
    select
        n.USUBJID,
        n.EPISEQ,
        n.SYSTEM,
        'derived',
        n.T,
        n.NEXT_T,
        0,
        coalesce(m.IS_TIMED, e.STPREC = 'time' and n.T = e.START)
    from nothing as n
    inner join episodes as e on n.USUBJID = e.USUBJID and n.EPISEQ = e.EPISEQ
    left join moments as m on n.USUBJID = m.USUBJID and n.EPISEQ = m.EPISEQ and n.T = m.T
    where n.T < n.NEXT_T
    union all
    select
        x.USUBJID,
        x.EPISEQ,
        $collected_scale,
        'collected',
        x.T,
        x.NEXT_T,
        max(r.GRADE),
        coalesce(bool_or(r.IS_TIMED) filter (where r.B0 = x.T), false)
    from recorded_edges as x
    inner join recorded as r
        on x.USUBJID = r.USUBJID and x.EPISEQ = r.EPISEQ and r.B0 <= x.T and r.B1 >= x.NEXT_T
    where x.NEXT_T is not null and $collected_scale != 'unknown'
    group by x.USUBJID, x.EPISEQ, x.T, x.NEXT_T
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
