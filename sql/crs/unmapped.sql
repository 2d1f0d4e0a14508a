-- One row: a term or unit that no codelist knows, with how often it is met, most frequent first.
with spans as (
    select
        USUBJID,
        elapsed_day(S) as D0,
        -- A record that never ended is taken to last two weeks here.
        elapsed_day(coalesce(E, S + 14 * 86400) - 1) as D1
    from records
),

drug_texts as (
    select
        t.CMTRT,
        t.CMDECOD,
        arg_min(d.DRUG, d."ORDER") as DRUG
    from (select distinct
        CMTRT,
        CMDECOD
    from sdtm_cm) as t
    left join drugs as d
        on regexp_matches(for_match(coalesce(t.CMDECOD, '') || ' ' || coalesce(t.CMTRT, '')), d.PATTERN)
    group by t.CMTRT, t.CMDECOD
),

device_texts as (
    select
        t.PRTRT,
        t.PRDECOD,
        arg_min(d.DEVICE, d."ORDER") as DEVICE
    from (select distinct
        PRTRT,
        PRDECOD
    from sdtm_pr) as t
    left join devices as d
        on regexp_matches(for_match(coalesce(t.PRDECOD, '') || ' ' || coalesce(t.PRTRT, '')), d.PATTERN)
    group by t.PRTRT, t.PRDECOD
),

-- What reasons say; as everywhere, the first row of the codelist that fits wins.
reasons as (
    select
        r.REASON,
        arg_min(i.INTENT, i."ORDER") as INTENT
    from (
        select for_match(concat_ws(' ', CMINDC, CMCAT)) as REASON from sdtm_cm
        union
        select for_match(PRINDC) from sdtm_pr
    ) as r
    inner join intents as i on regexp_matches(r.REASON, i.PATTERN)
    group by r.REASON
),

medications as (
    select
        cm.USUBJID,
        cm.CMSEQ,
        t.DRUG,
        for_match(coalesce(cm.CMDECOD, cm.CMTRT)) as TERM,
        cm.CMDOSE,
        dose_unit(cm.CMDOSU) as UNIT,
        is_bolus(cm.CMDOSFRM, cm.CMCAT, cm.CMTRT) as IS_BOLUS,
        coalesce(regexp_matches(
            for_match(concat_ws(' ', cm.CMDOSFRM, cm.CMROUTE)), 'INFUSION|\bDRIP\b|CONTINUOUS'
        ), false) as IS_INFUSION,
        r.INTENT,
        elapsed_day(clock_lo(cm.CMSTDTM, cm.CMSTPRC, cm.CMSTDY, s.REFDT, s.DYSHIFT)) as D,
        clock_prc(cm.CMSTDTM, cm.CMSTPRC, cm.CMSTDY, s.REFDT) in ('time', 'day') as IS_DAY
    from sdtm_cm as cm
    inner join adsl as s on cm.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    inner join drug_texts as t
        on cm.CMTRT is not distinct from t.CMTRT and cm.CMDECOD is not distinct from t.CMDECOD
    left join reasons as r on for_match(concat_ws(' ', cm.CMINDC, cm.CMCAT)) = r.REASON
    where occurred(cm.CMOCCUR, cm.CMSTAT)
),

procedures as (
    select
        pr.USUBJID,
        pr.PRSEQ,
        for_match(coalesce(pr.PRDECOD, pr.PRTRT)) as TERM,
        coalesce(regexp_matches(for_match(pr.PRCAT), 'RESPIRAT|OXYGEN|VENTILAT|AIRWAY'), false)
        or pr.PRFIO2 is not null
        or coalesce(dose_unit(pr.PRDOSU) = 'L/MIN', false) as IS_SUPPORT,
        r.INTENT,
        elapsed_day(clock_lo(pr.PRSTDTM, pr.PRSTPRC, pr.PRSTDY, s.REFDT, s.DYSHIFT)) as D,
        clock_prc(pr.PRSTDTM, pr.PRSTPRC, pr.PRSTDY, s.REFDT) in ('time', 'day') as IS_DAY
    from sdtm_pr as pr
    inner join adsl as s on pr.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    inner join device_texts as t
        on pr.PRTRT is not distinct from t.PRTRT and pr.PRDECOD is not distinct from t.PRDECOD
    left join reasons as r on for_match(pr.PRINDC) = r.REASON
    where t.DEVICE is null and occurred(pr.PROCCUR, pr.PRSTAT)
),

-- What was begun on a day of a CRS record and not to prevent it.
in_crs as (
    select distinct
        'CM' as SRCDOM,
        m.USUBJID,
        m.CMSEQ as SEQ
    from medications as m
    inner join spans as c on m.USUBJID = c.USUBJID and m.IS_DAY and m.D between c.D0 and c.D1
    where m.INTENT is null or m.INTENT = 'treatment'
    union all
    select distinct
        'PR',
        p.USUBJID,
        p.PRSEQ
    from procedures as p
    inner join spans as c on p.USUBJID = c.USUBJID and p.IS_DAY and p.D between c.D0 and c.D1
),

met as (
    select
        'drugs' as LIST,
        m.TERM,
        cast(null as varchar) as ABOUT,
        'CM' as SRCDOM,
        m.USUBJID,
        i.SEQ is not null
        or m.IS_INFUSION
        or coalesce(m.UNIT in (select UNIT from dose_units), false)
        or coalesce(m.INTENT = 'treatment', false) as IS_RELEVANT
    from medications as m
    left join in_crs as i on i.SRCDOM = 'CM' and m.USUBJID = i.USUBJID and m.CMSEQ = i.SEQ
    where m.DRUG is null
    union all
    select
        'dose_units',
        coalesce(m.UNIT, '(NO UNIT)'),
        m.DRUG,
        'CM',
        m.USUBJID,
        true
    from medications as m
    inner join pressor_doses as h on m.DRUG = h.DRUG
    left join dose_units as u on m.UNIT = u.UNIT
    where u.UNIT is null and m.CMDOSE > 0 and not m.IS_BOLUS
    union all
    select
        'devices',
        p.TERM,
        null,
        'PR',
        p.USUBJID,
        i.SEQ is not null
        or p.IS_SUPPORT
        or coalesce(p.INTENT = 'treatment', false)
    from procedures as p
    left join in_crs as i on i.SRCDOM = 'PR' and p.USUBJID = i.USUBJID and p.PRSEQ = i.SEQ
    where p.TERM is not null
    union all
    select
        'lab_tests',
        lb.LBTESTCD,
        for_match(lb.LBTEST),
        'LB',
        lb.USUBJID,
        coalesce(exists (
            select 1 from lab_tests as t
            where contains(for_match(lb.LBTEST), upper(t.TEST))
        ), false)
    from sdtm_lb as lb
    inner join adsl as s on lb.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    where lb.LBTESTCD not in (select LBTESTCD from lab_tests)
    union all
    select
        'lab_units',
        coalesce(for_match(coalesce(lb.LBSTRESU, lb.LBORRESU)), '(NO UNIT)'),
        lb.LBTESTCD,
        'LB',
        lb.USUBJID,
        true
    from sdtm_lb as lb
    inner join labs as v on lb.USUBJID = v.USUBJID and lb.LBSEQ = v.LBSEQ
    where v.REASON in ('UNIT_NOT_CONVERTED', 'UNIT_MISSING')
    union all
    select
        'vital_signs',
        vs.VSTESTCD,
        for_match(vs.VSTEST),
        'VS',
        vs.USUBJID,
        coalesce(regexp_matches(
            for_match(vs.VSTEST), 'TEMPERATURE|BLOOD PRESSURE|SATURATION|INSPIRED OXYGEN|FIO2'
        ), false)
    from sdtm_vs as vs
    inner join adsl as s on vs.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    where vs.VSTESTCD not in (select VSTESTCD from vital_units)
    union all
    select
        'vital_units',
        coalesce(for_match(coalesce(vs.VSSTRESU, vs.VSORRESU)), '(NO UNIT)'),
        vs.VSTESTCD,
        'VS',
        vs.USUBJID,
        true
    from sdtm_vs as vs
    inner join adsl as s on vs.USUBJID = s.USUBJID and s.SAFFL = 'Y'
    where
        vs.VALUE is null
        and coalesce(vs.VSSTRESN, try_cast(vs.VSORRES as double)) is not null
        and vs.VSTESTCD in (select VSTESTCD from vital_units)
        and not exists (
            select 1 from vital_units as u
            where
                u.VSTESTCD = vs.VSTESTCD
                and u.SPELLING is not distinct from
                regexp_replace(upper(coalesce(vs.VSSTRESU, vs.VSORRESU)), '[\s°.]|DEG ', '', 'g')
        )
),

-- Nothing that might be a sentence or a date is shown.
shown as (
    select
        LIST,
        SRCDOM,
        USUBJID,
        IS_RELEVANT,
        case when is_plain(TERM) then TERM else '(TEXT OF ' || length(TERM) || ' CHARACTERS)' end as TERM,
        case when is_plain(ABOUT) then ABOUT end as ABOUT
    from met
),

counted as (
    select
        LIST,
        TERM,
        case
            when LIST like '%_units' then array_to_string(list_sort(list_distinct(list(ABOUT))), ' ')
            else min(ABOUT)
        end as ABOUT,
        SRCDOM,
        count(*) as N_ROWS,
        count(distinct USUBJID) as N_SUBJECTS,
        case when bool_or(IS_RELEVANT) then 'Y' end as RELEVANT
    from shown
    group by LIST, TERM, SRCDOM
)

select
    s.STUDYID,
    c.LIST,
    row_number() over (partition by c.LIST order by c.N_ROWS desc, c.TERM asc) as RANK,
    c.TERM,
    c.ABOUT,
    c.SRCDOM,
    c.N_ROWS,
    c.N_SUBJECTS,
    c.RELEVANT
from counted as c
cross join (select min(STUDYID) as STUDYID from adsl) as s
order by s.STUDYID, c.LIST, RANK
