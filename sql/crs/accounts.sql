-- One row: why an episode has its grade, in words, with study days and hours and the source rows.
with parts as (
    select
        e.USUBJID,
        e.EPISEQ,
        e.SYSTEM,
        e.BASIS,
        e.CRITERION,
        string_agg(
            e.VALUE || ', ' || e.SRCDOM || ' ' || e.SRCSEQ, '; ' order by e.START, e.SRCDOM, e.SRCSEQ
        ) filter (where e.LADDER != 'fever_gate') as DECIDED,
        max(
            case e.GATERANK
                when 1 then ', with fever ('
                when 2 then ', fever no longer required after treatment ('
                when 3 then ', after fever within the carry time ('
                when 4 then ', '
            end || e.VALUE || ', ' || e.SRCDOM || ' ' || e.SRCSEQ || ')'
        ) as GATED_BY,
        bool_and(e.PRECISION = 'time') filter (where e.LADDER != 'fever_gate') as TIMED
    from evidence as e
    group by e.USUBJID, e.EPISEQ, e.SYSTEM, e.BASIS, e.CRITERION
),

wording as (
    select distinct
        SYSTEM,
        CRITERION,
        GRADE,
        WORDS
    from criteria
),

sentences as (
    select
        p.USUBJID,
        p.EPISEQ,
        p.SYSTEM,
        p.BASIS,
        bool_and(p.TIMED) as TIMED,
        string_agg(
            coalesce(c.WORDS, 'as recorded') || ' (' || p.DECIDED || ')' || coalesce(p.GATED_BY, ''), '; '
            order by p.CRITERION
        ) as WHY
    from parts as p
    inner join grades as g
        on p.USUBJID = g.USUBJID and p.EPISEQ = g.EPISEQ and p.SYSTEM = g.SYSTEM and p.BASIS = g.BASIS
    left join wording as c
        on p.SYSTEM = c.SYSTEM and p.CRITERION = c.CRITERION and g.GRADE = c.GRADE
    group by p.USUBJID, p.EPISEQ, p.SYSTEM, p.BASIS
),

-- What the next grade up would take: the criteria of the next grade that the system has, death apart.
next_grade as (
    select
        g.USUBJID,
        g.EPISEQ,
        g.SYSTEM,
        min(c.GRADE) as GRADE
    from grades as g
    inner join criteria as c on g.SYSTEM = c.SYSTEM and c.GRADE > g.GRADE and c.GRADE < 5
    where g.BASIS = 'derived'
    group by g.USUBJID, g.EPISEQ, g.SYSTEM
),

higher as (
    select
        n.USUBJID,
        n.EPISEQ,
        n.SYSTEM,
        'Grade ' || n.GRADE || ' would take '
        || string_agg(distinct w.WORDS, ' or ' order by w.WORDS) || '.' as SAID
    from next_grade as n
    inner join wording as w on n.SYSTEM = w.SYSTEM and n.GRADE = w.GRADE
    group by n.USUBJID, n.EPISEQ, n.SYSTEM, n.GRADE
),

-- What would be left without the criteria that decided.
left_over as (
    select
        c.USUBJID,
        c.EPISEQ,
        c.SYSTEM,
        max(c.GRADE) as GRADE
    from course as c
    inner join grades as g
        on c.USUBJID = g.USUBJID and c.EPISEQ = g.EPISEQ and c.SYSTEM = g.SYSTEM and g.BASIS = 'derived'
    where c.GRADE < g.GRADE
    group by c.USUBJID, c.EPISEQ, c.SYSTEM
),

lower_words as (
    select
        l.USUBJID,
        l.EPISEQ,
        l.SYSTEM,
        'Without it the grade would be ' || l.GRADE
        || ' (' || string_agg(distinct w.WORDS, ', ' order by w.WORDS) || ').' as SAID
    from left_over as l
    inner join course as c
        on l.USUBJID = c.USUBJID and l.EPISEQ = c.EPISEQ and l.SYSTEM = c.SYSTEM and l.GRADE = c.GRADE
    inner join wording as w on c.SYSTEM = w.SYSTEM and c.CRITERION = w.CRITERION and c.GRADE = w.GRADE
    group by l.USUBJID, l.EPISEQ, l.SYSTEM, l.GRADE
)

select
    g.STUDYID,
    g.USUBJID,
    g.EPISEQ,
    g.SYSTEM,
    g.BASIS,
    case
        when g.GRADE is null and g.REASON like 'NO_DOMAIN%'
            then
                'No grade: the study has no '
                || replace(substr(g.REASON, 11), ' ', ', ')
                || ' data, which this system needs.'
        when g.GRADE is null and g.REASON = 'NO_TEMPERATURE'
            then 'No grade: no temperature was recorded in the episode.'
        when g.REASON = 'PRESSOR_DOSE_MISSING'
            then 'No grade: the dose of a vasopressor is not known and could lift it.'
        when g.REASON = 'O2_FLOW_MISSING' then 'No grade: the flow of oxygen is not known and could lift it.'
        when g.GRADE is null then 'No grade was recorded.'
        when g.GRADE = 0 and g.FLAGS like '%NO_FEVER%'
            then
                'Grade 0: CRS was recorded, but without the fever that this system requires.'
        when g.GRADE = 0 then 'Grade 0: CRS was recorded, but no finding meets a criterion.'
        else
            'Grade ' || g.GRADE || ' from study day ' || g.MAXDY
            || case
                when g.BASIS = 'derived' and s.TIMED and d.PRECISION = 'time'
                    then
                        ', '
                        || cast(round((g.MAXSTART - d.START) / 3600.0) as bigint)
                        || ' h after dose '
                        || d.DOSESEQ
                else ''
            end
            || ': ' || s.WHY || '.'
    end as ACCOUNT,
    h.SAID as HIGHER,
    case
        when g.BASIS = 'derived' and g.GRADE > 0 then coalesce(l.SAID, 'Without it the grade would be 0.')
    end as LOWER
from grades as g
inner join episodes as e on g.USUBJID = e.USUBJID and g.EPISEQ = e.EPISEQ
left join doses as d on e.USUBJID = d.USUBJID and e.DOSESEQ = d.DOSESEQ
left join sentences as s
    on g.USUBJID = s.USUBJID and g.EPISEQ = s.EPISEQ and g.SYSTEM = s.SYSTEM and g.BASIS = s.BASIS
left join higher as h
    on g.USUBJID = h.USUBJID and g.EPISEQ = h.EPISEQ and g.SYSTEM = h.SYSTEM and g.BASIS = 'derived'
left join lower_words as l
    on g.USUBJID = l.USUBJID and g.EPISEQ = l.EPISEQ and g.SYSTEM = l.SYSTEM and g.BASIS = 'derived'
order by g.STUDYID, g.USUBJID, g.EPISEQ, g.SYSTEM, g.BASIS
