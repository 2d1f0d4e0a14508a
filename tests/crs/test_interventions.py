import pytest


def given(case, *columns):
    return case.derive()["interventions"].select(columns).rows()


def test_doses_of_one_drug_in_an_episode_are_counted(febrile):
    for at in ("2024-01-03T14:00", "2024-01-04T14:00"):
        febrile.add("cm", CMTRT="TOCILIZUMAB 8MG/KG IV", CMINDC="CRS", CMSTDTC=at)
    assert given(
        febrile,
        "EPISEQ",
        "CLASS",
        "DRUG",
        "N_DOSES",
        "INTENT",
        "H_FROM_ONSET",
        "H_FROM_DOSE",
        "SRCSEQ",
    ) == [(1, "tocilizumab", "tocilizumab", 2, "treatment", 6.0, 52.0, "1 2")]


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("Actemra", "tocilizumab"),
        ("RoActemra", "tocilizumab"),
        ("toci", "tocilizumab"),
        ("TOCILIZUMAB 8MG/KG IV", "tocilizumab"),
        ("levophed", "norepinephrine"),
        ("norepi gtt", "norepinephrine"),
        ("NORADRENALINE TARTRATE", "norepinephrine"),
        ("Adrenaline", "epinephrine"),
        ("EPINEPHRINE HCL", "epinephrine"),
        ("Decadron", "dexamethasone"),
        ("SOLU-MEDROL", "methylprednisolone"),
        ("Tylenol", "paracetamol"),
        ("Kineret", "anakinra"),
        ("DEXTROSE", None),
        ("DESMOPRESSIN", None),
        ("ALLOPURINOL", None),
    ],
)
def test_names_of_drugs(febrile, text, drug):
    febrile.add(
        "cm", CMTRT=text, CMINDC="CRS", CMSTDTC="2024-01-03T14:00", CMENDTC="2024-01-03T15:00"
    )
    assert given(febrile, "DRUG") == ([(drug,)] if drug else [])


@pytest.mark.parametrize(
    ("indication", "intent"),
    [
        ("PREMEDICATION", "premedication"),
        ("PROPHYLAXIS OF CRS", "prophylaxis"),
        ("CRS", "treatment"),
        (None, "unknown"),
        ("GVHD", "unknown"),
    ],
)
def test_intent(febrile, indication, intent):
    febrile.add("cm", CMTRT="DEXAMETHASONE", CMINDC=indication, CMSTDTC="2024-01-03T14:00")
    assert given(febrile, "INTENT") == [(intent,)]


def test_outside_any_episode_is_episode_0(febrile):
    febrile.add("cm", CMTRT="TOCILIZUMAB", CMINDC="CRS", CMSTDTC="2024-01-20T14:00")
    assert given(febrile, "EPISEQ", "H_FROM_ONSET") == [(0, None)]


def test_support_and_intensive_care(febrile):
    febrile.oxygen("NASAL CANNULA", 2).oxygen("BIPAP")
    febrile.add("pr", PRTRT="CRRT", PRSTDTC="2024-01-04T10:00", PRENDTC="2024-01-04T20:00")
    febrile.add("ho", HOTERM="ICU", HOSTDTC="2024-01-03T12:00", HOENDTC="2024-01-04T12:00")
    assert given(febrile, "CLASS") == [
        ("dialysis",),
        ("intensive care",),
        ("non-invasive ventilation",),
        ("oxygen",),
    ]
