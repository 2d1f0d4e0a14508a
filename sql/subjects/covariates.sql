-- One row: a treated subject and a covariate that was fixed before the first dose. A flag of a domain
-- without any row is not known; otherwise what is not in the history is N.
with treated as (
    select
        a.STUDYID,
        a.USUBJID,
        a.REFDT,
        a.DYSHIFT,
        d.START as DOSE
    from adsl as a
    inner join doses as d on a.USUBJID = d.USUBJID and d.DOSESEQ = 1
    where a.SAFFL = 'Y'
),

-- What was there before the first dose: a history without a date was, a medication without one may not.
histories as (
    select
        'MH' as DOMAIN,
        mh.USUBJID,
        mh.MHSEQ as SEQ,
        for_match(concat_ws(' ; ', mh.MHDECOD, mh.MHTERM, mh.MHCAT)) as T
    from sdtm_mh as mh
    inner join treated as t on mh.USUBJID = t.USUBJID
    where
        coalesce(clock_lo(mh.MHSTDTM, mh.MHSTPRC, mh.MHSTDY, t.REFDT, t.DYSHIFT) < t.DOSE, true)
        and occurred(mh.MHOCCUR, mh.MHSTAT)
    union all
    select
        'CM',
        cm.USUBJID,
        cm.CMSEQ,
        for_match(concat_ws(' ; ', cm.CMDECOD, cm.CMTRT))
    from sdtm_cm as cm
    inner join treated as t on cm.USUBJID = t.USUBJID
    where
        coalesce(
            clock_lo(cm.CMSTDTM, cm.CMSTPRC, cm.CMSTDY, t.REFDT, t.DYSHIFT),
            clock_hi(cm.CMENDTX, cm.CMENPRC, cm.CMENDY, t.REFDT, t.DYSHIFT) - 1
        ) < t.DOSE
        and occurred(cm.CMOCCUR, cm.CMSTAT)
),

fitting as (
    select distinct
        h.DOMAIN,
        h.T,
        f.COVARIATE
    from (select distinct
        DOMAIN,
        T
    from histories) as h
    inner join history_terms as f on h.DOMAIN = f.DOMAIN and regexp_matches(h.T, f.PATTERN)
),

noted as (
    select
        h.USUBJID,
        f.COVARIATE,
        string_agg(cast(h.SEQ as varchar), ' ' order by h.SEQ) as SRCSEQ
    from histories as h
    inner join fitting as f on h.DOMAIN = f.DOMAIN and h.T = f.T
    group by h.USUBJID, f.COVARIATE
),

asked_of as (
    select
        r.DOMAIN,
        case
            when r.DOMAIN = 'MH' then (select count(*) from sdtm_mh)
            when r.DOMAIN = 'CM' then (select count(*) from sdtm_cm)
        end as N_ROWS
    from (select distinct DOMAIN from covariate_rules) as r
),

vital_tests as (
    select distinct NAME
    from covariate_rules
    where DOMAIN = 'VS'
),

vitals as (
    select
        vs.USUBJID,
        vs.VSTESTCD,
        vs.VSSEQ,
        vs.VALUE
    from sdtm_vs as vs
    inner join treated as t on vs.USUBJID = t.USUBJID
    inner join vital_tests as r on vs.VSTESTCD = r.NAME
    where
        vs.VALUE is not null
        and (
            (
                clock_hi(vs.VSDTX, vs.VSPRC, vs.VSDY, t.REFDT, t.DYSHIFT) <= t.DOSE
                and clock_prc(vs.VSDTM, vs.VSPRC, vs.VSDY, t.REFDT) in ('time', 'day')
            )
            or (
                vs.VSBLFL = 'Y'
                and elapsed_day(clock_lo(vs.VSDTM, vs.VSPRC, vs.VSDY, t.REFDT, t.DYSHIFT))
                <= elapsed_day(t.DOSE)
            )
        )
    qualify row_number() over (
        partition by vs.USUBJID, vs.VSTESTCD
        order by clock_lo(vs.VSDTM, vs.VSPRC, vs.VSDY, t.REFDT, t.DYSHIFT) desc, vs.VSSEQ desc
    ) = 1
),

-- The value as text of whatever the rule reads.
answered as (
    select
        t.STUDYID,
        t.USUBJID,
        r.*,
        case r.DOMAIN
            when 'DM' then m.TEXT
            when 'VS' then cast(v.VALUE as varchar)
            when 'LB' then cast(b.VALUE as varchar)
            else case when n.SRCSEQ is not null then 'Y' when o.N_ROWS > 0 then 'N' end
        end as TEXT,
        case r.DOMAIN
            when 'VS' then cast(v.VSSEQ as varchar)
            when 'LB' then cast(b.LBSEQ as varchar)
            when 'DM' then null
            else n.SRCSEQ
        end as SRCSEQ
    from treated as t
    cross join covariate_rules as r
    left join asked_of as o on r.DOMAIN = o.DOMAIN
    left join dm_values as m on t.USUBJID = m.USUBJID and r.NAME = m.NAME and r.DOMAIN = 'DM'
    left join vitals as v on t.USUBJID = v.USUBJID and r.NAME = v.VSTESTCD and r.DOMAIN = 'VS'
    left join lab_values as b
        on t.USUBJID = b.USUBJID and r.NAME = b.LBTESTCD and r.DOMAIN = 'LB' and b.BASELINE = 'Y'
    left join noted as n on t.USUBJID = n.USUBJID and r.COVARIATE = n.COVARIATE
),

kinds as (
    select
        COVARIATE,
        case
            when any_value(DOMAIN) in ('MH', 'CM') then 'flag'
            when any_value(DOMAIN) in ('VS', 'LB') or any_value(NAME) = 'AGE' then 'number'
            when any_value(NAME) = 'SEX' then 'category'
            -- A variable of DM is a number where every value is one.
            when bool_and(try_cast(TEXT as double) is not null) filter (where TEXT is not null) then 'number'
            else 'category'
        end as KIND
    from answered
    group by COVARIATE
)

select
    a.STUDYID,
    a.USUBJID,
    a.COVARIATE,
    a.LABEL,
    k.KIND,
    case k.KIND
        when 'number' then try_cast(a.TEXT as double)
        when 'flag' then case a.TEXT when 'Y' then 1.0 when 'N' then 0.0 end
    end as VALUE,
    case when k.KIND != 'number' then a.TEXT end as LEVEL,
    a.CUT,
    a.RISK,
    a.DOMAIN as SRCDOM,
    coalesce(a.NAME, case a.DOMAIN when 'MH' then 'MHDECOD' else 'CMDECOD' end) as SRCVAR,
    a.SRCSEQ
from answered as a
inner join kinds as k on a.COVARIATE = k.COVARIATE
order by a.STUDYID, a.USUBJID, a.COVARIATE
