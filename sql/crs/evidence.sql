-- One row: a source row behind the grade, at the first moment of the maximum.
with decisive as (
    select
        c.STUDYID,
        c.USUBJID,
        c.EPISEQ,
        c.SYSTEM,
        c.CRITERION,
        c.GRADE,
        c.B0,
        c.B1
    from course as c
    inner join grades as g
        on
            c.USUBJID = g.USUBJID
            and c.EPISEQ = g.EPISEQ
            and c.SYSTEM = g.SYSTEM
            and g.BASIS = 'derived'
            and c.GRADE = g.GRADE
            and c.B0 = g.MAXSTART
),

words as (
    select
        d.STUDYID,
        d.USUBJID,
        d.EPISEQ,
        d.SYSTEM,
        'derived' as BASIS,
        d.CRITERION,
        h.LADDER,
        h.GATERANK,
        h.SRCDOM,
        h.SRCSEQ,
        h.SRCVAR,
        case
            when h.LADDER = 'fever' or (h.LADDER = 'fever_gate' and h.SRCDOM = 'VS')
                then printf('%.1f', h.VALUE) || ' C'
            when h.LADDER = 'hypotension' and h.SRCDOM = 'VS'
                then printf('%.0f', h.VALUE) || ' mmHg systolic'
            when h.LADDER = 'oxygen' and h.VALUE is not null
                then h."TEXT" || ' ' || printf('%g', h.VALUE) || ' L/min'
            when h.LADDER = 'fio2' then h."TEXT" || ', FiO2 ' || printf('%.2f', h.VALUE)
            when h.LADDER in ('organ', 'creatinine', 'transaminase')
                then h."TEXT" || ', grade ' || h."LEVEL"
            when h.LADDER in ('vasopressor', 'pressor_dose') and h.VALUE is not null
                then
                    h."TEXT" || ' ' || printf('%g', round(h.VALUE, 2))
                    || case when h."TEXT" = 'dopamine' then ' ug/kg/min' else ' ug/min' end
            else h."TEXT"
        end as VALUE,
        h.PRECISION,
        h.START,
        h."END"
    from decisive as d
    inner join hits as h
        on
            d.USUBJID = h.USUBJID
            and d.EPISEQ = h.EPISEQ
            and d.SYSTEM = h.SYSTEM
            and d.CRITERION = h.CRITERION
            and d.GRADE = h.GRADE
            and h.H0 <= d.B0
            and h.H1 >= d.B1
    -- Of all that keeps the gate open the plainest is enough: fever now, before treatment after fever,
    -- before fever carried; of several readings the latest.
    qualify
        h.LADDER != 'fever_gate'
        or row_number() over (
            partition by d.USUBJID, d.EPISEQ, d.SYSTEM, d.CRITERION, h.LADDER
            order by h.GATERANK asc, h.START desc, h.SRCDOM asc, h.SRCSEQ asc
        ) = 1
),

collected as (
    select
        m.STUDYID,
        m.USUBJID,
        m.EPISEQ,
        g.SYSTEM,
        'collected' as BASIS,
        'collected' as CRITERION,
        'collected' as LADDER,
        0 as GATERANK,
        m.SRCDOM,
        m.SRCSEQ,
        m.GRADEVAR as SRCVAR,
        'grade ' || m.GRADE as VALUE,
        m.SP as PRECISION,
        m.S as START,
        m.E as "END"
    from members as m
    inner join grades as g
        on m.USUBJID = g.USUBJID and m.EPISEQ = g.EPISEQ and g.BASIS = 'collected' and m.GRADE = g.GRADE
)

select * from words
union all
select * from collected
order by STUDYID, USUBJID, EPISEQ, SYSTEM, BASIS, CRITERION, LADDER, SRCDOM, SRCSEQ, SRCVAR, START
