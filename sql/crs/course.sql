-- One row: a stretch of time in an episode, a system, and a criterion that holds throughout it: all of
-- its rows (and gates) are fulfilled and nothing that it excludes is there.
with edges as (
    select distinct
        USUBJID,
        EPISEQ,
        H0 as T
    from hits
    union
    select distinct
        USUBJID,
        EPISEQ,
        H1
    from hits
),

segments as (
    select
        USUBJID,
        EPISEQ,
        T as B0,
        lead(T) over (partition by USUBJID, EPISEQ order by T) as B1
    from edges
),

needed as (
    select
        SYSTEM,
        CRITERION,
        GRADE,
        count(*) + count(GATE) as N_ROWS
    from criteria
    group by SYSTEM, CRITERION, GRADE
),

held as (
    select
        h.STUDYID,
        h.USUBJID,
        h.EPISEQ,
        h.SYSTEM,
        h.CRITERION,
        h.GRADE,
        g.B0,
        g.B1,
        count(distinct h.ROWKIND || h.ROWNO) as N_ROWS
    from segments as g
    inner join hits as h
        on g.USUBJID = h.USUBJID and g.EPISEQ = h.EPISEQ and h.H0 <= g.B0 and h.H1 >= g.B1
    where g.B1 is not null
    group by h.STUDYID, h.USUBJID, h.EPISEQ, h.SYSTEM, h.CRITERION, h.GRADE, g.B0, g.B1
),

excluded as (
    select distinct
        h.USUBJID,
        h.EPISEQ,
        h.SYSTEM,
        h.CRITERION,
        h.B0
    from held as h
    inner join criteria as c
        on h.SYSTEM = c.SYSTEM and h.CRITERION = c.CRITERION and h.GRADE = c.GRADE and c."UNLESS" is not null
    inner join findings as f
        on
            h.USUBJID = f.USUBJID
            and f.LADDER = c."UNLESS"
            and f.ATTRIBUTED_ELSEWHERE is null
            and f.START < h.B1
            and f."END" > h.B0
)

select
    h.STUDYID,
    h.USUBJID,
    h.EPISEQ,
    h.SYSTEM,
    h.CRITERION,
    h.GRADE,
    h.B0,
    h.B1
from held as h
inner join needed as n
    on h.SYSTEM = n.SYSTEM and h.CRITERION = n.CRITERION and h.GRADE = n.GRADE and h.N_ROWS = n.N_ROWS
left join excluded as x
    on
        h.USUBJID = x.USUBJID
        and h.EPISEQ = x.EPISEQ
        and h.SYSTEM = x.SYSTEM
        and h.CRITERION = x.CRITERION
        and h.B0 = x.B0
where x.USUBJID is null
order by h.STUDYID, h.USUBJID, h.EPISEQ, h.SYSTEM, h.B0, h.GRADE, h.CRITERION
