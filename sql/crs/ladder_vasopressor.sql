-- Ladders vasopressor (which agents run at once) and pressor_dose (high dose by the table of Lee 2014:
-- norepinephrine 20 ug/min, dopamine 10 ug/kg/min, phenylephrine 200 ug/min, epinephrine 10 ug/min,
-- with vasopressin NEE >= 10, other combinations NEE >= 20; VASST equivalents).
with weights as (
    select
        v.USUBJID,
        arg_min(
            v.VALUE, (abs(coalesce(clock_lo(v.VSDTM, v.VSPRC, v.VSDY, s.REFDT, s.DYSHIFT), 0)), v.VSSEQ)
        ) as KG
    from sdtm_vs as v
    inner join adsl as s on v.USUBJID = s.USUBJID
    where v.VSTESTCD = 'WEIGHT' and v.VALUE between 1 and 350
    group by v.USUBJID
),

-- What counts as a vasopressor, and as vasopressin: switches pressor_set, vasopressin_class and
-- bolus_pressor_counts. Rows at dose 0 record a stop.
infusions as (
    select
        c.* replace (
            case
                when c.DRUG = 'terlipressin' and $vasopressin_class = 'plus_terlipressin' then 'vasopressin'
                when c.CLASS = 'inotrope' then 'vasopressor'
                else c.CLASS
            end as CLASS
        ),
        min(c.S) over (
            partition by c.USUBJID, c.DRUG
            order by c.S
            range between 1 following and unbounded following
        ) as NEXT_S
    from cm_timed as c
    where
        (
            c.CLASS in ('vasopressor', 'vasopressin')
            or (c.CLASS = 'inotrope' and $pressor_set = 'plus_inotropes')
        )
        and ($bolus_pressor_counts or not c.IS_BOLUS)
        and not c.IS_LOCAL
),

placed as (
    select
        i.STUDYID,
        i.USUBJID,
        i.CMSEQ,
        i.DRUG,
        i.CLASS,
        i.S,
        case
            when i.P != 'time' then greatest(coalesce(i.E, i.S_HI), i.S + 1)
            when i.E > i.S then i.E
            when i.NEXT_S > i.S then least(i.NEXT_S, i.S + $pressor_open_s)
            else i.S + $pressor_open_s
        end as E,
        i.P,
        $date_only_concurrency = 'assume_yes' or i.P = 'time' as MAY_OVERLAP,
        (i.E is null or i.E <= i.S)
        and (i.P != 'time' or coalesce(i.NEXT_S > i.S + $pressor_open_s, true)) as OPEN_END,
        cast(case
            when i.CMDOSE is null or u.FACTOR is null then null
            when h.HIGH_PER_KG = 'Y' and u.PER_KG = 'N' then i.CMDOSE * u.FACTOR / w.KG
            when h.HIGH_PER_KG = 'N' and u.PER_KG = 'Y' then i.CMDOSE * u.FACTOR * w.KG
            else i.CMDOSE * u.FACTOR
        end as decimal(28, 6)) as RATE,
        h.HIGH,
        cast(h.NEE_FACTOR as decimal(10, 4)) as NEE_FACTOR
    from infusions as i
    left join dose_units as u on i.UNIT = u.UNIT
    left join pressor_doses as h on i.DRUG = h.DRUG
    left join weights as w on i.USUBJID = w.USUBJID
    where i.CMDOSE is null or i.CMDOSE > 0
),

-- An infusion is taken out whole or not at all, before it is counted with others: only where an event
-- coded as hypotension is recorded as not related and covers it.
explained as (
    select
        p.USUBJID,
        p.CMSEQ,
        min(a.AESEQ) as AESEQ
    from placed as p
    inner join ae_timed as a
        on
            p.USUBJID = a.USUBJID
            and a.KIND = 'HYPOTENSION'
            and a.UNRELATED
            and a.S <= p.S
            and coalesce(a.E, 9000000000) >= p.E
    group by p.USUBJID, p.CMSEQ
),

running as (
    select p.*
    from placed as p
    left join explained as x on p.USUBJID = x.USUBJID and p.CMSEQ = x.CMSEQ
    where x.AESEQ is null
),

edges as (
    select
        USUBJID,
        S as T
    from running
    union
    select
        USUBJID,
        E
    from running
),

segments as (
    select
        USUBJID,
        T as B0,
        lead(T) over (partition by USUBJID order by T) as B1
    from edges
),

active as (
    select
        r.*,
        g.B0,
        g.B1
    from segments as g
    inner join running as r on g.USUBJID = r.USUBJID and r.S <= g.B0 and r.E >= g.B1
),

-- The same drug in two rows at once is one drug at its higher rate.
by_drug as (
    select
        USUBJID,
        B0,
        B1,
        DRUG,
        CLASS,
        bool_or(MAY_OVERLAP) as TIMED,
        max(RATE) as RATE,
        max(HIGH) as HIGH,
        max(NEE_FACTOR) as NEE_FACTOR
    from active
    group by USUBJID, B0, B1, DRUG, CLASS
),

-- Two rows that have only a date are not known to run at once (4.26).
states as (
    select
        USUBJID,
        B0,
        B1,
        count(*) filter (where CLASS = 'vasopressor' and TIMED) as N_TIMED,
        count(*) filter (where CLASS = 'vasopressor') as N_ANY,
        count(*) filter (where CLASS = 'vasopressin' and TIMED) as V_TIMED,
        bool_or(RATE >= HIGH) as MONO_HIGH,
        sum(RATE * NEE_FACTOR) filter (where TIMED) as NEE
    from by_drug
    group by USUBJID, B0, B1
),

-- An overlap shorter than min_overlap_min is a change-over. By pressor_count = ever, all agents given
-- so far count together.
stretches as (
    select
        *,
        sum(case when N_TIMED >= 2 then 0 else 1 end) over (partition by USUBJID order by B0) as STRETCH
    from states
),

counted as (
    select
        o.*,
        case
            when $pressor_count = 'ever'
                then (
                    select count(distinct r.DRUG)
                    from running as r
                    where r.USUBJID = o.USUBJID and r.CLASS = 'vasopressor' and r.MAY_OVERLAP and r.S <= o.B0
                )
            when
                o.N_TIMED >= 2
                and sum(case when o.N_TIMED >= 2 then o.B1 - o.B0 else 0 end) over stretch
                < $min_overlap_min * 60
                then 1
            else o.N_TIMED
        end as N_TOGETHER,
        o.N_TIMED >= 2
        and sum(case when o.N_TIMED >= 2 then o.B1 - o.B0 else 0 end) over stretch < 3600 as IS_TAPER
    from stretches as o
    window stretch as (partition by o.USUBJID, o.STRETCH)
),

levels as (
    select
        *,
        case
            when N_ANY >= 1 and N_TOGETHER >= 2 then 4
            when N_TIMED = 1 and V_TIMED >= 1 then 3
            when N_ANY >= 1 then 2
            else 1
        end as PRESSOR,
        case
            when coalesce(MONO_HIGH, false) then 2
            when V_TIMED >= 1 and NEE >= 10 then 2
            when N_TIMED >= 2 and NEE >= 20 then 2
            else 1
        end as DOSE
    from counted
)

select
    a.STUDYID,
    a.USUBJID,
    k.LADDER,
    case k.LADDER when 'vasopressor' then l.PRESSOR else l.DOSE end as "LEVEL",
    a.B0 as START,
    a.B1 as "END",
    a.P as PRECISION,
    cast(null as varchar) as SIGN,
    false as IS_READING,
    cast(null as varchar) as ATTRIBUTED,
    'CM' as SRCDOM,
    a.CMSEQ as SRCSEQ,
    'CMTRT' as SRCVAR,
    cast(a.RATE as double) as VALUE,
    a.DRUG as "TEXT",
    nullif(concat_ws(
        ' ',
        case when a.RATE is null and a.CLASS = 'vasopressor' then 'PRESSOR_DOSE_MISSING' end,
        case when a.OPEN_END then 'DURATION_ASSUMED' end,
        case when a.P != 'time' then 'DATE_ONLY' end,
        case when l.PRESSOR = 1 then 'VASOPRESSIN_ALONE' end,
        case when l.IS_TAPER then 'CROSS_TAPER' end,
        case when a.DRUG = 'terlipressin' then 'TERLIPRESSIN' end
    ), '') as FLAGS
from active as a
inner join levels as l on a.USUBJID = l.USUBJID and a.B0 = l.B0
cross join (values ('vasopressor'), ('pressor_dose')) as k (LADDER)
union all
select
    p.STUDYID,
    p.USUBJID,
    'vasopressor',
    case p.CLASS when 'vasopressor' then 2 else 1 end,
    p.S,
    p.E,
    p.P,
    null,
    false,
    'NOT_RELATED AE:' || x.AESEQ,
    'CM',
    p.CMSEQ,
    'CMTRT',
    cast(p.RATE as double),
    p.DRUG,
    null
from placed as p
inner join explained as x on p.USUBJID = x.USUBJID and p.CMSEQ = x.CMSEQ
order by STUDYID, USUBJID, LADDER, START, SRCSEQ
