"""A study's own codelists and grading systems: files in its drop, no code."""

import pytest

from pipeline.crs.codelists import CodelistError, own_rows, read_codelist
from pipeline.study import StudyError, load_study

SYSTEMS = "SYSTEM,TITLE,REQUIRES,NEEDS_TEMPERATURE,CITATION\nSITE1,Site 1,VS CM,N,protocol 4.2\n"
CRITERIA = (
    "SYSTEM,GRADE,CRITERION,LADDER,MIN_LEVEL,MAX_LEVEL,MIN_HOURS,WITHIN_H,GATE,UNLESS,SWITCH,WORDS,CITATION\n"
    "SITE1,1,fever,fever,1,1,,,,,,fever,4.2\n"
    "SITE1,2,pressor without fever,vasopressor,1,4,,,,fever,,pressor without fever,4.2\n"
    "SITE1,3,long pressor,vasopressor,1,4,6,,,,,pressor for 6 h,4.2\n"
    "SITE1,4,both,vasopressor,1,4,,,,,,pressor and oxygen,4.2\n"
    "SITE1,4,both,oxygen,1,4,,,,,,pressor and oxygen,4.2\n"
)
D3 = "2024-01-03T"


@pytest.fixture
def own(tmp_path):
    """Codelists as load_study reads them from a drop."""
    drop = tmp_path / "T"
    drop.mkdir()
    (drop / "sites.csv").write_text(SYSTEMS)
    (drop / "rules.csv").write_text(CRITERIA)
    (drop / "drugs.csv").write_text(
        "DRUG,CLASS,WAIVER,PATTERN\nnorepinephrine,vasopressor,0,^XYZ-1$\n"
    )
    (drop / "study.yaml").write_text(
        "study: T\ntitle: t\ncohort: car_t\ndata_kind: test\nproducts: {A: [CART]}\n"
        "codelists: {systems: sites.csv, criteria: rules.csv, drugs: drugs.csv}\n"
    )
    return load_study(drop).codelists


@pytest.mark.parametrize(
    ("hours", "oxygen", "grade"),
    [
        ((), (), 1),
        ((10, 12), (), 1),  # while febrile, so not "without fever"
        ((10, 16), (), 3),
        ((10, 12), (14, 15), 1),  # one after the other is not both
        ((10, 12), (11, 15), 4),
    ],
)
def test_criteria_of_a_system_of_the_study(febrile, own, hours, oxygen, grade):
    if hours:
        febrile.pressor("NOREPINEPHRINE", 5, *(f"{D3}{h}:00" for h in hours))
    if oxygen:
        febrile.oxygen("NASAL CANNULA", 2, *(f"{D3}{h}:00" for h in oxygen))
    assert febrile.grade("SITE1", codelists=own) == grade


def test_unless(case, own):
    case.crs().temp(37.0).pressor("NOREPINEPHRINE", 5, D3 + "10:00", D3 + "12:00")
    assert case.grade("SITE1", codelists=own) == 2


def test_drug_of_the_study(febrile, own):
    febrile.pressor("xyz-1", 5, D3 + "10:00", D3 + "12:00")
    assert febrile.grade() == 1
    assert febrile.grade(codelists=own) == 3


def test_our_systems_stay_as_they_are(febrile, own):
    systems = set(febrile.derive(codelists=own)["grades"]["SYSTEM"])
    assert systems == {
        "ASTCT2019",
        "LEE2014",
        "CTCAE4",
        "CTCAE5",
        "PENN",
        "MSKCC",
        "CARTOX",
        "SITE1",
    }


def test_error_names_list_row_and_column():
    schema = read_codelist("drugs").drop("ORDER").schema
    with pytest.raises(
        CodelistError, match=r"codelists\.drugs: row 2, column WAIVER: 'yes' is not Int64"
    ):
        own_rows("drugs", [{"DRUG": "a", "WAIVER": "1"}, {"DRUG": "b", "WAIVER": "yes"}], schema)
    with pytest.raises(CodelistError, match=r"codelists\.drugs: unknown column NAME"):
        own_rows("drugs", [{"NAME": "a"}], schema)


def test_missing_file_is_named(tmp_path):
    drop = tmp_path / "T"
    drop.mkdir()
    (drop / "study.yaml").write_text(
        "study: T\ntitle: t\ncohort: car_t\ndata_kind: test\nproducts: {A: [CART]}\n"
        "codelists: {drugs: nowhere.csv, drug: x.csv}\n"
    )
    with pytest.raises(StudyError) as caught:
        load_study(drop)
    assert [p.split(":")[0] for p in caught.value.problems] == ["codelists.drugs", "codelists.drug"]
