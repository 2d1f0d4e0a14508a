"""Plain reading of the episode rules (DESIGN section 4, "Doses" and "Episodes")."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.course import DAY, HOUR, RECOVERED, Course, Record

MERGE_GAP = 24 * HOUR
DOSE_JOIN = 6 * HOUR


@dataclass(frozen=True)
class Episode:
    """One CRS episode; `start` to `end` is the window in which its findings are read."""

    members: tuple[Record, ...]
    start: int
    end: int
    ended: bool
    dose: int | None  # running number of the dose that onset counts from
    onset_d: int | None
    onset_h: float | None
    onset_d_first: int
    duration_d: int | None
    duration_h: float | None


def administrations(course: Course) -> list[int]:
    """Rows closer than six hours are one administration, which starts with its first row."""
    starts: list[int] = []
    last: int | None = None
    for dose in sorted(course.doses):
        if last is None or dose - last >= DOSE_JOIN:
            starts.append(dose)
        last = dose
    return starts


def episodes_of(course: Course) -> list[Episode]:
    """Group the CRS records of one patient and put each group on its clocks."""
    doses = administrations(course)
    groups: list[list[Record]] = []
    for record in sorted(course.records, key=lambda r: (r.start, _end(r))):
        if groups and _belongs(groups[-1], record, doses):
            groups[-1].append(record)
        else:
            groups.append([record])
    follow_up = course.last_day * DAY if course.death_of_crs is None else course.death_of_crs
    ends = [*(group[0].start for group in groups[1:]), follow_up]
    return [_episode(group, doses, until) for group, until in zip(groups, ends, strict=False)]


def _end(record: Record) -> float:
    return float("inf") if record.end is None else record.end


def last_member(group: list[Record]) -> Record:
    """The member that lasts longest; of two that end together the one begun later."""
    return max(group, key=lambda r: (_end(r), r.start))


def _belongs(group: list[Record], record: Record, doses: list[int]) -> bool:
    before = last_member(group)
    if before.end is None:
        return True
    free = record.start - before.end
    if record.dated:
        # An end by date is the next midnight, so free is 0 where no day lies between.
        touching = -DAY <= free <= 0
        dosed = any(dose // DAY == record.start // DAY for dose in doses)
    else:
        touching = free == 0
        dosed = any(before.end <= dose <= record.start for dose in doses)
    if touching:
        return not (dosed and before.outcome in RECOVERED)
    # With free < 0 the dose fell into CRS and does not split it.
    return free < 0 or (free < MERGE_GAP and not dosed)


def _episode(group: list[Record], doses: list[int], until: int) -> Episode:
    onset, last = group[0], last_member(group)
    ended = last.end is not None and last.outcome in RECOVERED
    # A date belongs to the dose of that day.
    reach = onset.start + DAY - 1 if onset.dated else onset.start
    past = [dose for dose in doses if dose <= reach]
    start_day = onset.start // DAY
    end_day = None
    if ended and last.end is not None:
        end_day = (last.end - 1) // DAY if last.dated else last.end // DAY
    timed = not onset.dated and not last.dated
    return Episode(
        members=tuple(group),
        start=onset.start,
        end=until if last.end is None else last.end,
        ended=ended,
        dose=len(past) or None,
        onset_d=start_day - past[-1] // DAY if past else None,
        onset_h=(onset.start - past[-1]) / HOUR if past and not onset.dated else None,
        onset_d_first=start_day - doses[0] // DAY,
        duration_d=None if end_day is None else end_day - start_day + 1,
        duration_h=(last.end - onset.start) / HOUR if ended and timed and last.end else None,
    )
