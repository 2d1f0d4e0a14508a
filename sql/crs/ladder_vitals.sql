-- Ladders fever and hypotension (level 1) from readings. A reading holds to the first later reading
-- that contradicts it, at most vital_hold_h; a reading without a clock time holds for its day.
with held as (
    select
        *,
        min(case when not IS_POSITIVE then S end) over (
            partition by USUBJID, VSTESTCD order by S
            range between 1 following and unbounded following
        ) as CONTRADICTED
    from vitals_timed
)

select
    STUDYID,
    USUBJID,
    case VSTESTCD when 'TEMP' then 'fever' else 'hypotension' end as LADDER,
    1 as "LEVEL",
    S as START,
    case
        when P = 'time'
            then
                greatest(
                    least(coalesce(CONTRADICTED, S + $vital_hold_s), S + $vital_hold_s), S + 1
                )
        else E
    end as "END",
    P as PRECISION,
    case VSTESTCD when 'TEMP' then 'FEVER' else 'HYPOTENSION' end as SIGN,
    true as IS_READING,
    cast(null as varchar) as ATTRIBUTED,
    'VS' as SRCDOM,
    VSSEQ as SRCSEQ,
    'VSSTRESN' as SRCVAR,
    VALUE,
    case VSTESTCD when 'TEMP' then 'temperature' else 'systolic pressure' end as "TEXT",
    case when P != 'time' then 'DATE_ONLY' end as FLAGS
from held
where IS_POSITIVE
order by STUDYID, USUBJID, LADDER, START, SRCSEQ
