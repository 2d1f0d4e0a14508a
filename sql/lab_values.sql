-- One row: a laboratory result of a treated subject on the subject's clock, as a number in the one unit
-- of its test, or why there is none. Stages subjects and crs both run it.
with results as (
    select
        lb.STUDYID,
        lb.USUBJID,
        lb.LBSEQ,
        lb.LBTESTCD,
        lb.LBTEST,
        lb.LBORRES,
        lb.LBORRESU,
        lb.LBSTRESN,
        lb.LBSTRESU,
        lb.LBSTNRLO,
        lb.LBSTNRHI,
        lb.LBBLFL,
        -- Only blood has these units and limits.
        coalesce(regexp_matches(upper(lb.LBCAT), 'URIN|CEREBROSPINAL|\bCSF\b'), false) as IS_OTHER,
        -- "<0.5" is a limit.
        translate(
            nullif(regexp_extract(lb.LBORRES, '^\s*([<>≤≥])=?\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*$', 1), ''),
            '≤≥', '<>'
        ) as CENSORED,
        try_cast(
            regexp_extract(lb.LBORRES, '^\s*[<>≤≥]?=?\s*([+-]?\d+(\.\d*)?([eE][+-]?\d+)?)\s*$', 1) as double
        ) as ORRESN,
        clock_lo(lb.LBDTM, lb.LBPRC, lb.LBDY, s.REFDT, s.DYSHIFT) as S,
        clock_hi(lb.LBDTX, lb.LBPRC, lb.LBDY, s.REFDT, s.DYSHIFT) as E,
        clock_prc(lb.LBDTM, lb.LBPRC, lb.LBDY, s.REFDT) as P
    from sdtm_lb as lb
    inner join adsl as s on lb.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    -- Null asks for all tests.
    where cast($tests as varchar[]) is null or list_contains(cast($tests as varchar[]), lb.LBTESTCD)
),

-- A limit as collected comes first, since a standard result may be half of it; then the standard result.
numbers as (
    select
        *,
        case
            when CENSORED is not null or LBSTRESN is null then ORRESN
            else LBSTRESN
        end as NUMBER,
        case
            when CENSORED is not null or LBSTRESN is null
                then coalesce(LBORRESU, case when LBSTRESN is null or LBSTRESN = ORRESN then LBSTRESU end)
            else coalesce(LBSTRESU, case when ORRESN is null or LBSTRESN = ORRESN then LBORRESU end)
        end as UNIT_GIVEN,
        coalesce(LBSTRESU, LBORRESU) as UNIT_LIMITS
    from results
),

tests as (
    select *
    from lab_tests
    qualify row_number() over (partition by LBTESTCD order by "ORDER") = 1
),

-- Spellings: capitals, no blanks, powers of ten as 10^9.
spelled as (
    select
        TEXT,
        regexp_replace(
            regexp_replace(upper(translate(TEXT, 'µμ', 'uu')), '\s|^X', '', 'g'),
            '10(\*\*|\*|E\+?)0?(\d)', '10^\2'
        ) as SPELLING
    from (
        select UNIT_GIVEN as TEXT from numbers
        union
        select UNIT_LIMITS from numbers
        union
        select UNIT from lab_units
        union
        select UNIT from lab_tests
    )
),

-- The standard unit of a test, and what can be converted to it; a study's own rows come first.
conversions as (
    select
        t.LBTESTCD,
        p.SPELLING,
        1.0 as TIMES,
        1.0 as "OVER",
        -1 as "ORDER"
    from tests as t
    inner join spelled as p on t.UNIT = p.TEXT
    union all
    select
        t.LBTESTCD,
        p.SPELLING,
        u.TIMES,
        u."OVER",
        u."ORDER"
    from tests as t
    inner join lab_units as u on t.UNIT = u.STANDARD and coalesce(u.LBTESTCD, t.LBTESTCD) = t.LBTESTCD
    inner join spelled as p on u.UNIT is not distinct from p.TEXT
),

factors as (
    select
        c.LBTESTCD,
        p.TEXT,
        c.TIMES,
        c."OVER"
    from conversions as c
    inner join spelled as p on c.SPELLING is not distinct from p.SPELLING
    qualify row_number() over (partition by c.LBTESTCD, p.TEXT order by c."ORDER") = 1
),

valued as (
    select
        n.*,
        t.TEST,
        t."GROUP",
        t.UNIT,
        t.WORST,
        case when not n.IS_OTHER then n.NUMBER * f.TIMES / f."OVER" end as VALUE,
        case when not n.IS_OTHER then n.LBSTNRLO * g.TIMES / g."OVER" end as LLN,
        case when not n.IS_OTHER then n.LBSTNRHI * g.TIMES / g."OVER" end as ULN,
        case
            when t.LBTESTCD is null then 'TEST_NOT_LISTED'
            when n.IS_OTHER then 'OTHER_SPECIMEN'
            when n.NUMBER is null and coalesce(trim(n.LBORRES), '') = '' then 'NO_RESULT'
            when n.NUMBER is null then 'NOT_A_NUMBER'
            when f.TIMES is not null then null
            when n.UNIT_GIVEN is null then 'UNIT_MISSING'
            else 'UNIT_NOT_CONVERTED'
        end as REASON
    from numbers as n
    left join tests as t on n.LBTESTCD = t.LBTESTCD
    left join factors as f on n.LBTESTCD = f.LBTESTCD and n.UNIT_GIVEN is not distinct from f.TEXT
    left join factors as g on n.LBTESTCD = g.LBTESTCD and n.UNIT_LIMITS is not distinct from g.TEXT
),

-- Surely before the first dose; on its day without a clock time only where the study says so.
baselines as (
    select
        v.USUBJID,
        v.LBTESTCD,
        arg_max(v.LBSEQ, (v.S, v.LBSEQ)) as LBSEQ
    from valued as v
    inner join doses as d on v.USUBJID = d.USUBJID and d.DOSESEQ = 1
    where
        v.VALUE is not null
        and (
            (v.E <= d.START and v.P in ('time', 'day'))
            or (v.LBBLFL = 'Y' and elapsed_day(v.S) <= elapsed_day(d.START))
        )
    group by v.USUBJID, v.LBTESTCD
)

select
    v.STUDYID,
    v.USUBJID,
    v.LBSEQ,
    v.LBTESTCD,
    coalesce(v.TEST, v.LBTEST, v.LBTESTCD) as TEST,
    v."GROUP",
    v.VALUE,
    v.UNIT,
    v.WORST,
    v.LLN,
    v.ULN,
    case when v.VALUE is not null then v.CENSORED end as CENSORED,
    v.REASON,
    v.S,
    v.E,
    v.P,
    case when b.LBSEQ is not null then 'Y' end as BASELINE
from valued as v
left join baselines as b
    on v.USUBJID = b.USUBJID and v.LBTESTCD = b.LBTESTCD and v.LBSEQ = b.LBSEQ
order by v.STUDYID, v.USUBJID, v.LBSEQ
