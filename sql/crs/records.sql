-- One row: a collected CRS record. AE if the study records CRS there, else CE, else charted days (FA).
with from_ae as (
    select
        a.STUDYID,
        a.USUBJID,
        'AE' as SRCDOM,
        a.AESEQ as SRCSEQ,
        a.S,
        a.S_HI,
        a.SP,
        a.E,
        a.EP,
        case when $use_astct and a.ASTCTGR is not null then a.ASTCTGR else a.AETOXGR end as GRADE,
        case when $use_astct and a.ASTCTGR is not null then 'ASTCTGR' else 'AETOXGR' end as GRADEVAR,
        a.AEOUT as OUTCOME,
        a.FATAL,
        a.HOSPITALISED
    from ae_timed as a
    where a.KIND = 'CRS'
),

from_ce as (
    select
        ce.STUDYID,
        ce.USUBJID,
        'CE' as SRCDOM,
        ce.CESEQ as SRCSEQ,
        clock_lo(ce.CESTDTM, ce.CESTPRC, ce.CESTDY, s.REFDT, s.DYSHIFT) as S,
        clock_hi(ce.CESTDTX, ce.CESTPRC, ce.CESTDY, s.REFDT, s.DYSHIFT) as S_HI,
        clock_prc(ce.CESTDTM, ce.CESTPRC, ce.CESTDY, s.REFDT) as SP,
        clock_hi(ce.CEENDTX, ce.CEENPRC, ce.CEENDY, s.REFDT, s.DYSHIFT) as E,
        clock_prc(ce.CEENDTM, ce.CEENPRC, ce.CEENDY, s.REFDT) as EP,
        ce.CETOXGR as GRADE,
        'CETOXGR' as GRADEVAR,
        upper(ce.CEOUT) as OUTCOME,
        coalesce(upper(ce.CEOUT) = 'FATAL', false) as FATAL,
        false as HOSPITALISED
    from sdtm_ce as ce
    inner join adsl as s on ce.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    inner join terms as k
        on k.KIND = 'CRS' and regexp_matches(for_match(coalesce(ce.CEDECOD, ce.CETERM)), k.PATTERN)
    where occurred(ce.CEOCCUR, ce.CESTAT)
),

from_fa as (
    select
        STUDYID,
        USUBJID,
        'FA' as SRCDOM,
        FASEQ as SRCSEQ,
        DAY * 86400 as S,
        DAY * 86400 + 86400 as S_HI,
        'day' as SP,
        DAY * 86400 + 86400 as E,
        'day' as EP,
        GRADE,
        'FASTRESN' as GRADEVAR,
        cast(null as varchar) as OUTCOME,
        GRADE = 5 as FATAL,
        false as HOSPITALISED
    from daily_grades
    where GRADE >= 1
),

chosen as (
    select a.*
    from (
        select * from from_ae
        union all
        select * from from_ce
        union all
        select * from from_fa
    ) as a
    inner join record_source as r on a.SRCDOM = r.SRCDOM
)

-- A start that is known only to the month or year is put no earlier than the first dose; one that is
-- missing altogether is put at the first dose (the earliest day on which it can be CRS).
select
    c.STUDYID,
    c.USUBJID,
    c.SRCDOM,
    c.SRCSEQ,
    case
        when c.S is null then d.START
        when c.SP in ('month', 'year') and d.START < c.S_HI then greatest(c.S, d.START)
        else c.S
    end as S,
    coalesce(c.SP, 'year') as SP,
    case when c.EP in ('month', 'year') then least(c.E, coalesce(s.FUPS, c.E)) else c.E end as E,
    c.EP,
    c.GRADE,
    c.GRADEVAR,
    c.OUTCOME,
    coalesce(
        c.OUTCOME in ('RECOVERED/RESOLVED', 'RECOVERED/RESOLVED WITH SEQUELAE', 'RECOVERED', 'RESOLVED'),
        false
    )
        as RESOLVED,
    c.FATAL,
    c.HOSPITALISED,
    nullif(concat_ws(
        ' ',
        case when c.S is null then 'START_MISSING' end,
        case when c.SP in ('month', 'year') then 'START_PARTIAL' end,
        case when c.EP in ('month', 'year') then 'END_PARTIAL' end
    ), '') as FLAGS
from chosen as c
inner join adsl as s on c.USUBJID = s.USUBJID
inner join doses as d on c.USUBJID = d.USUBJID and d.DOSESEQ = 1
order by c.STUDYID, c.USUBJID, c.SRCDOM, c.SRCSEQ
