-- Ladders from CRS records and adverse events: the record itself, hospital stay and death for CRS, and organ
-- toxicity (related, graded, not there before the first dose).
with crs as (
    select
        r.*,
        greatest(coalesce(r.E, s.FUPS), r.S + 1) as LAST
    from records as r
    inner join adsl as s on r.USUBJID = s.USUBJID
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
        SRCDOM,
        SRCSEQ,
        SRCDOM || case SRCDOM when 'FA' then 'OBJ' else 'DECOD' end as SRCVAR,
        cast(GRADE as double) as VALUE,
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
        SRCDOM,
        SRCSEQ,
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
        SRCDOM,
        SRCSEQ,
        case SRCDOM when 'FA' then 'FASTRESN' else SRCDOM || 'OUT' end,
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
        'AE',
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
        c.SRCDOM,
        c.SRCSEQ,
        c.SRCDOM || 'ENDTC',
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
        'AE',
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
    SRCDOM,
    SRCSEQ,
    SRCVAR,
    VALUE,
    TXT as "TEXT",
    case when P != 'time' then 'DATE_ONLY' end as FLAGS
from union_of
order by STUDYID, USUBJID, LADDER, START, SRCSEQ
