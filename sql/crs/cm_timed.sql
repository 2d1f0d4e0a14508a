-- One row: a medication row whose drug the codelist knows, on the subject's clock, with its intent.
with texts as (
    select distinct
        CMTRT,
        CMDECOD,
        for_match(coalesce(CMDECOD, '') || ' ' || coalesce(CMTRT, '')) as T
    from sdtm_cm
),

-- The first row of the codelist that fits wins.
coded as (
    select
        t.CMTRT,
        t.CMDECOD,
        d.DRUG,
        d.CLASS,
        d.WAIVER
    from texts as t
    inner join drugs as d on regexp_matches(t.T, d.PATTERN)
    qualify row_number() over (partition by t.CMTRT, t.CMDECOD order by d."ORDER") = 1
),

reasons as (
    select
        r.CMINDC,
        r.CMCAT,
        i.INTENT
    from (select distinct
        CMINDC,
        CMCAT
    from sdtm_cm) as r
    inner join intents as i
        on regexp_matches(for_match(coalesce(r.CMINDC, '') || ' ' || coalesce(r.CMCAT, '')), i.PATTERN)
    qualify row_number() over (partition by r.CMINDC, r.CMCAT order by i."ORDER") = 1
),

timed as (
    select
        cm.STUDYID,
        cm.USUBJID,
        cm.CMSEQ,
        c.DRUG,
        c.CLASS,
        c.WAIVER,
        cm.CMDOSE,
        dose_unit(cm.CMDOSU) as UNIT,
        coalesce(r.INTENT, 'unknown') as INTENT,
        for_match(cm.CMINDC) as INDICATION,
        is_bolus(cm.CMDOSFRM, cm.CMCAT, cm.CMTRT) as IS_BOLUS,
        coalesce(regexp_matches(
            for_match(cm.CMROUTE), 'TOPIC|INHAL|OPHTH|NASAL|OCULAR|RESPIR|OTIC|CUTAN|RECTAL|VAGINAL'
        ), false) as IS_LOCAL,
        clock_lo(cm.CMSTDTM, cm.CMSTPRC, cm.CMSTDY, s.REFDT, s.DYSHIFT) as S,
        clock_hi(cm.CMSTDTX, cm.CMSTPRC, cm.CMSTDY, s.REFDT, s.DYSHIFT) as S_HI,
        clock_hi(cm.CMENDTX, cm.CMENPRC, cm.CMENDY, s.REFDT, s.DYSHIFT) as E,
        clock_prc(cm.CMSTDTM, cm.CMSTPRC, cm.CMSTDY, s.REFDT) as P
    from sdtm_cm as cm
    inner join adsl as s on cm.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    inner join coded as c
        on cm.CMTRT is not distinct from c.CMTRT and cm.CMDECOD is not distinct from c.CMDECOD
    left join reasons as r
        on cm.CMINDC is not distinct from r.CMINDC and cm.CMCAT is not distinct from r.CMCAT
    where occurred(cm.CMOCCUR, cm.CMSTAT)
)

select *
from timed
where S is not null
order by STUDYID, USUBJID, CMSEQ
