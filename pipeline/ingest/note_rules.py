"""Rules of ingest that remark on a file, a row or a vital sign and hold nothing back."""

from __future__ import annotations

from pipeline.ingest.rule import Rule

_NOTE_FILE = [
    Rule(
        "FILE_NOT_USED", "note", "the file is no domain that is used, or in no format that is read"
    ),
    Rule("COLUMN_NOT_USED", "note", "{column} is no variable that is used; it is not handed on"),
    Rule("COLUMN_ADDED", "note", "{column} is missing and was filled by row number"),
    Rule("NO_ROWS", "note", "the data set has no rows"),
    Rule("NO_FINAL_NEWLINE", "note", "the file does not end with a line break: was it cut short?"),
    Rule("ENCODING_CP1252", "note", "the file is not UTF-8 and was read as Windows-1252"),
    Rule("NO_TRIGGER_DOSE", "note", "EX has no dose of a product that starts clocks"),
    Rule(
        "NO_CRS_RECORD",
        "note",
        "a test drop has none of AE, FA and CE: no CRS was recorded, none is counted",
    ),
    Rule(
        "COVARIATE_MISSING",
        "note",
        "study.yaml names {column} as a covariate, and neither DM nor SUPPDM has a value of it",
    ),
    Rule("QUALIFIER_NOT_USED", "note", "a supplemental qualifier is no variable that is used"),
]

_NOTE_ROW = [
    Rule("NOT_A_NUMBER", "note", "{column} is not a number and was left empty"),
    Rule("SEQ_ADDED", "note", "{column} is empty and was numbered after the others"),
    Rule(
        "STUDY_DAY_ZERO",
        "note",
        "{column} is 0, which is no study day, and was left empty",
        "IG: --DY",
    ),
    Rule("GRADE_INVALID", "note", "{column} is not a grade and was left empty", "check_ae_aetoxgr"),
    Rule(
        "DATE_UNUSABLE",
        "note",
        "{column} cannot be read as a date; the subject is kept without it",
        "IG: ISO 8601",
    ),
    Rule(
        "INTERVAL_READ",
        "note",
        "{column} is an interval: start and end where there is no end, else the bounds of a moment",
        "IG: ISO 8601",
    ),
    Rule(
        "DURATION_READ",
        "note",
        "the end is missing and was counted from the start by {column}",
        "IG: --DUR",
    ),
    Rule(
        "DURATION_NOT_READ",
        "note",
        "{column} cannot give the end: it is no duration, or the start is not known to the day",
        "IG: --DUR",
    ),
    Rule("DATE_WITHOUT_YEAR", "note", "{column} has no year and places nothing"),
    Rule(
        "NO_TIME", "note", "the row has no usable date and no study day", "check_ds_dsdecod_dsstdtc"
    ),
    Rule(
        "COVARIATE_NOT_SHOWN",
        "note",
        "{column} is a covariate, and this value is a date or longer than 40 characters: left out",
    ),
    Rule("AGE_OVER_89", "note", "the age is over 89 and is given as 89"),
    Rule("AGE_IMPLAUSIBLE", "note", "the age is below 0 or above 130 and was left empty"),
    Rule(
        "AGE_UNIT_UNKNOWN",
        "note",
        "the unit of the age is unknown; it is read as years where empty",
    ),
    Rule("CODE_MAPPED", "note", "{column} is a synonym and was mapped"),
    Rule("CODE_UNKNOWN", "note", "{column} is not in its code list and was left empty"),
    Rule(
        "DEATH_WITHOUT_DATE",
        "note",
        "the subject died, the date is missing",
        "check_dm_dthfl_dthdtc",
    ),
    Rule("UNKNOWN_PRODUCT", "note", "study.yaml does not list this EXTRT: it starts no clock"),
    Rule("PRE_DOSE", "note", "a CRS record starts before the first dose of a trigger product"),
    Rule(
        "DAY_GRADES_CONFLICT",
        "note",
        "one subject has different grades of one event on one day; all are kept",
    ),
    Rule(
        "DAY_GRADES_GAP",
        "note",
        "the subject's daily grades of this event skip the days before this one",
    ),
    Rule(
        "SAME_TIME_DIFFERENT_VALUE",
        "note",
        "the same sign has different values at the same time; all are kept",
    ),
    Rule(
        "SAME_BUT_SEQ",
        "note",
        "the row repeats an earlier one in all but --SEQ; both are kept",
        "check_ae_dup, check_ex_dup",
    ),
    Rule(
        "TIME_ZONE_DIFFERS",
        "note",
        "{column} has another UTC offset than the first dose; the clock is read as it is written",
    ),
    Rule("AFTER_CUTOFF", "note", "{column} is after the data cutoff"),
    Rule(
        "AFTER_DEATH",
        "note",
        "{column} is after the subject's death",
        "check_vs_vsdtc_after_dd, check_lb_lbdtc_after_dd",
    ),
    Rule(
        "DID_NOT_OCCUR",
        "note",
        "{column} says that it did not occur, is not known or was not asked: it counts for nothing",
        "IG: --OCCUR, --STAT",
    ),
    Rule("PRESSOR_STOP_ROW", "note", "a vasopressor at dose 0 says that the infusion was stopped"),
    Rule("DEVICE_MISSING", "note", "respiratory support is given without a device"),
    Rule("FLOW_IMPLAUSIBLE", "note", "the oxygen flow is below 0 or above 80 L/min"),
    Rule(
        "FIO2_IMPLAUSIBLE",
        "note",
        "{column} is no possible fraction of inspired oxygen and was left empty",
    ),
    Rule(
        "LIMITS_SWAPPED",
        "note",
        "the lower limit of normal is above the upper",
        "check_lb_lbstnrlo_lbstnrhi",
    ),
    Rule(
        "SUPP_DIFFERS",
        "note",
        "the supplemental qualifier differs from {column} in the record, which is kept",
    ),
]

_NOTE_VITALS = [
    Rule("UNIT_UNKNOWN", "note", "the unit is unknown, so the value is not used"),
    Rule("UNIT_ASSUMED", "note", "the unit is missing; the only one in use is assumed"),
    Rule(
        "UNIT_CONTRADICTS_NAME",
        "note",
        "{column} names another unit than the row has; the value is read by the unit of the row",
    ),
    Rule(
        "TEMP_F_AS_C",
        "note",
        "a temperature in C that is only possible in F; not used, not corrected",
    ),
    Rule("TEMP_IMPLAUSIBLE", "note", "temperature outside 25 to 45 C; not used"),
    Rule("SYSBP_IMPLAUSIBLE", "note", "systolic pressure outside 30 to 300 mmHg; not used"),
    Rule("DIABP_IMPLAUSIBLE", "note", "diastolic pressure outside 5 to 200 mmHg; not used"),
    Rule("MAP_IMPLAUSIBLE", "note", "mean arterial pressure outside 10 to 250 mmHg; not used"),
    Rule("HR_IMPLAUSIBLE", "note", "heart rate outside 10 to 300 beats/min; not used"),
    Rule("PULSE_IMPLAUSIBLE", "note", "pulse outside 10 to 300 beats/min; not used"),
    Rule("RESP_IMPLAUSIBLE", "note", "breathing rate outside 1 to 100 breaths/min; not used"),
    Rule("OXYSAT_IMPLAUSIBLE", "note", "oxygen saturation outside 0 (excluded) to 100 %; not used"),
    Rule("WEIGHT_IMPLAUSIBLE", "note", "weight outside 1 to 400 kg; not used", "check_vs_height"),
    Rule("HEIGHT_IMPLAUSIBLE", "note", "height outside 30 to 250 cm; not used", "check_vs_height"),
]

NOTE_RULES = [*_NOTE_FILE, *_NOTE_ROW, *_NOTE_VITALS]
