-- One row: a reading of the rules and a grade, with the treated subjects and those whose worst derived
-- grade reaches it. As in the statistics, episodes before the first dose or after the end of follow-up
-- or of AE collection do not count, and a subject without a known grade reaches none.
with last_doses as (
    select
        USUBJID,
        max(EXSTDY) as DY
    from doses
    group by USUBJID
),

treated as (
    select
        a.USUBJID,
        least(
            greatest(1, coalesce(a.FUPDY, a.DTHDY, d.DY, 1)),
            coalesce(greatest(1, d.DY) + $ae_collection_days, 99999)
        ) as FUPDY
    from adsl as a
    left join last_doses as d on a.USUBJID = d.USUBJID
    where a.SAFFL = 'Y'
),

worst as (
    select
        r.READING,
        r.USUBJID,
        count(g.GRADE) as N_GRADED,
        max(g.GRADE) filter (
            where g.ASTDY between 1 and t.FUPDY
            and not list_contains(string_split(coalesce(g.FLAGS, ''), ' '), 'PRE_DOSE')
        ) as GRADE
    from reading_units as r
    inner join unit_grades as g on r.UNIT = g.USUBJID
    inner join treated as t on r.USUBJID = t.USUBJID
    group by r.READING, r.USUBJID
),

totals as (select count(*) as N from treated)

select
    n.READING,
    c.GRADE_MIN,
    t.N,
    count(w.USUBJID) filter (where w.GRADE >= c.GRADE_MIN) as EVENTS,
    cast(coalesce(sum(w.N_GRADED), 0) as bigint) as N_GRADED
from reading_numbers as n
cross join cuts as c
cross join totals as t
left join worst as w on n.READING = w.READING
group by n.READING, c.GRADE_MIN, t.N
order by n.READING, c.GRADE_MIN
