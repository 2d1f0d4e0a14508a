-- Ladder fever_gate: when a sign may count under a system that asks for fever. Fever opens it, carries
-- fever_carry_h, and once fever has been there antipyretic, anticytokine or steroid treatment keeps it
-- open to the end of the episode (Lee 2019: fever is then no longer required). GATERANK says by what:
-- 1 fever now, 2 treated after fever, 3 fever carried, 4 fever taken as masked by the study's switch.
with fever as (
    select
        e.USUBJID,
        e.EPISEQ,
        e."END" as W1,
        f.START,
        f."END",
        f.SRCDOM,
        f.SRCSEQ,
        f.SRCVAR,
        f.VALUE,
        f."TEXT",
        f.PRECISION,
        min(f.START) over (partition by e.USUBJID, e.EPISEQ) as FIRST_FEVER
    from episodes as e
    inner join findings as f
        on
            e.USUBJID = f.USUBJID
            and f.LADDER = 'fever'
            and f.ATTRIBUTED_ELSEWHERE is null
            and f.START <= e."END"
            and f."END" >= e.START
),

masked as (
    select
        v.USUBJID,
        v.EPISEQ,
        v.W1,
        v.FIRST_FEVER,
        t.START,
        t."END",
        t.PRECISION,
        t.SRCDOM,
        t.SRCSEQ,
        t.SRCVAR,
        t.VALUE,
        t."TEXT"
    from (select distinct
        USUBJID,
        EPISEQ,
        W1,
        FIRST_FEVER
    from fever) as v
    inner join findings as t
        on
            v.USUBJID = t.USUBJID
            and t.LADDER = 'therapy'
            and (
                t.ATTRIBUTED_ELSEWHERE is null
                or ($premed_counts and t.ATTRIBUTED_ELSEWHERE = 'PREMEDICATION')
            )
            and t."LEVEL" >= case when $fever_waiver_set = 'anticytokine_steroid' then 2 else 1 end
            and t.START <= v.W1
            and case when t.PRECISION = 'time' then t.START >= v.FIRST_FEVER else t."END" > v.FIRST_FEVER end
    qualify row_number() over (
        partition by v.USUBJID, v.EPISEQ
        order by greatest(t.START, v.FIRST_FEVER), t.SRCSEQ
    ) = 1
)

select
    USUBJID,
    EPISEQ,
    'fever_gate' as LADDER,
    1 as GATERANK,
    START,
    "END",
    PRECISION,
    SRCDOM,
    SRCSEQ,
    SRCVAR,
    VALUE,
    "TEXT"
from fever
union all
select
    USUBJID,
    EPISEQ,
    'fever_gate',
    2,
    greatest(START, FIRST_FEVER),
    greatest(W1, START + 1),
    PRECISION,
    SRCDOM,
    SRCSEQ,
    SRCVAR,
    VALUE,
    "TEXT"
from masked
union all
select
    USUBJID,
    EPISEQ,
    'fever_gate',
    3,
    "END",
    "END" + $fever_carry_s,
    PRECISION,
    SRCDOM,
    SRCSEQ,
    SRCVAR,
    VALUE,
    "TEXT"
from fever
union all
select
    e.USUBJID,
    e.EPISEQ,
    'fever_gate',
    4,
    e.START,
    e."END",
    e.STPREC,
    e.SOURCE,
    cast(regexp_extract(e.MEMBERS, ':(\d+)', 1) as bigint),
    e.SOURCE || 'DECOD',
    null,
    'fever taken as masked'
from episodes as e
where $masked_onset_allowed
order by USUBJID, EPISEQ, START, GATERANK, SRCDOM, SRCSEQ
