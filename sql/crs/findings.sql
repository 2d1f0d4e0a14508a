-- One row: a levelled interval by one source row. A sign is attributed elsewhere only where an adverse
-- event coded as that sign is recorded as not related and covers the finding.
with all_ladders as (
    select * from ladder_vitals
    union all by name
    select * from ladder_vasopressor
    union all by name
    select * from ladder_oxygen
    union all by name
    select * from ladder_medication
    union all by name
    select * from ladder_events
    union all by name
    select * from ladder_stays
),

other_causes as (
    select
        f.STUDYID,
        f.USUBJID,
        f.LADDER,
        f.START,
        f."END",
        f.SRCDOM,
        f.SRCSEQ,
        min(a.AESEQ) as AESEQ,
        bool_and(a.SP != 'time' or coalesce(a.EP, 'day') != 'time') as DATE_ONLY
    from all_ladders as f
    inner join ae_timed as a
        on
            f.USUBJID = a.USUBJID
            and f.SIGN = a.KIND
            and a.UNRELATED
            and a.S <= f.START
            and coalesce(a.E, 9000000000) >= case when f.IS_READING then f.START else f."END" end
    group by f.STUDYID, f.USUBJID, f.LADDER, f.START, f."END", f.SRCDOM, f.SRCSEQ
)

select
    f.STUDYID,
    f.USUBJID,
    f.LADDER,
    f."LEVEL",
    f.START,
    f."END",
    f.PRECISION,
    coalesce(f.ATTRIBUTED, case when o.AESEQ is not null then 'NOT_RELATED AE:' || o.AESEQ end)
        as ATTRIBUTED_ELSEWHERE,
    f.SRCDOM,
    f.SRCSEQ,
    f.SRCVAR,
    f.VALUE,
    f."TEXT",
    nullif(concat_ws(' ', f.FLAGS, case when o.DATE_ONLY then 'ATTRIBUTED_BY_DATE' end), '') as FLAGS
from all_ladders as f
left join other_causes as o
    on
        f.STUDYID = o.STUDYID
        and f.USUBJID = o.USUBJID
        and f.LADDER = o.LADDER
        and f.START = o.START
        and f."END" = o."END"
        and f.SRCDOM = o.SRCDOM
        and f.SRCSEQ = o.SRCSEQ
order by f.STUDYID, f.USUBJID, f.LADDER, f."LEVEL", f.START, f."END", f.SRCDOM, f.SRCSEQ
