-- One row: a temperature or systolic pressure in standard units, on the subject's clock.
select
    vs.STUDYID,
    vs.USUBJID,
    vs.VSSEQ,
    vs.VSTESTCD,
    vs.VALUE,
    clock_lo(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT, s.DYSHIFT) as S,
    clock_hi(vs.VSDTX, vs.VSPRC, vs.VSDY, s.REFDT, s.DYSHIFT) as E,
    clock_prc(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT) as P,
    case
        -- 1e-6: a value converted from Fahrenheit may miss 38 by rounding alone.
        when vs.VSTESTCD = 'TEMP' then vs.VALUE >= $fever_c - 1e-6
        -- Children: 70 + 2 x age from 1 to 10 years; below 1 year no rule exists (4.1, 4.31).
        when s.AGE < 1 then false
        when s.AGE <= 10 then vs.VALUE < 70 + 2 * floor(s.AGE)
        else vs.VALUE < $sbp_adult
    end as IS_POSITIVE
from sdtm_vs as vs
inner join adsl as s on vs.USUBJID = s.USUBJID and s.SAFFL = 'Y'
where
    vs.VSTESTCD in ('TEMP', 'SYSBP')
    and vs.VALUE is not null
    and clock_lo(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT, s.DYSHIFT) is not null
order by vs.STUDYID, vs.USUBJID, vs.VSSEQ
