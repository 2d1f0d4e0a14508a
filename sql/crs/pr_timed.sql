-- One row: a procedure row whose device the codelist knows, with flow and FiO2 also read from its text.
with texts as (
    select distinct
        PRTRT,
        PRDECOD,
        for_match(coalesce(PRDECOD, '') || ' ' || coalesce(PRTRT, '')) as T
    from sdtm_pr
),

coded as (
    select
        t.PRTRT,
        t.PRDECOD,
        d.DEVICE,
        d.KIND,
        d.OXYGEN,
        try_cast(nullif(regexp_extract(t.T, '(\d+(?:\.\d+)?) ?L\b', 1), '') as double) as TEXT_FLOW,
        try_cast(nullif(regexp_extract(t.T, '(\d{2,3}) ?%', 1), '') as double) / 100 as TEXT_FIO2
    from texts as t
    inner join devices as d on regexp_matches(t.T, d.PATTERN)
    qualify row_number() over (partition by t.PRTRT, t.PRDECOD order by d."ORDER") = 1
),

reasons as (
    select
        p.PRINDC,
        r.REASON
    from (select distinct PRINDC from sdtm_pr) as p
    inner join support_reasons as r on regexp_matches(for_match(p.PRINDC), r.PATTERN)
    qualify row_number() over (partition by p.PRINDC order by r."ORDER") = 1
)

select
    pr.STUDYID,
    pr.USUBJID,
    pr.PRSEQ,
    c.DEVICE,
    c.KIND,
    c.OXYGEN,
    case when pr.PRDOSE between 0 and 100 then pr.PRDOSE else c.TEXT_FLOW end as FLOW,
    coalesce(pr.PRFIO2, c.TEXT_FIO2) as FIO2,
    r.REASON,
    clock_lo(pr.PRSTDTM, pr.PRSTPRC, pr.PRSTDY, s.REFDT, s.DYSHIFT) as S,
    clock_hi(pr.PRSTDTX, pr.PRSTPRC, pr.PRSTDY, s.REFDT, s.DYSHIFT) as S_HI,
    clock_hi(pr.PRENDTX, pr.PRENPRC, pr.PRENDY, s.REFDT, s.DYSHIFT) as E,
    clock_prc(pr.PRSTDTM, pr.PRSTPRC, pr.PRSTDY, s.REFDT) as P
from sdtm_pr as pr
inner join adsl as s on pr.USUBJID = s.USUBJID and s.SAFFL = 'Y'
inner join coded as c
    on pr.PRTRT is not distinct from c.PRTRT and pr.PRDECOD is not distinct from c.PRDECOD
left join reasons as r on pr.PRINDC is not distinct from r.PRINDC
where
    clock_lo(pr.PRSTDTM, pr.PRSTPRC, pr.PRSTDY, s.REFDT, s.DYSHIFT) is not null
    and occurred(pr.PROCCUR, pr.PRSTAT)
order by pr.STUDYID, pr.USUBJID, pr.PRSEQ
