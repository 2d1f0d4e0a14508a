"""A second reading of the CRS rules in plain Python, written from the rules and not the engine.

Each system is one function that reads like its table in the grading companion; the grade of an
episode is the worst moment in its window. Default switches.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle import bedside
from tests.oracle.bedside import VASOPRESSIN, Span
from tests.oracle.course import DAY, HOUR, Course
from tests.oracle.episodes import Episode, episodes_of

SYSTEMS = ("ASTCT2019", "LEE2014", "CTCAE4", "CTCAE5", "PENN", "MSKCC", "CARTOX")
CARRY = 24 * HOUR
PREVENTION = ("PREMEDICATION", "PROPHYLAXIS")
LIVER_ENZYMES = {"Alanine aminotransferase increased", "Aspartate aminotransferase increased"}
CREATININE = {"Blood creatinine increased", "Acute kidney injury"}
ORGANS = LIVER_ENZYMES | CREATININE | {
    "Cardiac failure", "Myocarditis", "Hepatic failure", "Pulmonary oedema", "Diarrhoea",
    "Rash", "Capillary leak syndrome", "Disseminated intravascular coagulation",
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """State at one moment of an episode."""

    gate: bool  # fever, fever within 24 h, or treatment since the first fever
    fever: bool
    low_pressure: bool
    fluids: bool
    drugs: frozenset[str]
    oxygen: int
    fraction: float

    @property
    def several(self) -> int:
        """Vasopressors without vasopressin."""
        return len(self.drugs - {VASOPRESSIN})

    @property
    def hypotension(self) -> bool:
        return self.low_pressure or self.fluids or bool(self.drugs)


@dataclass(frozen=True)
class Whole:
    """What holds for the episode as a whole."""

    temperature_known: bool
    death: bool
    high_dose: bool  # high dose for 3 h or more in one run
    day_of_pressors: bool  # any vasopressor for 24 h or more in one run
    hospital: bool
    products: bool
    organ: int  # worst grade, liver enzymes and creatinine apart
    creatinine: int
    enzymes: int


def grades(course: Course) -> list[tuple[Episode, dict[str, int | None]]]:
    """Each episode with its grade under each system."""
    found = episodes_of(course)
    return [(e, episode_grades(course, e)) for e in found]


def episode_grades(course: Course, episode: Episode) -> dict[str, int | None]:
    """Grade of one episode under each system; None where it cannot be graded."""
    moments = moments_of(course, episode)
    whole = whole_of(course, episode)
    if whole.death:
        return dict.fromkeys(SYSTEMS, 5)
    astct = max(astct_moment(m) for m in moments) if whole.temperature_known else None
    return {
        "ASTCT2019": astct,
        "LEE2014": lee(moments, whole),
        "CTCAE4": ctcae4(moments, whole),
        "CTCAE5": ctcae5(moments),
        "PENN": penn(moments, whole),
        "MSKCC": mskcc(moments, whole),
        "CARTOX": cartox(moments, whole),
    }


# ---- the seven systems


def astct_moment(m: Moment) -> int:
    """ASTCT 2019 (Lee 2019), decision table 1.2 from row 3 on."""
    if not m.gate:
        return 0
    if m.several >= 2 or m.oxygen >= 3:
        return 4
    if m.drugs or m.oxygen == 2:
        return 3
    if m.hypotension or m.oxygen == 1:
        return 2
    return 1 if m.fever else 0


def lee(moments: list[Moment], w: Whole) -> int:
    """Lee 2014; every recorded CRS is at least 1."""
    organ = max(w.organ, w.creatinine)
    if any(m.oxygen == 4 for m in moments) or organ >= 4:
        return 4
    many = any(len(m.drugs) >= 2 for m in moments)
    if w.high_dose or many or max(organ, w.enzymes) >= 3 or _much_oxygen(moments):
        return 3
    some = any(m.hypotension or m.oxygen for m in moments)
    return 2 if some or max(organ, w.enzymes) >= 2 else 1


def ctcae4(moments: list[Moment], w: Whole) -> int:
    """CTCAE 4.03 CRS, crosswalk 2.7: any pressor or ventilation is life-threatening."""
    organ = max(w.organ, w.creatinine)
    if organ >= 4 or any(m.drugs or m.oxygen >= 3 for m in moments):
        return 4
    if max(organ, w.enzymes - 1) >= 3 or any(m.oxygen for m in moments):
        return 3
    upset = organ == 2 or w.enzymes >= 2 or any(m.hypotension for m in moments)
    return 2 if upset or w.hospital else 1


def ctcae5(moments: list[Moment]) -> int:
    """CTCAE 5.0 CRS; several pressors and any ventilation are life-threatening."""
    if any(m.oxygen >= 3 or len(m.drugs) >= 2 for m in moments):
        return 4
    if any(m.drugs for m in moments) or _much_oxygen(moments):
        return 3
    return 2 if any(m.hypotension or m.oxygen for m in moments) else 1


def penn(moments: list[Moment], w: Whole) -> int:
    """Penn scale (Porter 2018)."""
    if w.high_dose or any(m.oxygen == 4 for m in moments) or max(w.organ, w.creatinine) >= 4:
        return 4
    treated = any(m.fluids or m.drugs or m.oxygen for m in moments)
    if treated or w.products or max(w.organ, w.creatinine) >= 3 or w.enzymes >= 4:
        return 3
    return 2 if w.hospital or max(w.organ, w.creatinine) >= 2 or w.enzymes >= 3 else 1


def mskcc(moments: list[Moment], w: Whole) -> int:
    """MSKCC (Park 2018); fluids alone stay 1."""
    if any(m.oxygen == 4 for m in moments):
        return 4
    if w.day_of_pressors or _much_oxygen(moments):
        return 3
    return 2 if any(m.drugs or m.oxygen for m in moments) else 1


def cartox(moments: list[Moment], w: Whole) -> int:
    """CARTOX (Neelapu 2018): with support and organs as recorded, its cuts are those of Lee."""
    return lee(moments, w)


def _much_oxygen(moments: list[Moment]) -> bool:
    return any(m.oxygen and m.fraction >= 0.40 - bedside.TINY for m in moments)


# ---- what the systems look at


def moments_of(course: Course, episode: Episode) -> list[Moment]:
    """The state at each change; between two changes nothing changes."""
    start, end = episode.start, episode.end

    def here(spans: list[Span]) -> list[Span]:
        return [s for s in spans if s.touches(start, end)]

    hot, low = here(bedside.fever(course)), here(bedside.low_pressure(course))
    fluid, drugs = here(bedside.fluids(course)), here(bedside.pressors(course))
    oxygen = here(bedside.oxygen(course))
    gates = gate_spans(course, hot, end)
    spans = [*hot, *low, *fluid, *drugs, *oxygen, *gates]
    moments = [Moment(False, False, False, False, frozenset(), 0, 0.0)]
    for at in sorted({m for s in spans for m in (s.start, s.end)}):
        support = [s.what for s in oxygen if s.at(at)]
        moments.append(
            Moment(
                gate=any(s.at(at) for s in gates),
                fever=any(s.at(at) for s in hot),
                low_pressure=any(s.at(at) for s in low),
                fluids=any(s.at(at) for s in fluid),
                drugs=frozenset(s.what[0] for s in drugs if s.at(at)),  # type: ignore[index]
                oxygen=max((level for level, _ in support), default=0),  # type: ignore[misc]
                fraction=max((fio2 for _, fio2 in support), default=0.0),  # type: ignore[misc]
            )
        )
    return moments


def gate_spans(course: Course, hot: list[Span], end: int) -> list[Span]:
    """When ASTCT looks at signs: fever, 24 h after it, and from treatment on to the end."""
    if not hot:
        return []
    first = min(s.start for s in hot)
    treated = [
        t.at for t in course.treatments if t.indication not in PREVENTION and first <= t.at <= end
    ]
    carried = [Span(s.start, s.end + CARRY) for s in hot]
    return [*carried, Span(min(treated), end)] if treated else carried


def whole_of(course: Course, episode: Episode) -> Whole:
    """Facts of the whole episode."""
    start, end = episode.start, episode.end

    def run(spans: list[Span], hours: int) -> bool:
        return any(s.touches(start, end) and s.end - s.start >= hours * HOUR for s in spans)

    drugs = bedside.pressors(course)
    temperatures = [r.at for r in course.readings if r.sign == "TEMP"]
    return Whole(
        temperature_known=any(start <= at <= end for at in temperatures),
        death=any(r.caused_death or r.outcome == "FATAL" for r in episode.members)
        or (course.death_of_crs is not None and start <= course.death_of_crs <= end),
        high_dose=run(bedside.high_dose(drugs), 3),
        day_of_pressors=run(bedside.joined(drugs), 24),
        hospital=any(r.hospital for r in episode.members)
        or any(s.for_crs and s.start <= end and s.end >= start for s in course.stays),
        products=any(start <= p.at <= end for p in course.products),
        organ=worst(course, episode, ORGANS - LIVER_ENZYMES - CREATININE),
        creatinine=worst(course, episode, CREATININE),
        enzymes=worst(course, episode, LIVER_ENZYMES),
    )


def worst(course: Course, episode: Episode, terms: set[str]) -> int:
    """Worst related organ toxicity begun on or after day 1, within a day of the episode."""
    return max(
        (
            o.grade
            for o in course.organs
            if o.term in terms
            and o.related
            and o.start >= 0
            and o.start <= episode.end + DAY
            and (o.end is None or o.end >= episode.start - DAY)
        ),
        default=0,
    )
