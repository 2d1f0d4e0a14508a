-- One row: a CRS episode with its clocks and whether its end was observed.
with spans as (
    select
        STUDYID,
        USUBJID,
        EPISEQ,
        min(S) as S,
        arg_min(SP, (S, SRCSEQ)) as SP,
        -- The member that reaches furthest says how the episode ended.
        arg_max(SRCSEQ, (coalesce(E, 9000000000), S, SRCSEQ)) as LAST_SEQ,
        any_value(SRCDOM) as SOURCE,
        string_agg(SRCDOM || ':' || SRCSEQ, ' ' order by S, SRCSEQ) as MEMBERS,
        bool_or(FATAL) as FATAL,
        array_to_string(
            list_sort(
                list_distinct(flatten(list(string_split(FLAGS, ' ')) filter (where FLAGS is not null)))
            ),
            ' '
        ) as FLAGS
    from members
    group by STUDYID, USUBJID, EPISEQ
),

last_member as (
    select
        p.*,
        m.E as LAST_E,
        m.EP as LAST_EP,
        m.OUTCOME,
        m.RESOLVED,
        lead(p.S) over (partition by p.USUBJID order by p.EPISEQ) as NEXT_S
    from spans as p
    inner join members as m
        on p.USUBJID = m.USUBJID and p.EPISEQ = m.EPISEQ and p.LAST_SEQ = m.SRCSEQ
),

-- A grade 0 charted after the last day with CRS shows that it ended.
charted_to as (
    select
        USUBJID,
        max(DAY) as DAY
    from daily_grades
    group by USUBJID
),

zero_days as (
    select
        l.USUBJID,
        l.EPISEQ,
        min(g.DAY) as ZERO_DAY
    from last_member as l
    inner join daily_grades as g
        on
            l.USUBJID = g.USUBJID
            and g.GRADE = 0
            and l.LAST_E is not null
            and g.DAY > elapsed_day(l.LAST_E - 1)
    group by l.USUBJID, l.EPISEQ
),

index_dose as (
    select
        l.USUBJID,
        l.EPISEQ,
        max(d.DOSESEQ) as DOSESEQ
    from last_member as l
    inner join doses as d
        on
            l.USUBJID = d.USUBJID
            and case
                when l.SP = 'time' and d.PRECISION = 'time' then d.START <= l.S
                else elapsed_day(d.START) <= elapsed_day(l.S)
            end
    group by l.USUBJID, l.EPISEQ
),

-- The derived end: signs less than resolution_gap_h apart are one run; the run that is there at onset,
-- or begins within the record, ends with its last sign (4.12).
sign_reach as (
    select
        USUBJID,
        START,
        "END",
        max("END") over (
            partition by USUBJID
            order by START, "END"
            rows between unbounded preceding and 1 preceding
        ) as REACH
    from findings
    where LADDER in ('fever', 'hypotension', 'vasopressor', 'oxygen') and ATTRIBUTED_ELSEWHERE is null
),

sign_runs as (
    select
        USUBJID,
        RUN,
        min(START) as R_S,
        max("END") as R_E
    from (
        select
            *,
            sum(case when REACH is null or START - REACH >= $resolution_gap_s then 1 else 0 end)
                over (partition by USUBJID order by START, "END") as RUN
        from sign_reach
    )
    group by USUBJID, RUN
),

derived_end as (
    select
        l.USUBJID,
        l.EPISEQ,
        arg_min(r.R_E, r.R_S) as D_END
    from last_member as l
    inner join sign_runs as r
        on l.USUBJID = r.USUBJID and r.R_E >= l.S and r.R_S <= coalesce(l.LAST_E, l.S + 86400)
    group by l.USUBJID, l.EPISEQ
),

closed as (
    select
        l.*,
        x.DOSESEQ,
        d.START as D_S,
        d.PRECISION as D_P,
        f.START as F_S,
        f.PRECISION as F_P,
        s.REFDT,
        s.FUPS,
        s.FUPDY,
        s.FUPREAS,
        s.DTHS,
        s.COHORT,
        v.D_END,
        case
            when l.FATAL then 'FATAL'
            when l.LAST_E is not null and l.RESOLVED then 'RECOVERED'
            when
                l.LAST_E is not null and z.ZERO_DAY is not null
                and coalesce(l.OUTCOME in ('UNKNOWN', ''), true)
                then 'DAILY_GRADE_0'
            when l.RESOLVED then 'RECOVERED_END_MISSING'
            when s.FUPREAS = 'death' and (l.LAST_E is null or l.LAST_E >= s.DTHS - 86400) then 'DEATH'
            when l.OUTCOME is not null and l.OUTCOME not in ('UNKNOWN', '') then 'NOT_RECOVERED'
            when k.DAY <= elapsed_day(l.LAST_E - 1) then 'LAST_CHARTED'
            when l.LAST_E is not null or l.OUTCOME = 'UNKNOWN' then 'OUTCOME_UNKNOWN'
            else 'ONGOING'
        end as END_REASON
    from last_member as l
    inner join adsl as s on l.USUBJID = s.USUBJID
    inner join doses as f on l.USUBJID = f.USUBJID and f.DOSESEQ = 1
    left join charted_to as k on l.USUBJID = k.USUBJID
    left join derived_end as v on l.USUBJID = v.USUBJID and l.EPISEQ = v.EPISEQ
    left join zero_days as z on l.USUBJID = z.USUBJID and l.EPISEQ = z.EPISEQ
    left join index_dose as x on l.USUBJID = x.USUBJID and l.EPISEQ = x.EPISEQ
    left join doses as d on l.USUBJID = d.USUBJID and x.DOSESEQ = d.DOSESEQ
),

-- The end that counts is the collected one, or by switch the derived one where it was observed.
ends as (
    select
        * replace (
            case
                when not BY_SIGNS then LAST_E
                when SP = 'time' then D_END
                else (elapsed_day(D_END - 1) + 1) * 86400
            end as LAST_E,
            case when not BY_SIGNS then LAST_EP when SP = 'time' then 'time' else 'day' end as LAST_EP,
            case when BY_SIGNS then 'SIGNS_GONE' else END_REASON end as END_REASON
        ),
        elapsed_day(case LAST_EP when 'time' then LAST_E else LAST_E - 1 end) as COLLECTED_DAY
    from (
        select
            *,
            $end_source = 'derived' and coalesce(D_END + $resolution_gap_s <= FUPS, false) as BY_SIGNS
        from closed
    )
),

windows as (
    select
        *,
        END_REASON in ('RECOVERED', 'DAILY_GRADE_0', 'SIGNS_GONE') as IS_ENDED,
        -- An open episode is read to the end of follow-up, at most to the onset of the next.
        greatest(coalesce(LAST_E, least(FUPS, coalesce(NEXT_S, FUPS))), S + 1) as W_END
    from ends
),

doses_during as (
    select
        w.USUBJID,
        w.EPISEQ,
        count(*) as N
    from windows as w
    inner join doses as d
        on w.USUBJID = d.USUBJID and d.DOSESEQ > coalesce(w.DOSESEQ, 0) and d.START < w.W_END
    group by w.USUBJID, w.EPISEQ
)

select
    w.STUDYID,
    w.USUBJID,
    w.EPISEQ,
    wall_clock(w.S, w.REFDT) as ASTDTM,
    case
        when
            w.IS_ENDED
            then wall_clock(case w.LAST_EP when 'time' then w.LAST_E else w.LAST_E - 86400 end, w.REFDT)
    end
        as AENDTM,
    study_day(w.S) as ASTDY,
    case when w.IS_ENDED then study_day(case w.LAST_EP when 'time' then w.LAST_E else w.LAST_E - 1 end) end
        as AENDY,
    w.S as START,
    w.W_END as "END",
    w.SP as STPREC,
    w.LAST_EP as ENPREC,
    elapsed_day(w.S) - elapsed_day(w.D_S) as ONSET_D,
    case when w.SP = 'time' and w.D_P = 'time' then (w.S - w.D_S) / 3600.0 end as ONSET_H,
    elapsed_day(w.S) - elapsed_day(w.F_S) as ONSET_D_FIRST,
    case when w.SP = 'time' and w.F_P = 'time' then (w.S - w.F_S) / 3600.0 end as ONSET_H_FIRST,
    w.DOSESEQ,
    case
        when w.IS_ENDED
            then
                elapsed_day(case w.LAST_EP when 'time' then w.LAST_E else w.LAST_E - 1 end)
                - elapsed_day(w.S)
                + 1
    end as DURATION_D,
    case when w.IS_ENDED and w.SP = 'time' and w.LAST_EP = 'time' then (w.LAST_E - w.S) / 3600.0 end
        as DURATION_H,
    case when w.IS_ENDED then 'Y' end as ENDED,
    w.END_REASON,
    study_day(w.D_END) as DENDY,
    case
        when not w.IS_ENDED
            then study_day(greatest(least(
                coalesce(w.FUPS, w.W_END),
                coalesce(w.NEXT_S, w.FUPS, w.W_END),
                -- Where nobody says that it went on, it was seen up to its last evidence only.
                case
                    when
                        w.END_REASON in ('OUTCOME_UNKNOWN', 'LAST_CHARTED')
                        or (w.END_REASON = 'NOT_RECOVERED' and w.LAST_E is not null)
                        then coalesce(w.LAST_E, w.D_END, w.S + 1)
                end
            ), coalesce(w.LAST_E, w.S + 1), w.S + 1) - 1)
    end as CENSDY,
    w.SOURCE,
    w.MEMBERS,
    nullif(concat_ws(
        ' ',
        nullif(w.FLAGS, ''),
        case when w.DOSESEQ is null then 'PRE_DOSE' end,
        case
            when
                w.COHORT = 'car_t' and elapsed_day(w.S) - elapsed_day(w.D_S) > $onset_window_d
                then 'LATE_ONSET'
            when w.COHORT = 'bispecific' and elapsed_day(w.S) - elapsed_day(w.D_S) > 7 then 'LATE_ONSET'
        end,
        case when w.EPISEQ > 1 then 'RECURRENCE' end,
        case when (w.S - w.F_S) / 3600.0 < $min_onset_h and w.DOSESEQ is not null then 'EARLY_ONSET' end,
        case when w.COLLECTED_DAY != elapsed_day(w.D_END) then 'END_DISAGREES' end,
        case when u.N > 0 then 'DOSE_DURING' end,
        case when w.LAST_E is null then 'OPEN_END' end
    ), '') as FLAGS
from windows as w
left join doses_during as u on w.USUBJID = u.USUBJID and w.EPISEQ = u.EPISEQ
order by w.STUDYID, w.USUBJID, w.EPISEQ
