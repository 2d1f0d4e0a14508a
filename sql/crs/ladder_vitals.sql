-- Ladders fever, hypotension and, by switch, oxygen (level 1) from readings. A reading holds to the
-- first later reading that contradicts it, at most vital_hold_h; one without a clock time for its day.
with held as (
    select
        *,
        min(case when not IS_POSITIVE then S end) over (
            partition by USUBJID, KIND
            order by S
            range between 1 following and unbounded following
        ) as CONTRADICTED,
        -- Low pressures around this one, itself apart (4.2).
        count(*) filter (where IS_POSITIVE) over (
            partition by USUBJID, KIND
            order by S
            range between $bp_confirm_s preceding and $bp_confirm_s following
        ) as N_NEAR
    from vitals_timed
),

signs as (
    select
        *,
        case KIND when 'TEMP' then 'FEVER' when 'BP' then 'HYPOTENSION' else 'HYPOXIA' end as SIGN
    from held
    where IS_POSITIVE and (KIND != 'BP' or $bp_confirm = 'any' or N_NEAR >= 2)
)

select
    v.STUDYID,
    v.USUBJID,
    k.LADDER,
    1 as "LEVEL",
    v.S as START,
    case
        when v.P = 'time'
            then greatest(least(coalesce(v.CONTRADICTED, v.S + $vital_hold_s), v.S + $vital_hold_s), v.S + 1)
        else v.E
    end as "END",
    v.P as PRECISION,
    v.SIGN,
    true as IS_READING,
    cast(null as varchar) as ATTRIBUTED,
    'VS' as SRCDOM,
    v.VSSEQ as SRCSEQ,
    'VSSTRESN' as SRCVAR,
    v.VALUE,
    case v.KIND when 'TEMP' then 'temperature' when 'BP' then 'blood pressure' else 'saturation' end
        as "TEXT",
    nullif(concat_ws(
        ' ',
        case when v.P != 'time' then 'DATE_ONLY' end,
        case when v.KIND = 'BP' and v.N_NEAR = 1 then 'BP_SINGLE_READING' end,
        case when v.KIND = 'OXYSAT' then 'HYPOXIA_WITHOUT_O2_RECORD' end
    ), '') as FLAGS
from signs as v
inner join (
    values ('TEMP', 'fever'), ('BP', 'hypotension'), ('OXYSAT', 'oxygen'), ('OXYSAT', 'fio2')
) as k (KIND, LADDER) on v.KIND = k.KIND
order by v.STUDYID, v.USUBJID, k.LADDER, START, SRCSEQ
