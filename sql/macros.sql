-- The clock: seconds from 00:00 of the subject's study day 1, from a date or, failing that, a study day.

-- Elapsed days of a study day: day 1 is 0, day -1 is -1, there is no day 0.
create or replace macro day_index(dy) as case when dy > 0 then dy - 1 else dy end;

-- Study day that holds a second.
create or replace macro study_day(s) as
case when s >= 0 then s // 86400 + 1 else -((86399 - s) // 86400) end;

-- Elapsed days of a second.
create or replace macro elapsed_day(s) as
case when s >= 0 then s // 86400 else -((86399 - s) // 86400) end;

-- A date is used where it is exact to the day, or where there is no study day to fall back on.
create or replace macro by_date(dtm, prc, dy, refdt) as
dtm is not null and refdt is not null and (prc in ('time', 'day') or dy is null);

-- First second that the record allows.
create or replace macro clock_lo(dtm, prc, dy, refdt, shift) as
case
    when by_date(dtm, prc, dy, refdt) then date_diff('second', cast(refdt as timestamp), dtm)
    when dy is not null then (day_index(dy) - shift) * 86400
end;

-- First second after the stated period; equals the first second where a clock time is given.
create or replace macro clock_hi(dtx, prc, dy, refdt, shift) as
case
    when by_date(dtx, prc, dy, refdt) then date_diff('second', cast(refdt as timestamp), dtx)
    when dy is not null then (day_index(dy) - shift) * 86400 + 86400
end;

create or replace macro clock_prc(dtm, prc, dy, refdt) as
case when by_date(dtm, prc, dy, refdt) then prc when dy is not null then 'day' end;

-- Wall-clock time of a second, where the study has dates.
create or replace macro wall_clock(s, refdt) as cast(refdt as timestamp) + to_seconds(s);

-- A prespecified condition, drug or procedure counts unless the row says that it did not occur, that
-- nobody knows, or that it was not asked.
create or replace macro occurred(occur, stat) as
coalesce(occur, 'Y') in ('Y', 'YES') and coalesce(stat, '') != 'NOT DONE';

-- Whether a term may be shown: short, and without anything like a calendar date.
create or replace macro is_plain(t) as
length(t) <= 60
and not regexp_matches(t, '(?i)\d{4}-\d{2}|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b')
and not regexp_matches(
    t, '(?i)\b\d{1,2}[ -]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]?\d{2,4}\b'
);

-- Text for matching with a codelist: capitals, one blank between words.
create or replace macro for_match(t) as trim(regexp_replace(upper(t), '\s+', ' ', 'g'));

-- A unit of dose or flow for looking up: capitals, no blanks.
create or replace macro dose_unit(u) as upper(replace(u, ' ', ''));

-- Whether a medication was given at once and not as an infusion, by its form, category or name.
create or replace macro is_bolus(form, cat, trt) as
coalesce(regexp_matches(for_match(concat_ws(' ', form, cat, trt)), 'BOLUS|INTERMITTENT|PUSH'), false);
