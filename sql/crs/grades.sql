-- One row: the grade of an episode under a system, derived from findings or as collected.
with missing_domains as (
    select
        r.SYSTEM,
        string_agg(r.DOMAIN, ' ' order by r.DOMAIN) as DOMAINS
    from requirements as r
    left join ledger as l on r.DOMAIN = l.DOMAIN
    where l.DOMAIN is null
    group by r.SYSTEM
),

best as (
    select
        USUBJID,
        EPISEQ,
        SYSTEM,
        max(GRADE) as GRADE,
        arg_min(B0, (-GRADE, B0)) as MAXSTART
    from course
    group by USUBJID, EPISEQ, SYSTEM
),

-- A system that asks for fever cannot say 0 where no temperature reaches into the episode.
temperatures as (
    select
        e.USUBJID,
        e.EPISEQ,
        count(v.VSSEQ) as N_TEMP
    from episodes as e
    left join vitals_timed as v
        on
            e.USUBJID = v.USUBJID
            and v.KIND = 'TEMP'
            and v.S <= e."END"
            and greatest(v.E, v.S + $vital_hold_s) >= e.START
    group by e.USUBJID, e.EPISEQ
),

finding_flags as (
    select
        h.USUBJID,
        h.EPISEQ,
        h.SYSTEM,
        array_to_string(list_sort(list_distinct(flatten(list(string_split(h.FLAGS, ' '))))), ' ') as FLAGS
    from hits as h
    inner join best as b on h.USUBJID = b.USUBJID and h.EPISEQ = b.EPISEQ and h.SYSTEM = b.SYSTEM
    where h.FLAGS is not null and h.GRADE = b.GRADE
    group by h.USUBJID, h.EPISEQ, h.SYSTEM
),

-- By switch, an unknown dose or flow that could lift the grade leaves it open (4.8, 4.9).
undecided as (
    select
        h.USUBJID,
        h.EPISEQ,
        h.SYSTEM,
        max(case
            when h.FLAGS like '%PRESSOR_DOSE_MISSING%' then 'PRESSOR_DOSE_MISSING'
            else 'O2_FLOW_MISSING'
        end) as REASON
    from hits as h
    inner join best as b on h.USUBJID = b.USUBJID and h.EPISEQ = b.EPISEQ and h.SYSTEM = b.SYSTEM
    inner join criteria as c on h.SYSTEM = c.SYSTEM and c.GRADE > b.GRADE
    where
        (
            $missing_pressor_dose = 'null'
            and h.FLAGS like '%PRESSOR_DOSE_MISSING%'
            and c.LADDER = 'pressor_dose'
        )
        or (
            $o2_missing = 'null'
            and h.FLAGS like '%O2_FLOW_MISSING%'
            and c.LADDER in ('oxygen', 'fio2')
            and c.MIN_LEVEL <= 2
        )
    group by h.USUBJID, h.EPISEQ, h.SYSTEM
),

derived as (
    select
        e.STUDYID,
        e.USUBJID,
        e.EPISEQ,
        s.SYSTEM,
        'derived' as BASIS,
        case
            when m.DOMAINS is not null or u.REASON is not null then null
            when b.GRADE is not null then b.GRADE
            when s.NEEDS_TEMPERATURE = 'Y' and t.N_TEMP = 0 then null
            else 0
        end as GRADE,
        case
            when m.DOMAINS is not null then 'NO_DOMAIN ' || m.DOMAINS
            when u.REASON is not null then u.REASON
            when b.GRADE is null and s.NEEDS_TEMPERATURE = 'Y' and t.N_TEMP = 0 then 'NO_TEMPERATURE'
        end as REASON,
        nullif(concat_ws(
            ' ',
            case
                when m.DOMAINS is null and b.GRADE is null and s.NEEDS_TEMPERATURE = 'Y' and t.N_TEMP > 0
                    then 'NO_FEVER'
            end,
            case when m.DOMAINS is null and a.AGE < 1 then 'AGE_UNDER_1' end,
            case when m.DOMAINS is null then f.FLAGS end
        ), '') as FLAGS,
        case when m.DOMAINS is null and u.REASON is null then b.MAXSTART end as MAXSTART
    from episodes as e
    cross join systems as s
    inner join adsl as a on e.USUBJID = a.USUBJID
    left join undecided as u on e.USUBJID = u.USUBJID and e.EPISEQ = u.EPISEQ and s.SYSTEM = u.SYSTEM
    left join missing_domains as m on s.SYSTEM = m.SYSTEM
    left join best as b on e.USUBJID = b.USUBJID and e.EPISEQ = b.EPISEQ and s.SYSTEM = b.SYSTEM
    left join temperatures as t on e.USUBJID = t.USUBJID and e.EPISEQ = t.EPISEQ
    left join finding_flags as f on e.USUBJID = f.USUBJID and e.EPISEQ = f.EPISEQ and s.SYSTEM = f.SYSTEM
),

collected as (
    select
        e.STUDYID,
        e.USUBJID,
        e.EPISEQ,
        $collected_scale as SYSTEM,
        'collected' as BASIS,
        max(m.GRADE) as GRADE,
        case when max(m.GRADE) is null then 'NOT_RECORDED' end as REASON,
        cast(null as varchar) as FLAGS,
        arg_min(m.S, (-m.GRADE, m.S)) filter (where m.GRADE is not null) as MAXSTART
    from episodes as e
    inner join members as m on e.USUBJID = m.USUBJID and e.EPISEQ = m.EPISEQ
    where $collected_scale != 'unknown'
    group by e.STUDYID, e.USUBJID, e.EPISEQ
)

select
    *,
    study_day(MAXSTART) as MAXDY
from derived
union all
select
    *,
    study_day(MAXSTART)
from collected
order by STUDYID, USUBJID, EPISEQ, SYSTEM, BASIS
