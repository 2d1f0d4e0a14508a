-- Ladders hospital (1 hospital, 2 intensive care) from stays, and death from the stated cause.
with stays as (
    select
        ho.STUDYID,
        ho.USUBJID,
        ho.HOSEQ,
        for_match(coalesce(ho.HODECOD, ho.HOTERM)) as T,
        for_match(ho.HOINDC) as INDICATION,
        clock_lo(ho.HOSTDTM, ho.HOSTPRC, ho.HOSTDY, s.REFDT, s.DYSHIFT) as S,
        coalesce(
            clock_hi(ho.HOENDTX, ho.HOENPRC, ho.HOENDY, s.REFDT, s.DYSHIFT),
            clock_hi(ho.HOSTDTX, ho.HOSTPRC, ho.HOSTDY, s.REFDT, s.DYSHIFT)
        ) as E,
        clock_prc(ho.HOSTDTM, ho.HOSTPRC, ho.HOSTDY, s.REFDT) as P
    from sdtm_ho as ho
    inner join adsl as s on ho.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    where occurred(ho.HOOCCUR, ho.HOSTAT)
),

causes as (
    select
        dd.STUDYID,
        dd.USUBJID,
        dd.DDSEQ,
        coalesce(s.DTHS, clock_hi(dd.DDDTX, dd.DDPRC, dd.DDDY, s.REFDT, s.DYSHIFT)) as E,
        clock_prc(dd.DDDTM, dd.DDPRC, dd.DDDY, s.REFDT) as P
    from sdtm_dd as dd
    inner join adsl as s on dd.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    inner join terms as k
        on k.KIND = 'CRS' and regexp_matches(for_match(coalesce(dd.DDSTRESC, dd.DDORRES)), k.PATTERN)
    where upper(dd.DDTESTCD) like 'PRC%'
)

select
    STUDYID,
    USUBJID,
    'hospital' as LADDER,
    case when regexp_matches(T, '\bICU\b|INTENSIVE|CRITICAL CARE') then 2 else 1 end as "LEVEL",
    S as START,
    greatest(E, S + 1) as "END",
    P as PRECISION,
    cast(null as varchar) as SIGN,
    false as IS_READING,
    case
        when not coalesce(regexp_matches(INDICATION, 'CYTOKINE|\bCRS\b'), false) then 'OTHER_REASON'
    end as ATTRIBUTED,
    'HO' as SRCDOM,
    HOSEQ as SRCSEQ,
    'HOTERM' as SRCVAR,
    cast(null as double) as VALUE,
    case when regexp_matches(T, '\bICU\b|INTENSIVE|CRITICAL CARE') then 'intensive care' else 'hospital' end
        as "TEXT",
    case when P != 'time' then 'DATE_ONLY' end as FLAGS
from stays
where S is not null
union all
select
    STUDYID,
    USUBJID,
    'death',
    1,
    -- From the start of the stated day, so that a record which ends that day meets it.
    case coalesce(P, 'day') when 'time' then E - 1 else elapsed_day(E - 1) * 86400 end,
    E,
    coalesce(P, 'day'),
    null,
    false,
    null,
    'DD',
    DDSEQ,
    'DDORRES',
    null,
    'death due to CRS',
    null
from causes
where E is not null
order by STUDYID, USUBJID, LADDER, START, SRCSEQ
