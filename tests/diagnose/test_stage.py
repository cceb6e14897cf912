"""What a stage as stated means: by cancer, system, edition, histology and age."""

from datetime import date

import pytest

from people import Case, primary, stage, stories, story

DAY, BORN_1980, BORN_1950 = date(2020, 6, 1), date(1980, 7, 1), date(1950, 7, 1)
PAPILLARY, ANAPLASTIC, MEDULLARY = "8260", "8021", "8345"


def group(value, edition=None, **facts):
    return stage(stage_group=value, stage_edition=edition, **facts)


def figo(value, edition=None):
    return group(value, edition, stage_system="figo")


GROUPS = {
    # Head and neck: IVA and IVB have M0, IVC has M1.
    "larynx_iva": ("larynx_glottic", group("IVA", "8"), "regional", None),
    "gum_ivb_without_edition": ("gum", group("IVB"), "regional", None),
    "hypopharynx_ivc": ("hypopharynx", group("IVC", "8"), "distant", None),
    "oropharynx_iv_may_be_m1_only_or_not": ("oropharynx", group("IV", "8"), "unknown", "distant"),
    "nasopharynx_ivb_8": ("nasopharynx", group("IVB", "8"), "distant", None),
    "nasopharynx_ivb_7": ("nasopharynx", group("IVB", "7"), "regional", None),
    "nasopharynx_ivb_without_edition": ("nasopharynx", group("IVB"), "unknown", "distant"),
    # Stage IV that may be M0.
    "prostate_iv_7": ("prostate", group("IV", "7"), "unknown", "distant"),
    "prostate_iva_8": ("prostate", group("IVA", "8"), "regional", None),
    "prostate_ivb": ("prostate", group("IVB"), "distant", None),
    "bladder_iva_8_may_be_nodes_far_away": ("bladder", group("IVA", "8"), "unknown", "distant"),
    "bladder_ivb_8": ("bladder", group("IVB", "8"), "distant", None),
    "kidney_iv": ("kidney", group("IV", "8"), "unknown", "distant"),
    "liver_iva": ("liver", group("IVA", "8"), "regional", None),
    "liver_ivb": ("liver", group("IVB", "8"), "distant", None),
    "esophagus_iva_6_is_m1a": ("esophagus", group("IVA", "6"), "distant", None),
    "esophagus_iva_8_is_m0": ("esophagus", group("IVA", "8"), "regional", None),
    "soft_tissue_iv_7": ("soft_tissue", group("IV", "7"), "distant", None),
    "soft_tissue_iv_8_may_be_nodes": ("soft_tissue", group("IV", "8"), "unknown", "distant"),
    "retroperitoneum_iv_8": ("retroperitoneum", group("IV", "8"), "distant", None),
    "testis_iiic": ("testis", group("IIIC", "7"), "unknown", "distant"),
    "pancreas_iva_is_no_group_of_today": ("pancreas", group("IVA"), "unknown", "distant"),
    "a_cancer_that_is_not_listed": ("parathyroid", group("IV"), "unknown", "distant"),
    # Stage IV that is always M1.
    "breast_iv": ("breast", group("IV"), "distant", None),
    "melanoma_iv": ("melanoma_skin", group("IV"), "distant", None),
    "lung_iva": ("lung", group("IVA", "8"), "distant", None),
    "colon_ivc": ("colon", group("IVC", "8"), "distant", None),
    # FIGO and its equals.
    "ovary_iiic_2014": ("ovary", figo("IIIC", "2014"), "distant", None),
    "ovary_iiic_may_be_nodes": ("ovary", figo("IIIC"), "unknown", "distant"),
    "ovary_iiib": ("ovary", figo("IIIB"), "distant", None),
    "ovary_iiia1_2014": ("ovary", figo("IIIA1", "2014"), "regional", None),
    "ovary_iii_8": ("ovary", group("IIIC", "8"), "distant", None),
    "tube_iva": ("fallopian_tube", figo("IVA"), "distant", None),
    "cervix_iva": ("cervix", figo("IVA"), "regional", None),
    "cervix_ivb": ("cervix", figo("IVB"), "distant", None),
    "cervix_iiic2": ("cervix", figo("IIIC2", "2018"), "regional", None),
    "cervix_iv": ("cervix", figo("IV"), "unknown", "distant"),
    "endometrium_iva": ("endometrium", figo("IVA"), "regional", None),
    "endometrium_ivb": ("endometrium", figo("IVB"), "distant", None),
    "vulva_iva": ("vulva", figo("IVA", "2009"), "regional", None),
    "vagina_ivb": ("vagina", figo("IVB"), "distant", None),
    "trophoblast_iii_is_lung": ("placenta", figo("III"), "distant", None),
    "trophoblast_ii": ("placenta", figo("II"), "regional", None),
    # Other systems.
    "dukes_c": ("colon", group("C", stage_system="dukes"), "regional", None),
    "dukes_c2": ("rectum", group("C2", stage_system="dukes"), "regional", None),
    "dukes_d": ("colon", group("D", stage_system="dukes"), "distant", None),
    "dukes_b_may_be_either": ("colon", group("B", stage_system="dukes"), "unknown", "regional"),
    "wilms_iv": ("kidney", group("IV", stage_system="wilms"), "distant", None),
    "neuroblastoma_m": ("adrenal", group("M", stage_system="inrgss"), "distant", None),
    "rhabdomyosarcoma_iv": ("soft_tissue", group("IV", stage_system="rhabdomyosarcoma"),
                            "distant", None),
    # What is no stage, or of no system we know.
    "clark_level": ("melanoma_skin", group("IV", stage_system="clark"), "unknown", None),
    "grade_group": ("prostate", group("4", stage_system="gleason_group"), "unknown", None),
    "a_system_that_is_not_known": ("breast", group("IV", stage_system="xyz"), "unknown", None),
    "binet": ("lymphoma", group("C", stage_system="binet"), "not_applicable", None),
    "ann_arbor": ("lymphoma", group("IV", stage_system="lymphoma"), "not_applicable", None),
    "iss": ("myeloma", group("III", stage_system="iss"), "not_applicable", None),
    # T of the ovary: deposits beyond the pelvis are far away, although M0.
    "ovary_t3c": ("ovary", stage(t="3c", n="0", m="0"), "distant", None),
    "cervix_t1": ("cervix", stage(t="1", n="0", m="0"), "unknown", None),
}  # fmt: skip


group_story = stories(
    {name: Case([primary(cancer), stated]) for name, (cancer, stated, *_) in GROUPS.items()}
)


@pytest.mark.parametrize("case", GROUPS)
def test_meaning_of_a_stage(case) -> None:
    disease = group_story(case).disease.row(0, named=True)
    *_, extent, possible = GROUPS[case]
    assert (disease["extent"], disease["possible_extent"]) == (extent, possible)


THYROID = {
    "young_ii_8_is_m1": (PAPILLARY, BORN_1980, group("II", "8"), "distant", None),
    "old_ii_8_is_m0": (PAPILLARY, BORN_1950, group("II", "8"), "unknown", "regional"),
    "young_without_edition": (PAPILLARY, BORN_1980, group("II"), "distant", None),
    "between_45_and_54_hangs_on_the_edition": (
        PAPILLARY, date(1970, 7, 1), group("II"), "unknown", "distant",
    ),
    "at_50_ii_7": (PAPILLARY, date(1970, 7, 1), group("II", "7"), "localized", None),
    "at_50_ii_8": (PAPILLARY, date(1970, 7, 1), group("II", "8"), "distant", None),
    "age_not_known": (PAPILLARY, None, group("II", "8"), "unknown", "distant"),
    "histology_not_known": (None, BORN_1980, group("II", "8"), "unknown", "distant"),
    "old_iva_8": (PAPILLARY, BORN_1950, group("IVA", "8"), "regional", None),
    "old_ivb_8": (PAPILLARY, BORN_1950, group("IVB", "8"), "distant", None),
    "old_ivb_7": (PAPILLARY, BORN_1950, group("IVB", "7"), "regional", None),
    "old_ivc_7": (PAPILLARY, BORN_1950, group("IVC", "7"), "distant", None),
    "anaplastic_iva_may_be_confined": (ANAPLASTIC, BORN_1980, group("IVA", "8"),
                                       "unknown", "regional"),
    "anaplastic_ivb": (ANAPLASTIC, BORN_1980, group("IVB", "8"), "regional", None),
    "anaplastic_ivc": (ANAPLASTIC, None, group("IVC"), "distant", None),
    "medullary_ii_is_not_m1": (MEDULLARY, BORN_1980, group("II", "8"), "unknown", "regional"),
    "medullary_ivb": (MEDULLARY, BORN_1980, group("IVB"), "regional", None),
}  # fmt: skip


thyroid_story = stories({
    name: Case(
        [primary("thyroid", morphology=histology, date=DAY), stated], life={"birth_date": born}
    )
    for name, (histology, born, stated, *_) in THYROID.items()
})  # fmt: skip


@pytest.mark.parametrize("case", THYROID)
def test_thyroid_goes_by_age_and_histology(case) -> None:
    disease = thyroid_story(case).disease.row(0, named=True)
    *_, extent, possible = THYROID[case]
    assert (disease["extent"], disease["possible_extent"]) == (extent, possible)


def test_a_diagnosis_by_year_gives_an_age_only_where_all_of_the_year_does() -> None:
    def extent(born: date) -> str:
        tumor = primary(
            "thyroid", morphology=PAPILLARY, date=date(2020, 1, 1), date_precision="year"
        )
        return story(tumor, group("II", "8"), life={"birth_date": born}).disease["extent"].item()

    assert extent(date(1966, 1, 1)) == "distant"  # 54 all through 2020
    assert extent(date(1965, 7, 1)) == "unknown"  # turns 55 in it


BESIDE_M = {
    "open_group_with_m0_is_regional": ("prostate", group("IV", "7"), "0", "regional", None),
    "open_group_with_m1_is_distant": ("prostate", group("IV", "7"), "1", "distant", None),
    "ovary_iiic_goes_with_m0": ("ovary", group("IIIC", "8"), "0", "distant", None),
    "ovary_iii_with_m0_stays_open": ("ovary", group("III", "8"), "0", "unknown", "distant"),
    "group_that_m0_denies_is_open": ("colon", group("IV"), "0", "unknown", "distant"),
}


beside_m = stories({
    name: Case([primary(cancer), stated | {"date": DAY}, stage(m=m, date=DAY)])
    for name, (cancer, stated, m, *_) in BESIDE_M.items()
})  # fmt: skip


@pytest.mark.parametrize("case", BESIDE_M)
def test_groups_are_read_beside_m(case) -> None:
    tables = beside_m(case)
    cancer, _, _, extent, possible = BESIDE_M[case]
    disease = tables.disease.row(0, named=True)
    assert (disease["extent"], disease["possible_extent"]) == (extent, possible)
    contradicted = "conflict.stage_extent" in tables.conflict["kind"].to_list()
    assert contradicted == (cancer == "colon")


def test_a_grade_is_no_stage_of_the_disease() -> None:
    rows = [
        group("4", stage_system="gleason_group", date=date(2019, 1, 1)),
        group("IIB", "8", stage_system="ajcc", date=DAY),
    ]
    disease = story(primary("prostate"), *rows).disease
    assert disease.select("stage_group", "stage_system").rows() == [("IIB", "ajcc")]


def test_t_n_and_m_are_never_of_a_blood_cancer_beside_another() -> None:
    told = story(
        primary("rectum", date=date(2019, 5, 1), certainty="probable", source_ref="r1"),
        primary("lymphoma", date=date(2014, 9, 19), source_ref="r2"),
        stage(t="3", m="1b", stage_group="I", date=date(2014, 9, 9), source_ref="r3"),
    ).disease
    assert dict(told.select("primary", "extent").iter_rows())["rectum"] == "distant"
