-- One row: the domain in which the study records CRS: AE, else CE, else the charted days of FA.
select
    case
        when exists (
            select 1 from ae_timed as a
            where a.KIND = 'CRS'
        ) then 'AE'
        when exists (
            select 1
            from sdtm_ce as ce
            inner join adsl as s on ce.USUBJID = s.USUBJID and s.SAFFL = 'Y'
            inner join terms as k
                on
                    k.KIND = 'CRS'
                    and regexp_matches(for_match(coalesce(ce.CEDECOD, ce.CETERM)), k.PATTERN)
            where occurred(ce.CEOCCUR, ce.CESTAT)
        ) then 'CE'
        else 'FA'
    end as SRCDOM
