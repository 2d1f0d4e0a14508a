-- One row: a recorded episode of a treated subject under one system and basis, and how it stands.
-- COUNTED: CRS as recorded (collected, of any grade or none), or of derived grade >= 1.
-- NO_GRADE and GRADE_0 are derived readings that are not CRS; PRE_DOSE is not treatment-emergent;
-- AFTER_FOLLOW_UP began after the last day that statistics look at.
with standing as (
    select
        e.STUDYID,
        e.USUBJID,
        p.SYSTEM,
        p.BASIS,
        e.EPISEQ,
        t.COHORT,
        t.PRODUCT,
        t.REFDT,
        t.DTHDY,
        t.FUPDY,
        t.FUPREAS,
        t.SEENDY,
        t.SEENREAS,
        g.GRADE,
        -- A maximum-only record does not say on which of its days the maximum was.
        case when d.REASON is null then g.MAXDY end as MAXDY,
        e.ASTDY,
        e.ASTDTM is not null as TIMED,
        e.STPREC,
        e.ONSET_D,
        e.ONSET_H,
        e.ONSET_D_FIRST,
        e.ONSET_H_FIRST,
        e.DOSESEQ,
        e.DURATION_H,
        e.END_REASON,
        e.CENSDY,
        e.MEMBERS,
        -- Recovery is an end that was seen in life and in follow-up; grade 5 never recovers.
        e.ENDED = 'Y'
        and e.AENDY is not null
        and e.AENDY <= t.SEENDY
        -- On one day death comes before recovery, which it competes with.
        and (t.DTHDY is null or e.AENDY < t.DTHDY)
        and coalesce(g.GRADE, 0) < 5 as RECOVERED,
        e.AENDY,
        case
            when e.ASTDY < 1 or list_contains(string_split(coalesce(e.FLAGS, ''), ' '), 'PRE_DOSE')
                then 'PRE_DOSE'
            when e.ASTDY > t.FUPDY then 'AFTER_FOLLOW_UP'
            when p.BASIS = 'collected' or g.GRADE >= 1 then 'COUNTED'
            when g.GRADE is null then 'NO_GRADE'
            else 'GRADE_0'
        end as STANDING
    from episodes as e
    inner join treated as t on e.STUDYID = t.STUDYID and e.USUBJID = t.USUBJID
    cross join pairs as p
    left join grades as g
        on
            e.STUDYID = g.STUDYID
            and e.USUBJID = g.USUBJID
            and e.EPISEQ = g.EPISEQ
            and p.SYSTEM = g.SYSTEM
            and p.BASIS = g.BASIS
    left join grade_days as d
        on
            e.STUDYID = d.STUDYID
            and e.USUBJID = d.USUBJID
            and p.SYSTEM = d.SYSTEM
            and p.BASIS = d.BASIS
            and g.MAXDY = d.DY
)

select
    * exclude (RECOVERED),
    coalesce(RECOVERED, false) as RECOVERED,
    -- Without a seen recovery the subject was followed until the first of these days.
    greatest(ASTDY, least(coalesce(CENSDY, SEENDY), SEENDY, coalesce(DTHDY, SEENDY))) as LASTDY,
    row_number() over (
        partition by STUDYID, USUBJID, SYSTEM, BASIS, STANDING order by ASTDY, EPISEQ
    ) as NTH
from standing
order by STUDYID, USUBJID, SYSTEM, BASIS, EPISEQ
