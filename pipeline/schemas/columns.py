"""Columns that several tables share, so that one name has one type and one meaning everywhere."""

from __future__ import annotations

import dataframely as dy

SYSTEMS = ("ASTCT2019", "LEE2014", "CTCAE4", "CTCAE5", "PENN", "MSKCC", "CARTOX")
BASES = ("derived", "collected")
COHORTS = ("car_t", "bispecific")
DATA_KINDS = ("real", "simulated", "test")
PRECISIONS = ("time", "day", "month", "year")


def studyid(*, key: bool = True) -> dy.String:
    return dy.String(primary_key=key, nullable=False, description="Study identifier")


def usubjid(*, key: bool = True, nullable: bool = False) -> dy.String:
    return dy.String(primary_key=key, nullable=nullable, description="Unique subject identifier")


def episeq(*, key: bool = True, nullable: bool = False) -> dy.Int64:
    return dy.Int64(
        primary_key=key,
        nullable=nullable,
        min=1,
        description="Running number of the CRS episode in the subject, by onset",
    )


def system(*, key: bool = True) -> dy.String:
    # A site's own variant may be added in a study's drop, so the name is not an enumeration.
    return dy.String(primary_key=key, nullable=False, description="Grading system")


def basis(*, key: bool = True) -> dy.String:
    return dy.String(
        primary_key=key,
        nullable=False,
        check=lambda c: c.is_in(BASES),
        description="derived = graded here from findings; collected = as the study recorded it",
    )


def grade(description: str = "CRS grade 0-5, null with a reason") -> dy.Int64:
    return dy.Int64(nullable=True, min=0, max=5, description=description)


def text(description: str, *, key: bool = False, nullable: bool = True) -> dy.String:
    return dy.String(primary_key=key, nullable=nullable and not key, description=description)


def number(description: str, *, nullable: bool = True) -> dy.Float64:
    return dy.Float64(nullable=nullable, description=description)


def integer(description: str, *, key: bool = False, nullable: bool = True) -> dy.Int64:
    return dy.Int64(primary_key=key, nullable=nullable and not key, description=description)


def moment(description: str) -> dy.Datetime:
    return dy.Datetime(nullable=True, time_unit="us", description=description)


def seconds(description: str) -> dy.Int64:
    return dy.Int64(nullable=True, description=description + " (s from 00:00 of study day 1)")


def flag(description: str) -> dy.String:
    return dy.String(
        nullable=True, check=lambda c: c == "Y", description=description + " (Y or null)"
    )


def precision(description: str) -> dy.String:
    return dy.String(
        nullable=True,
        check=lambda c: c.is_in(PRECISIONS),
        description=description + " (time, day, month or year)",
    )
