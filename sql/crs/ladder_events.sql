-- Ladders from adverse events: the CRS record itself, hospital stay and death for CRS, and organ
-- toxicity (related, graded, not there before the first dose).
with crs as (
    select
        a.*,
        greatest(coalesce(a.E, s.FUPS), a.S + 1) as LAST
    from ae_timed as a
    inner join adsl as s on a.USUBJID = s.USUBJID
    where a.KIND = 'CRS' and a.S is not null
),

organ as (
    select * from ae_timed
    where ORGAN_KIND is not null and KIND is null and AETOXGR >= 1 and S is not null
),

union_of as (
    select
        STUDYID,
        USUBJID,
        'record' as LADDER,
        1 as LVL,
        S,
        LAST as E,
        SP as P,
        AESEQ,
        'AEDECOD' as SRCVAR,
        cast(AETOXGR as double) as VALUE,
        'CRS record' as TXT,
        cast(null as varchar) as ATTRIBUTED
    from crs
    union all
    select
        STUDYID,
        USUBJID,
        'hospital',
        1,
        S,
        LAST,
        SP,
        AESEQ,
        'AESHOSP',
        null,
        'hospital stay for CRS',
        null
    from crs
    where HOSPITALISED
    union all
    select
        STUDYID,
        USUBJID,
        'death',
        1,
        greatest(LAST - 1, S),
        LAST,
        coalesce(EP, SP),
        AESEQ,
        'AEOUT',
        null,
        'death due to CRS',
        null
    from crs
    where FATAL
    union all
    -- Hypotension as the investigator recorded it (4.1).
    select
        a.STUDYID,
        a.USUBJID,
        'hypotension',
        1,
        a.S,
        greatest(coalesce(a.E, s.FUPS), a.S + 1),
        a.SP,
        a.AESEQ,
        'AEDECOD',
        null,
        'recorded hypotension',
        case when a.UNRELATED then 'NOT_RELATED' end
    from ae_timed as a
    inner join adsl as s on a.USUBJID = s.USUBJID
    where a.KIND = 'HYPOTENSION' and a.S is not null and $hypotension_rule = 'investigator'
    union all
    -- Any death while CRS lasted (4.29).
    select
        c.STUDYID,
        c.USUBJID,
        'death',
        1,
        s.DTHS - 1,
        s.DTHS,
        'day',
        c.AESEQ,
        'AEENDTC',
        null,
        'death during CRS',
        null
    from crs as c
    inner join adsl as s on c.USUBJID = s.USUBJID
    where $death_rule = 'any_during' and not c.FATAL and c.S < s.DTHS and c.LAST >= s.DTHS - 86400
    union all
    select
        o.STUDYID,
        o.USUBJID,
        o.ORGAN_KIND,
        o.AETOXGR,
        o.S,
        greatest(coalesce(o.E, s.FUPS), o.S + 1),
        o.SP,
        o.AESEQ,
        'AETOXGR',
        cast(o.AETOXGR as double),
        o.ORGAN || ' toxicity',
        case
            when o.UNRELATED and $organ_link = 'related' then 'NOT_RELATED'
            when o.S < 0 then 'BEFORE_FIRST_DOSE'
        end
    from organ as o
    inner join adsl as s on o.USUBJID = s.USUBJID
)

select
    STUDYID,
    USUBJID,
    LADDER,
    LVL as "LEVEL",
    S as START,
    E as "END",
    P as PRECISION,
    cast(null as varchar) as SIGN,
    false as IS_READING,
    ATTRIBUTED,
    'AE' as SRCDOM,
    AESEQ as SRCSEQ,
    SRCVAR,
    VALUE,
    TXT as "TEXT",
    case when P != 'time' then 'DATE_ONLY' end as FLAGS
from union_of
order by STUDYID, USUBJID, LADDER, START, SRCSEQ
