"""Every rule of ingest: what it says, what breaking it does, and whose rule it is."""

from __future__ import annotations

from pipeline.ingest.note_rules import NOTE_RULES
from pipeline.ingest.rule import Rule

_REFUSE = [
    Rule("FILE_UNREADABLE", "refuse", "the file cannot be read whole"),
    Rule("TWO_FILES", "refuse", "two files give the same data set"),
    Rule("DOMAIN_MISSING", "refuse", "a required domain is missing"),
    Rule(
        "COLUMN_MISSING",
        "refuse",
        "{column} is missing: no row can be used without it",
        "IG: required variables",
    ),
    Rule("NO_SUBJECT", "refuse", "DM has no usable row, so no row of any domain has a subject"),
    Rule("IDENTIFIER_COLUMN", "refuse", "{column} holds direct identifiers by its name"),
    Rule("IDENTIFIER_VALUE", "refuse", "{column} holds text that looks like a direct identifier"),
]

_QUARANTINE = [
    Rule("STUDYID_MISSING", "quarantine", "STUDYID is empty", "IG: required variables"),
    Rule("STUDYID_OTHER", "quarantine", "STUDYID is not the study of this drop"),
    Rule("USUBJID_MISSING", "quarantine", "USUBJID is empty", "IG: required variables"),
    Rule(
        "SUBJECT_NOT_IN_DM",
        "quarantine",
        "the subject has no accepted row in DM",
        "check_dm_usubjid_ae_usubjid",
    ),
    Rule("DOMAIN_OTHER", "quarantine", "{column} names another domain than the file", "IG: DOMAIN"),
    Rule(
        "TOPIC_MISSING",
        "quarantine",
        "the row does not say what it is about",
        "check_ae_aedecod, check_cm_cmdecod",
    ),
    Rule(
        "DUPLICATE_ROW",
        "quarantine",
        "the row repeats an earlier one in every column; the first is kept",
        "check_ae_dup, check_ex_dup",
    ),
    Rule(
        "DUPLICATE_KEY",
        "quarantine",
        "another row with the same key stands before it; the first is kept",
        "check_dm_usubjid_dup",
    ),
    Rule(
        "DATE_IMPOSSIBLE",
        "quarantine",
        "{column} is no possible date: not in the calendar, or before 1900 or after 2250",
        "IG: ISO 8601",
    ),
    Rule("DATE_NOT_ISO", "quarantine", "{column} is not an ISO 8601 date", "IG: ISO 8601"),
    Rule(
        "DATE_IS_DURATION",
        "quarantine",
        "{column} is a duration alone, which says how long and not when",
        "IG: ISO 8601",
    ),
    Rule(
        "INTERVAL_UNREADABLE",
        "quarantine",
        "{column} is no interval of two dates, or of a date and a duration, with its end last",
        "IG: ISO 8601",
    ),
    Rule(
        "END_BEFORE_START",
        "quarantine",
        "{column} is before the start",
        "check_ae_aestdtc_after_aeendtc, check_ex_exstdtc_after_exendtc",
    ),
    Rule("SUPP_WITHOUT_PARENT", "quarantine", "no accepted row has this {column}", "IG: SUPP--"),
    Rule(
        "SUPP_CONFLICT",
        "quarantine",
        "an earlier row gives this qualifier of the same record another value",
    ),
    Rule("OUT_OF_SCHEMA", "quarantine", "{column} breaks the schema of the domain"),
]

RULES: dict[str, Rule] = {rule.id: rule for rule in [*_REFUSE, *_QUARANTINE, *NOTE_RULES]}
