-- One row: the extremes of a vital sign of a treated subject in one hour, or in one day where the
-- reading has no clock time. They are as measured: no site correction, no rounding.
with readings as (
    select
        vs.STUDYID,
        vs.USUBJID,
        vs.VSSEQ,
        -- Both are beats per minute.
        case vs.VSTESTCD when 'PULSE' then 'HR' else vs.VSTESTCD end as VSTESTCD,
        vs.VALUE,
        vs.UNIT,
        clock_lo(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT, s.DYSHIFT) as S,
        clock_prc(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT) as P
    from sdtm_vs as vs
    inner join adsl as s on vs.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    where
        vs.VALUE is not null
        and vs.VSTESTCD in ('TEMP', 'SYSBP', 'DIABP', 'MAP', 'OXYSAT', 'HR', 'PULSE', 'RESP')
),

placed as (
    select
        *,
        case when P = 'time' then S - ((S % 3600) + 3600) % 3600 else S end as START
    from readings
    where P in ('time', 'day')
)

select
    STUDYID,
    USUBJID,
    VSTESTCD,
    START,
    P as PRECISION,
    count(*) as N,
    min(VALUE) as LOW,
    max(VALUE) as HIGH,
    min(UNIT) as UNIT,
    arg_min(VSSEQ, (VALUE, VSSEQ)) as LOWSEQ,
    arg_min(VSSEQ, (-VALUE, VSSEQ)) as HIGHSEQ
from placed
group by STUDYID, USUBJID, VSTESTCD, START, P
order by STUDYID, USUBJID, VSTESTCD, START, PRECISION
