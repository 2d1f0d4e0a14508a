-- One row: an adverse event on the subject's clock, with what its term stands for.
with terms_used as (
    select distinct for_match(coalesce(AEDECOD, AETERM)) as T from sdtm_ae
),

signs as (
    select
        t.T,
        k.KIND
    from terms_used as t
    inner join terms as k on regexp_matches(t.T, k.PATTERN)
    qualify row_number() over (partition by t.T order by k."ORDER") = 1
),

organs as (
    select
        t.T,
        o.KIND as ORGAN_KIND,
        o.ORGAN
    from terms_used as t
    inner join organ_terms as o on regexp_matches(t.T, o.PATTERN)
    qualify row_number() over (partition by t.T order by o."ORDER") = 1
)

select
    ae.STUDYID,
    ae.USUBJID,
    ae.AESEQ,
    coalesce(ae.AEDECOD, ae.AETERM) as TERM,
    g.KIND,
    o.ORGAN_KIND,
    o.ORGAN,
    ae.AETOXGR,
    ae.ASTCTGR,
    upper(ae.AEOUT) as AEOUT,
    coalesce(upper(ae.AEREL) in ('N', 'NO', 'NOT RELATED', 'UNRELATED', 'NONE'), false) as UNRELATED,
    coalesce(ae.AESDTH = 'Y', false) or coalesce(upper(ae.AEOUT) = 'FATAL', false) as FATAL,
    coalesce(ae.AESHOSP = 'Y', false) as HOSPITALISED,
    clock_lo(ae.AESTDTM, ae.AESTPRC, ae.AESTDY, s.REFDT, s.DYSHIFT) as S,
    clock_hi(ae.AESTDTX, ae.AESTPRC, ae.AESTDY, s.REFDT, s.DYSHIFT) as S_HI,
    clock_prc(ae.AESTDTM, ae.AESTPRC, ae.AESTDY, s.REFDT) as SP,
    clock_hi(ae.AEENDTX, ae.AEENPRC, ae.AEENDY, s.REFDT, s.DYSHIFT) as E,
    clock_prc(ae.AEENDTM, ae.AEENPRC, ae.AEENDY, s.REFDT) as EP
from sdtm_ae as ae
inner join adsl as s on ae.USUBJID = s.USUBJID and s.SAFFL = 'Y'
left join signs as g on for_match(coalesce(ae.AEDECOD, ae.AETERM)) = g.T
left join organs as o on for_match(coalesce(ae.AEDECOD, ae.AETERM)) = o.T
order by ae.STUDYID, ae.USUBJID, ae.AESEQ
