import pytest

D3 = "2024-01-03T"


@pytest.mark.parametrize(
    ("term", "event"),
    [
        ("Immune effector cell-associated neurotoxicity syndrome", "ICANS"),
        ("Seizure", "ICANS"),
        ("Haemophagocytic lymphohistiocytosis", "HLH-like"),
        ("Macrophage activation syndrome", "HLH-like"),
        ("Capillary leak syndrome", "capillary leak"),
        ("Infusion related reaction", "infusion reaction"),
        ("Acute kidney injury", "renal"),
        ("Septic shock", "infection"),
        ("Nausea", None),
        ("Cytokine release syndrome", None),
    ],
)
def test_terms(febrile, term, event):
    febrile.add("ae", AEDECOD=term, AETOXGR=3, AESTDTC="2024-01-09", AEENDTC="2024-01-10")
    assert febrile.derive()["events"]["EVENT"].to_list() == ([event] if event else [])


@pytest.mark.parametrize(
    ("start", "end", "relation", "from_onset"),
    [
        (D3 + "12:00", D3 + "20:00", "with CRS", 0),
        ("2024-01-02T12:00", "2024-01-02T20:00", "before CRS", -1),
        ("2024-01-09T12:00", None, "after CRS", 6),
    ],
)
def test_place_beside_crs(febrile, start, end, relation, from_onset):
    febrile.add("ae", AEDECOD="Seizure", AETOXGR=3, AESTDTC=start, AEENDTC=end)
    columns = ("EPISEQ", "RELATION", "D_FROM_ONSET", "GRADE")
    assert febrile.derive()["events"].select(columns).rows() == [(1, relation, from_onset, 3)]


def test_event_without_crs(case):
    case.dose().add("ae", AEDECOD="Seizure", AESTDTC="2024-01-04")
    made = case.derive()
    assert made["events"].select("EPISEQ", "RELATION", "D_FROM_DOSE").rows() == [
        (None, "no CRS", 3)
    ]


def test_neurotoxicity_and_hlh_never_move_a_grade(febrile):
    before = febrile.derive()["grades"].filter(BASIS="derived").select("SYSTEM", "GRADE")
    for term in (
        "Immune effector cell-associated neurotoxicity syndrome",
        "Haemophagocytic lymphohistiocytosis",
    ):
        febrile.add(
            "ae",
            AEDECOD=term,
            AETOXGR=4,
            AEREL="RELATED",
            AESTDTC=D3 + "12:00",
            AEENDTC="2024-01-04",
        )
    assert (
        febrile.derive()["grades"].filter(BASIS="derived").select("SYSTEM", "GRADE").equals(before)
    )


def test_signs_as_recorded_and_as_found(febrile):
    febrile.oxygen("NASAL CANNULA", 2)
    febrile.add("ae", AEDECOD="Chills", AETOXGR=1, AESTDTC=D3 + "08:00", AEENDTC=D3 + "12:00")
    febrile.add("ae", AEDECOD="Pyrexia", AETOXGR=2, AESTDTC=D3 + "08:00", AEENDTC=D3 + "12:00")
    febrile.add("ae", AEDECOD="Headache", AETOXGR=1, AESTDTC="2024-01-09", AEENDTC="2024-01-09")
    febrile.add(
        "ae", AEDECOD="Rash", AEREL="NOT RELATED", AESTDTC=D3 + "08:00", AEENDTC=D3 + "12:00"
    )
    rows = febrile.derive()["signs"].select("SIGN", "SOURCE", "GRADE", "SRCDOM", "SRCSEQ").rows()
    assert rows == [
        ("chills", "recorded", 1, "AE", "2"),
        ("fever", "derived", None, "VS", "2"),
        ("fever", "recorded", 2, "AE", "3"),
        ("hypoxia", "derived", None, "PR", "1"),
    ]
