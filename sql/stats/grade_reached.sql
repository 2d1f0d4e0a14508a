-- One row: a counted episode, a grade that it reached at least (CUT), and the first day of it (DY):
-- the first daily grade that reaches it, else the day of the maximum, else the day of onset.
-- CUT 1 is CRS of any grade, from onset.
with counted as (
    select *
    from crs_episodes
    where STANDING = 'COUNTED'
),

cuts as (
    select unnest([1, 2, 3, 4, 5]) as CUT
),

daily as (
    select
        c.STUDYID,
        c.USUBJID,
        c.SYSTEM,
        c.BASIS,
        c.EPISEQ,
        k.CUT,
        min(d.DY) as DY
    from counted as c
    inner join grade_days as d
        on
            c.STUDYID = d.STUDYID
            and c.USUBJID = d.USUBJID
            and c.SYSTEM = d.SYSTEM
            and c.BASIS = d.BASIS
    inner join cuts as k on c.GRADE >= k.CUT
    where
        k.CUT > 1
        and d.GRADE >= k.CUT
        and d.DY between c.ASTDY and coalesce(c.AENDY, c.CENSDY, c.FUPDY)
    group by c.STUDYID, c.USUBJID, c.SYSTEM, c.BASIS, c.EPISEQ, k.CUT
)

select
    c.STUDYID,
    c.USUBJID,
    c.SYSTEM,
    c.BASIS,
    c.EPISEQ,
    k.CUT,
    case
        when k.CUT = 1 then c.ASTDY
        else greatest(c.ASTDY, coalesce(d.DY, c.MAXDY, c.ASTDY))
    end as DY
from counted as c
inner join cuts as k on k.CUT = 1 or c.GRADE >= k.CUT
left join daily as d
    on
        c.STUDYID = d.STUDYID
        and c.USUBJID = d.USUBJID
        and c.SYSTEM = d.SYSTEM
        and c.BASIS = d.BASIS
        and c.EPISEQ = d.EPISEQ
        and k.CUT = d.CUT
order by c.STUDYID, c.USUBJID, c.SYSTEM, c.BASIS, c.EPISEQ, k.CUT
