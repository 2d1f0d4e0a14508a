-- One row: an episode, its collected and its derived grade under the collected scale.
select
    c.STUDYID,
    c.USUBJID,
    c.EPISEQ,
    c.SYSTEM,
    c.GRADE as GRADE_COLLECTED,
    d.GRADE as GRADE_DERIVED,
    d.GRADE - c.GRADE as DIFF,
    case
        when c.GRADE is null or d.GRADE is null then 'not comparable'
        when d.GRADE = 0 and c.GRADE > 0 then 'unsupported'
        when d.GRADE > c.GRADE then 'derived higher'
        when d.GRADE < c.GRADE then 'derived lower'
        else 'agree'
    end as CATEGORY
from grades as c
left join grades as d
    on c.USUBJID = d.USUBJID and c.EPISEQ = d.EPISEQ and c.SYSTEM = d.SYSTEM and d.BASIS = 'derived'
where c.BASIS = 'collected'
order by c.STUDYID, c.USUBJID, c.EPISEQ, c.SYSTEM
