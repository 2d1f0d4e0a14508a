-- One row: a temperature, blood pressure or (by switch) saturation in standard units on the subject's
-- clock, and whether it is a sign. Which pressure counts is the switch hypotension_rule (4.1).
with readings as (
    select
        vs.STUDYID,
        vs.USUBJID,
        vs.VSSEQ,
        case
            when vs.VSTESTCD in ('SYSBP', 'MAP') then 'BP'
            else vs.VSTESTCD
        end as KIND,
        s.AGE,
        -- Site correction and rounding are off unless the study asks for them (4.25).
        case
            when
                vs.VSTESTCD = 'TEMP' and $temp_round = '1dp'
                then round(vs.VALUE + coalesce(o."OFFSET", 0), 1)
            when vs.VSTESTCD = 'TEMP' then vs.VALUE + coalesce(o."OFFSET", 0)
            else vs.VALUE
        end as VALUE,
        clock_lo(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT, s.DYSHIFT) as S,
        clock_hi(vs.VSDTX, vs.VSPRC, vs.VSDY, s.REFDT, s.DYSHIFT) as E,
        clock_prc(vs.VSDTM, vs.VSPRC, vs.VSDY, s.REFDT) as P
    from sdtm_vs as vs
    inner join adsl as s on vs.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    left join temp_offsets as o on upper(vs.VSLOC) = o.VSLOC
    where
        vs.VALUE is not null
        and (
            vs.VSTESTCD = 'TEMP'
            or (vs.VSTESTCD = 'MAP' and $hypotension_rule = 'map65')
            or (vs.VSTESTCD = 'SYSBP' and $hypotension_rule in ('age', 'sbp90', 'drop_from_baseline'))
            or (vs.VSTESTCD = 'OXYSAT' and $spo2_only_counts)
        )
),

-- The last pressure before the first dose.
baselines as (
    select
        r.USUBJID,
        arg_max(r.VALUE, (r.S, r.VSSEQ)) as BASE
    from readings as r
    inner join doses as d on r.USUBJID = d.USUBJID and d.DOSESEQ = 1
    where r.KIND = 'BP' and r.S < d.START
    group by r.USUBJID
)

select
    r.STUDYID,
    r.USUBJID,
    r.VSSEQ,
    r.KIND,
    r.VALUE,
    r.S,
    r.E,
    r.P,
    coalesce(case
        -- 1e-6: a value converted from Fahrenheit may miss 38 by rounding alone.
        when r.KIND = 'TEMP' then r.VALUE >= $fever_c - 1e-6
        when r.KIND = 'OXYSAT' then r.VALUE < 90
        when $hypotension_rule = 'map65' then r.VALUE < 65
        when $hypotension_rule = 'drop_from_baseline' then r.VALUE <= b.BASE - $hypotension_drop_mmhg
        when $hypotension_rule = 'sbp90' then r.VALUE < $sbp_adult
        -- Children: 70 + 2 x age from 1 to 10 years; below 1 year no rule is published (4.31).
        when r.AGE < 1 then r.VALUE < $infant_sbp
        when r.AGE <= 10 then r.VALUE < 70 + 2 * floor(r.AGE)
        else r.VALUE < $sbp_adult
    end, false) as IS_POSITIVE
from readings as r
left join baselines as b on r.USUBJID = b.USUBJID
where r.S is not null
order by r.STUDYID, r.USUBJID, r.VSSEQ
