-- One row: a sign or symptom in an episode, as recorded (AE) or as found (findings).
with terms_used as (
    select distinct
        TERM,
        for_match(TERM) as T
    from ae_timed
),

known as (
    select
        t.TERM,
        k.SIGN
    from terms_used as t
    inner join sign_terms as k on regexp_matches(t.T, k.PATTERN)
    qualify row_number() over (partition by t.TERM order by k."ORDER") = 1
),

recorded as (
    select
        e.STUDYID,
        e.USUBJID,
        e.EPISEQ,
        k.SIGN,
        'recorded' as SOURCE,
        min(a.S) as START,
        max(a.AETOXGR) as GRADE,
        'AE' as SRCDOM,
        string_agg(cast(a.AESEQ as varchar), ' ' order by a.AESEQ) as SRCSEQ
    from ae_timed as a
    inner join known as k on a.TERM = k.TERM
    inner join episodes as e
        on
            a.USUBJID = e.USUBJID
            and a.S <= e."END"
            and greatest(coalesce(a.E, a.S_HI), a.S + 1) > e.START
    where not a.UNRELATED
    group by e.STUDYID, e.USUBJID, e.EPISEQ, k.SIGN
),

found as (
    select
        e.STUDYID,
        e.USUBJID,
        e.EPISEQ,
        case f.LADDER when 'fever' then 'fever' when 'oxygen' then 'hypoxia' else 'hypotension' end as SIGN,
        'derived' as SOURCE,
        min(f.START) as START,
        cast(null as bigint) as GRADE,
        arg_min(f.SRCDOM, (f.START, f.SRCDOM, f.SRCSEQ)) as SRCDOM,
        cast(arg_min(f.SRCSEQ, (f.START, f.SRCDOM, f.SRCSEQ)) as varchar) as SRCSEQ
    from findings as f
    inner join episodes as e on f.USUBJID = e.USUBJID and f.START <= e."END" and f."END" >= e.START
    where f.LADDER in ('fever', 'hypotension', 'vasopressor', 'oxygen') and f.ATTRIBUTED_ELSEWHERE is null
    group by e.STUDYID, e.USUBJID, e.EPISEQ, SIGN
)

select
    STUDYID,
    USUBJID,
    EPISEQ,
    SIGN,
    SOURCE,
    START,
    study_day(START) as ASTDY,
    GRADE,
    SRCDOM,
    SRCSEQ
from (
    select * from recorded
    union all
    select * from found
)
order by STUDYID, USUBJID, EPISEQ, SIGN, SOURCE
