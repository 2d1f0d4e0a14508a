"""A second, plain reading of a drop's files: episodes and grades by loops over rows.

It shares no code with the simulator or the engine, reads every format by itself, and follows the
rules as a person would: which CRS records belong together, and what stood while they ran.
"""

from datetime import datetime, timedelta

from tests.simulate.plain_files import moment, rows_by_subject

HOUR = timedelta(hours=1)
PRESSORS = {"NOREPINEPHRINE", "EPINEPHRINE", "DOPAMINE", "PHENYLEPHRINE", "VASOPRESSIN"}


def celsius(row):
    value = float(row["VSSTRESN"])
    return (value - 32) * 5 / 9 if row["VSSTRESU"] == "F" else value


def episodes_of(records, doses):
    """CRS records (start, end or None, row) that belong together; a dose between parts them."""
    out = []
    for start, end, row in sorted(records, key=lambda r: r[0]):
        last = out[-1] if out else None
        joined = False
        if last is not None:
            free_from = last["end"]
            dose_between = free_from is not None and any(free_from < d <= start for d in doses)
            joined = free_from is None or (start - free_from < 24 * HOUR and not dose_between)
        if joined:
            last["rows"].append(row)
            last["end"] = end
        else:
            out.append({"start": start, "end": end, "rows": [row]})
    return out


def readings(vitals, test):
    rows = [(moment(r["VSDTC"]), r) for r in vitals if r["VSTESTCD"] == test]
    return sorted(rows, key=lambda r: r[0])


def stood(vitals, test, is_sign, excused):
    """Intervals in which a sign stood: from a reading to the next without it, 12 hours at most."""
    series = readings(vitals, test)
    out = []
    for k, (time, row) in enumerate(series):
        value = celsius(row) if test == "TEMP" else float(row["VSSTRESN"])
        if not is_sign(value):
            continue
        if any(a <= time <= b for a, b in excused):
            continue
        later = [t for t, _ in series[k + 1 :]][:1]
        out.append((time, min([*later, time + 12 * HOUR])))
    return out


def touches(interval, start, end):
    return interval[0] < end and interval[1] > start


def excuses(events, term):
    return [
        (moment(e["AESTDTC"]), moment(e["AEENDTC"]) or datetime.max)
        for e in events
        if e["AEDECOD"] == term and e["AEREL"] == "NOT RELATED"
    ]


def pressors_in(cm, start, end, excused):
    out = []
    for row in cm:
        if row["CMTRT"] not in PRESSORS or row["CMDOSFRM"] != "INFUSION":
            continue
        interval = (moment(row["CMSTDTC"]), moment(row["CMENDTC"]))
        if touches(interval, start, end) and not any(a <= interval[0] <= b for a, b in excused):
            out.append((*interval, row["CMTRT"], float(row["CMDOSE"]), row["CMDOSU"]))
    return out


def most_together(infusions):
    """Highest number of drugs running at one moment."""
    return max(
        (len({d for a, b, d, *_ in infusions if a <= t < b}) for t, *_ in infusions), default=0
    )


def high_dose(infusions, weight):
    """A run of at least 3 hours at or above the limits of the Lee 2014 table, one drug alone."""
    limits = {"NOREPINEPHRINE": 20, "EPINEPHRINE": 10, "PHENYLEPHRINE": 200}
    for start, end, drug, dose, unit in infusions:
        rate = dose * weight if unit == "ug/kg/min" else dose
        limit, value = (10, dose) if drug == "DOPAMINE" else (limits.get(drug, 10**6), rate)
        if value >= limit and end - start >= 3 * HOUR:
            return True
    return False


def oxygen_in(pr, start, end):
    """Highest level (1 low flow, 2 high flow or mask, 3 NIV, 4 ventilator) and highest FiO2."""
    level, fraction = 0, 0.0
    for row in pr:
        if row["PRINDC"] != "HYPOXIA":
            continue
        if not touches((moment(row["PRSTDTC"]), moment(row["PRENDTC"])), start, end):
            continue
        device, flow = row["PRTRT"], row["PRDOSE"]
        given = row["PRFIO2"]
        if device in ("CPAP", "BIPAP"):
            this = 3
        elif device == "MECHANICAL VENTILATION":
            this = 4
        elif device == "NASAL CANNULA" and float(flow) <= 6:
            this = 1
        else:
            this = 2
        if given is None or given != given:
            given = 0.6 if "MASK" in device else 0.20 + 0.04 * float(flow)
        level, fraction = max(level, this), max(fraction, float(given))
    return level, fraction


ORGAN_TERMS = {
    "Blood creatinine increased",
    "Acute kidney injury",
    "Cardiac failure",
    "Alanine aminotransferase increased",
}


def organ_grade(events, start, end):
    day = timedelta(days=1)
    worst = 0
    for e in events:
        if e["AEDECOD"] not in ORGAN_TERMS or e["AEREL"] != "RELATED":
            continue
        stop = moment(e["AEENDTC"]) or datetime.max
        if touches((moment(e["AESTDTC"]), stop), start - day, end + day):
            grade = int(e["AETOXGR"])
            worst = max(worst, min(grade, 3) if "aminotransferase" in e["AEDECOD"] else grade)
    return worst


TREATMENT = {"TOCILIZUMAB", "DEXAMETHASONE", "METHYLPREDNISOLONE", "PARACETAMOL"}


def gates(fevers, cm):
    """Moments from which ASTCT no longer asks for fever, and carried fever."""
    if not fevers:
        return []
    first = min(a for a, _ in fevers)
    out = [(a, max(b, a + 24 * HOUR)) for a, b in fevers]
    given = [
        moment(r["CMSTDTC"])
        for r in cm
        if r["CMTRT"] in TREATMENT
        and r["CMINDC"] in ("CYTOKINE RELEASE SYNDROME", "PYREXIA")
        and moment(r["CMSTDTC"]) >= first
    ]
    if given:
        out.append((min(given), datetime.max))
    return out


def grade(subject, episode, last_seen):
    """ASTCT 2019 and Lee 2014 grade of one episode."""
    start, end = episode["start"], episode["end"] or last_seen
    if any(r["AESDTH"] == "Y" for r in episode["rows"]):
        return 5, 5
    ae, cm, pr, vs = (subject[k] for k in ("ae", "cm", "pr", "vs"))
    other_low, other_hot = excuses(ae, "Hypotension"), excuses(ae, "Pyrexia")
    low = [i for i in stood(vs, "SYSBP", lambda v: v < 90, other_low) if touches(i, start, end)]
    fever = [
        i for i in stood(vs, "TEMP", lambda v: v >= 38 - 1e-6, other_hot) if touches(i, start, end)
    ]
    infusions = pressors_in(cm, start, end, other_low)
    weight = next(float(r["VSSTRESN"]) for r in vs if r["VSTESTCD"] == "WEIGHT")
    level, fraction = oxygen_in(pr, start, end)
    plain = [i for i in infusions if i[2] != "VASOPRESSIN"]
    together = most_together(infusions)
    pressure = 3 if together >= 2 or high_dose(infusions, weight) else 2 * bool(low or infusions)
    breath = 4 if level == 4 else 3 if fraction >= 0.40 - 1e-9 else 2 * (level > 0)
    lee = max(1, pressure, breath, organ_grade(ae, start, end))
    if not fever:
        return 0, lee
    if most_together(plain) >= 2 or level >= 3:
        astct = 4
    elif infusions or level == 2:
        astct = 3
    else:
        astct = 2 if low or level == 1 else 1
    if astct > 1:
        gate = gates(fever, cm)
        signs = [*low, *((a, b) for a, b, *_ in infusions)]
        signs += [
            (moment(r["PRSTDTC"]), moment(r["PRENDTC"])) for r in pr if r["PRINDC"] == "HYPOXIA"
        ]
        for a, b in signs:
            assert not touches((a, b), start, end) or any(touches(g, a, b) for g in gate), (
                "a sign stands while the fever gate is shut"
            )
    return astct, lee


def read_episodes(drop, trigger):
    """USUBJID -> list of dicts with the contract's names, for every subject of DM."""
    by = {name: rows_by_subject(frame) for name, frame in drop.items()}
    out = {}
    for subject in by["dm"]:
        own = {name: rows.get(subject, []) for name, rows in by.items()}
        doses = sorted(moment(r["EXSTDTC"]) for r in own["ex"] if r["EXTRT"] == trigger)
        records = [
            (moment(r["AESTDTC"]), moment(r["AEENDTC"]), r)
            for r in own["ae"]
            if r["AEDECOD"] == "Cytokine release syndrome"
        ]
        times = [moment(r["VSDTC"]) for r in own["vs"]]
        last_seen = max(times) + 24 * HOUR if times else datetime.max
        out[subject] = [
            describe(own, e, doses, last_seen) for e in episodes_of(records, join_bags(doses))
        ]
    return out


def join_bags(doses):
    out = []
    for dose in doses:
        if not out or dose - out[-1] > 6 * HOUR:
            out.append(dose)
    return out


def describe(own, episode, doses, last_seen):
    doses = join_bags(doses)
    start, end = episode["start"], episode["end"]
    before = [d for d in doses if d <= start]
    last = episode["rows"][-1]
    ended = last["AEOUT"].startswith("RECOVERED/RESOLVED") and end is not None
    astct, lee = grade(own, episode, last_seen)
    return {
        "ONSET_D": (start.date() - before[-1].date()).days,
        "ONSET_D_FIRST": (start.date() - doses[0].date()).days,
        "DOSESEQ": len(before),
        "DURATION_D": (end.date() - start.date()).days + 1 if ended else None,
        "ENDED": "Y" if ended else None,
        "ASTCT2019": astct,
        "LEE2014": lee,
        "COLLECTED": max(int(r["AETOXGR"]) for r in episode["rows"]),
    }
