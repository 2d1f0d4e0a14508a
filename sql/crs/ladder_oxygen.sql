-- Ladders oxygen (device and flow) and fio2 (below 0.40, or at or above). Support that stood before
-- the first dose counts only where it is raised; support for another reason is attributed elsewhere.
with rows_in_order as (
    select
        *,
        lead(S) over (partition by USUBJID order by S, PRSEQ) as NEXT_S
    from pr_timed
    where KIND not in ('dialysis')
),

levelled as (
    select
        STUDYID,
        USUBJID,
        PRSEQ,
        DEVICE,
        KIND,
        OXYGEN,
        FLOW,
        FIO2,
        REASON,
        P,
        S,
        case
            when P != 'time' then greatest(coalesce(E, S_HI), S + 1)
            when E > S then E
            -- Charted at one moment: holds to the next row of respiratory support.
            when NEXT_S > S then least(NEXT_S, S + 86400)
            else S + 86400
        end as E,
        case
            when KIND in ('cannula', 'oxygen') and FLOW > 6 then 2
            when KIND = 'hfnc' and FLOW <= 6 and $hfnc_rule = 'flow' then 1
            else OXYGEN
        end as LVL
    from rows_in_order
),

fractions as (
    select
        *,
        case
            when FIO2 is not null then FIO2
            when KIND in ('cannula', 'oxygen') and FLOW is null then 0.28
            when KIND = 'blow_by' then 0.28
            when KIND in ('cannula', 'oxygen') and $fio2_from_flow = 'device_only' then 0.28
            when KIND in ('cannula', 'oxygen') then 0.20 + 0.04 * FLOW
            when KIND = 'hfnc' and LVL = 1 then 0.20 + 0.04 * FLOW
            when KIND = 'reservoir' then 0.60
            else 0.40
        end as FRACTION
    from levelled
),

-- What stood at the first dose: the last record that began before it and had not ended a week before.
baseline as (
    select
        f.USUBJID,
        arg_max(f.LVL, (f.S, f.PRSEQ)) as BASE_LVL,
        arg_max_null(f.FLOW, (f.S, f.PRSEQ)) as BASE_FLOW,
        arg_max(f.FRACTION, (f.S, f.PRSEQ)) as BASE_FRACTION,
        arg_max(f.FLOW is not null or f.FIO2 is not null, (f.S, f.PRSEQ)) as BASE_KNOWN
    from fractions as f
    inner join doses as d on f.USUBJID = d.USUBJID and d.DOSESEQ = 1
    where f.S < d.START and f.E >= d.START - $baseline_window_d * 86400
    group by f.USUBJID
),

judged as (
    select
        f.*,
        case
            when f.REASON is not null then f.REASON
            when
                f.LVL <= b.BASE_LVL
                and (
                    not b.BASE_KNOWN
                    or (
                        coalesce(f.FLOW, 0) <= coalesce(b.BASE_FLOW, f.FLOW, 0)
                        and f.FRACTION <= b.BASE_FRACTION + 1e-9
                    )
                )
                then 'BASELINE_SUPPORT'
        end as ATTRIBUTED,
        nullif(concat_ws(
            ' ',
            case when f.KIND in ('cannula', 'oxygen', 'hfnc') and f.FLOW is null then 'O2_FLOW_MISSING' end,
            case when f.KIND = 'hfnc' and f.LVL = 1 then 'HFNC_LOW_FLOW' end,
            case when f.P != 'time' then 'DATE_ONLY' end,
            case when b.BASE_LVL > 0 then 'BASELINE_O2' end,
            case when f.KIND = 'niv' then 'NIV_AMBIGUOUS' end
        ), '') as FLAGS
    from fractions as f
    left join baseline as b on f.USUBJID = b.USUBJID
    where f.OXYGEN > 0
)

select
    j.STUDYID,
    j.USUBJID,
    k.LADDER,
    case k.LADDER
        when 'oxygen' then j.LVL
        -- 1e-9: 0.20 + 0.04 x 5 misses 0.40 by rounding alone.
        else case when j.FRACTION >= 0.40 - 1e-9 then 2 else 1 end
    end as "LEVEL",
    j.S as START,
    j.E as "END",
    j.P as PRECISION,
    'HYPOXIA' as SIGN,
    false as IS_READING,
    j.ATTRIBUTED,
    'PR' as SRCDOM,
    j.PRSEQ as SRCSEQ,
    case k.LADDER
        when 'oxygen' then 'PRTRT' else case when j.FIO2 is null then 'PRDOSE' else 'PRFIO2' end
    end as SRCVAR,
    case k.LADDER when 'oxygen' then j.FLOW else j.FRACTION end as VALUE,
    j.DEVICE as "TEXT",
    case
        when k.LADDER = 'fio2' and j.FIO2 is null then concat_ws(' ', j.FLAGS, 'FIO2_ESTIMATED')
        else j.FLAGS
    end as FLAGS
from judged as j
cross join (values ('oxygen'), ('fio2')) as k (LADDER)
order by j.STUDYID, j.USUBJID, k.LADDER, j.S, j.PRSEQ
