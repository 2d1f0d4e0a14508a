"""One domain: which of its rows can be used and which are held back, each with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

import dataframely as dy
import polars as pl

from pipeline.ingest.codes import event_findings, laboratory, procedures
from pipeline.ingest.coerce import DOMAIN, REPEAT, Step, coerce, dated
from pipeline.ingest.dates import stems
from pipeline.ingest.demographics import demographics
from pipeline.ingest.intervals import INTERVAL
from pipeline.ingest.remarks import FILE, PLACE, file_remark, gather, kind_of, remark
from pipeline.ingest.rules import RULES
from pipeline.ingest.units import vitals

DERIVE: dict[str, Callable[[pl.DataFrame], Step]] = {
    "DM": demographics,
    "VS": vitals,
    "LB": laboratory,
    "FA": event_findings,
    "PR": procedures,
}


_BAD_DATES = (
    "DATE_NOT_ISO",
    "DATE_IMPOSSIBLE",
    "DATE_WITHOUT_YEAR",
    "DATE_IS_DURATION",
    "INTERVAL_UNREADABLE",
)


@dataclass(frozen=True)
class Numbering:
    """Largest --SEQ of a domain, and how many rows lie in the files before each of its files."""

    largest: int
    before: dict[str, int]


@dataclass(frozen=True)
class Checked:
    """A domain after its rules: accepted rows (with their file), remarks, rows read per file."""

    frame: pl.DataFrame
    remarks: list[pl.DataFrame]
    read: dict[str, int]


def check_domain(
    domain: str,
    files: dict[str, pl.DataFrame],
    schema: type[dy.Schema],
    study: str,
    subjects: pl.Series | None,
    *,
    numbering: Numbering | None = None,
) -> Checked:
    """Type, derive and check the rows of a domain, given in one file or split over several.

    Args:
        domain: Two letters, RELREC, or SUPP and the parent's letters.
        files: Data set name to the rows as read.
        schema: The domain's class.
        study: The study that every row must belong to.
        subjects: Subjects with an accepted row in DM; None while DM itself is checked.
        numbering: Where the files hold some subjects only: how all rows are numbered.
    """
    shaped = [coerce(dataset, raw, schema) for dataset, raw in files.items()]
    frame = dated(pl.concat([part for part, _ in shaped]))
    remarks = [note for _, notes in shaped for note in notes]
    frame, added = _numbered(frame, files, schema, numbering)
    frame, derived = DERIVE.get(domain, _as_it_is)(frame)
    remarks += [*added, *derived, *_identity(frame, domain, schema, study, subjects)]
    remarks += [*_dates(frame, domain), _repeats(frame)]
    kept = without_bad(frame, remarks)
    remarks.append(_same_key(kept, schema))
    kept, broken = _by_schema(without_bad(kept, remarks), domain, schema)
    return Checked(kept, [*remarks, *broken], {name: raw.height for name, raw in files.items()})


def without_bad(frame: pl.DataFrame, remarks: list[pl.DataFrame]) -> pl.DataFrame:
    """Rows on which no remark of severity quarantine lies, in their order."""
    bad = gather(remarks, "quarantine").select(pl.col("DOMAIN").alias(FILE), "ROW").unique()
    return frame.join(bad, on=PLACE, how="anti", maintain_order="left")


def _as_it_is(frame: pl.DataFrame) -> Step:
    return frame, []


def seq_of(schema: type[dy.Schema]) -> str | None:
    """The --SEQ of a domain."""
    return next((n for n, c in schema.columns().items() if kind_of(c) == "seq"), None)


def rows_before(heights: dict[str, int]) -> dict[str, int]:
    """How many rows lie in the files before each file."""
    return dict(zip(heights, accumulate(heights.values(), initial=0), strict=False))


def _numbered(
    frame: pl.DataFrame,
    files: dict[str, pl.DataFrame],
    schema: type[dy.Schema],
    numbering: Numbering | None,
) -> Step:
    """Number the rows without --SEQ after the largest there is."""
    seq = seq_of(schema)
    if seq is None:
        return frame, []
    absent = [name for name, raw in files.items() if seq not in raw.columns]
    gaps = frame.filter(pl.col(seq).is_null(), ~pl.col(FILE).is_in(absent))
    remarks = [file_remark("COLUMN_ADDED", name, seq) for name in absent]
    if numbering is None:
        numbering = Numbering(
            frame.select(pl.col(seq).max().fill_null(0)).item(),
            rows_before({name: raw.height for name, raw in files.items()}),
        )
    place = pl.col("ROW") + pl.col(FILE).replace_strict(numbering.before, return_dtype=pl.Int64)
    remarks.append(remark("SEQ_ADDED", seq, gaps))
    return frame.with_columns(pl.coalesce(seq, numbering.largest + place)), remarks


def _identity(
    frame: pl.DataFrame,
    domain: str,
    schema: type[dy.Schema],
    study: str,
    subjects: pl.Series | None,
) -> list[pl.DataFrame]:
    """Rules on whose row it is."""
    named = pl.col("USUBJID").is_not_null()
    out = [
        remark("STUDYID_MISSING", "STUDYID", frame.filter(pl.col("STUDYID").is_null())),
        remark("STUDYID_OTHER", "STUDYID", frame.filter(pl.col("STUDYID") != study)),
    ]
    if "USUBJID" in schema.primary_key():
        out.append(remark("USUBJID_MISSING", "USUBJID", frame.filter(~named)))
    if len(domain) == 2:
        other = frame.filter(pl.col(DOMAIN).str.to_uppercase() != domain)
        out.append(remark("DOMAIN_OTHER", "DOMAIN", other, pl.col(DOMAIN)))
    if domain.startswith("SUPP"):
        other = frame.filter(pl.col("RDOMAIN") != domain.removeprefix("SUPP"))
        out.append(remark("DOMAIN_OTHER", "RDOMAIN", other, pl.col("RDOMAIN")))
    if subjects is not None:
        orphan = frame.filter(named, ~pl.col("USUBJID").is_in(subjects.implode()))
        out.append(remark("SUBJECT_NOT_IN_DM", "USUBJID", orphan))
    return out


def _dates(frame: pl.DataFrame, domain: str) -> list[pl.DataFrame]:
    """Rules on dates; a subject is not lost for a date in DM."""
    out: list[pl.DataFrame] = []
    for stem in stems(frame.columns):
        name, bad = f"{stem}DTC", pl.col(f"{stem}BAD")
        spans = pl.col(name).str.contains(INTERVAL) & bad.is_null()
        out.append(remark("INTERVAL_READ", name, frame.filter(spans), pl.col(name), "dtc"))
        if frame[f"{stem}BAD"].null_count() == frame.height:
            continue
        for rule in _BAD_DATES:
            severe = RULES[rule].severity == "quarantine"
            used = "DATE_UNUSABLE" if domain == "DM" and severe else rule
            out.append(remark(used, name, frame.filter(bad == rule), pl.col(name), "dtc"))
    return out + _durations(frame, domain)


def _durations(frame: pl.DataFrame, domain: str) -> list[pl.DataFrame]:
    """Ends that only --DUR tells."""
    name, start = f"{domain}DUR", f"{domain}ST"
    if name not in frame.columns:
        return []
    alone = pl.col(name).is_not_null() & pl.col(f"{domain}ENDTC").is_null()
    alone = alone & ~pl.col(f"{start}DTC").str.contains(INTERVAL).fill_null(value=False)
    counted = pl.col(f"{domain}ENDTM").is_not_null()
    return [
        remark("DURATION_READ", name, frame.filter(alone, counted), pl.col(name)),
        remark("DURATION_NOT_READ", name, frame.filter(alone, ~counted), pl.col(name)),
    ]


def _repeats(frame: pl.DataFrame) -> pl.DataFrame:
    return remark("DUPLICATE_ROW", "*", frame.filter(pl.col(REPEAT)))


def _same_key(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    key = schema.primary_key()
    later = ~pl.struct(key).is_first_distinct() if key else pl.lit(value=False)
    column = key[-1] if key else "*"
    value = pl.col(column) if len(key) > 1 else None
    return remark("DUPLICATE_KEY", column, frame.filter(later), value)


def _by_schema(frame: pl.DataFrame, domain: str, schema: type[dy.Schema]) -> Step:
    """What the schema itself refuses: nothing passes that the class does not describe.

    The schema knows no file, so while it looks the rows are numbered through.
    """
    frame = frame.select(*schema.column_names(), FILE)
    through = frame.with_columns(ROW=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    _, failure = schema.filter(through.select(schema.column_names()))
    if not len(failure):
        return frame, []
    details = failure.details()
    rules = [name for name in details.columns if name not in schema.column_names()]
    places = frame.select(PLACE).with_row_index("AT", offset=1)
    hits = (
        details.select(pl.col("ROW").alias("AT"), "USUBJID", *rules)
        .join(places.cast({"AT": pl.Int64}), on="AT", how="left", maintain_order="left")
    )  # fmt: skip
    remarks = [
        remark(*_named(name, domain), hits.filter(pl.col(name) == "invalid")) for name in rules
    ]
    return frame.filter(~pl.int_range(1, pl.len() + 1).is_in(hits["AT"].implode())), remarks


def _named(rule: str, domain: str) -> tuple[str, str]:
    """Our rule and the column for a rule of a schema."""
    if rule == "topic_missing":
        return "TOPIC_MISSING", "*"
    if rule == "end_before_start":
        return "END_BEFORE_START", f"{domain}ENDTC"
    return "OUT_OF_SCHEMA", rule.partition("|")[0]
