"""The tables that every step takes and gives: the contract of the whole package.

Input tables (`Records`) hold what a source says, row by row, with its place in the source. Derived
tables (`Story`) hold what follows, each row with the ids of its evidence. The data dictionary in
`docs/reference/tables.md` is generated from this file.

Ids of patients, documents and evidence are opaque strings. An `evidence_id` is unique within its
patient and does not depend on the order of rows, so the same record gives the same ids again.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

import dataframely as dy
import polars as pl

from outspread.casting import casting

POLARITY: Final = ("affirmed", "negated")
CERTAINTY: Final = ("possible", "probable", "confirmed")  # in rising order
TEMPORALITY: Final = ("current", "historical", "planned")
EXPERIENCER: Final = ("patient", "other")
SOURCE_KIND: Final = ("fhir", "naaccr", "omop", "columns", "document")
DATE_PRECISION: Final = ("day", "month", "year")
LATERALITY: Final = ("left", "right", "bilateral", "midline", "one_side")
SIDE: Final = ("ipsilateral", "contralateral", "bilateral")
BEHAVIOR: Final = ("benign", "borderline", "in_situ", "malignant", "metastatic", "unknown")
FINDING_KIND: Final = ("tumor", "stage", "status")
ROLE: Final = ("primary", "secondary", "undetermined")
METHOD: Final = ("imaging", "pathology", "exam", "laboratory", "registry", "history")
CONTIGUITY: Final = ("contiguous", "discontiguous")
STAGE_BASIS: Final = ("clinical", "pathological", "post_therapy", "unspecified")
STAGE_MEASURES: Final = ("extent", "blood", "grade", "depth", "risk")
STATUS: Final = (
    "undetermined",
    "no_sign_of_disease",
    "improved",
    "stable",
    "present",
    "worsened",
    "recurrence",
    "local_recurrence",
    "regional_recurrence",
    "distant_recurrence",
)  # in rising order of gravity; of two on one day the graver one counts
REACH: Final = ("local", "nearby_tissue", "regional_node", "distant_node", "distant", "unknown")
EXTENT: Final = ("in_situ", "localized", "regional", "distant", "unknown", "not_applicable")
ORIGIN_STATUS: Final = ("known", "unknown", "not_stated", "undetermined")
ATTRIBUTION: Final = (
    "is_primary",
    "stated",
    "linked",
    "own_organ",
    "histology",
    "only_primary",
    "stage",
    "undetermined",
    "none",
)
ROUTE: Final = (
    "direct_extension",
    "lymphatic",
    "hematogenous",
    "transcoelomic",
    "csf",
    "perineural",
    "unknown",
)
MODALITY: Final = (
    "surgery",
    "radiation",
    "chemotherapy",
    "hormone",
    "immunotherapy",
    "targeted",
    "radioligand",
    "transplant",
    "ablation",
    "supportive",
    "systemic",
    "other",
)
INTENT: Final = ("curative", "palliative", "supportive", "diagnostic")
TREATMENT_STATUS: Final = ("done", "ongoing", "planned", "refused", "stopped", "unknown")
SEVERITY: Final = ("info", "warning", "error")
FOLLOWED: Final = ("left", "right", "neither")
LESION_STATE: Final = ("present", "resolved", "removed")
EVENT_KIND: Final = (
    "diagnosis",
    "spread_suspected",
    "spread_found",
    "spread_returned",
    "primary_returned",
    "spread_resolved",
    "spread_removed",
    "primary_removed",
    "extent_change",
    "no_sign_of_disease",
    "status",
    "recurrence",
    "local_recurrence",
    "regional_recurrence",
    "distant_recurrence",
    "death",
)  # in the order in which events of one day are told


def _date(what: str) -> dy.Date:
    return dy.Date(nullable=True, description=what)


def _precision(of: str) -> dy.Enum:
    return dy.Enum(
        DATE_PRECISION,
        nullable=True,
        description=f"How much of {of} the source states; missing parts are set to their first.",
    )


def _ids(what: str) -> dy.List:
    return dy.List(dy.String(), description=what)


class Patient(dy.Schema):
    """One row per person."""

    patient_id = dy.String(primary_key=True, description="Owner of the record; opaque.")
    sex = dy.Enum(("female", "male", "other"), nullable=True, description="As stated.")
    birth_date = _date("Date of birth.")
    birth_date_precision = _precision("birth_date")
    death_date = _date("Date of death; empty where alive or not stated.")
    death_date_precision = _precision("death_date")
    is_dead = dy.Bool(nullable=True, description="Vital status; empty where not stated.")
    last_contact_date = _date("Last date on which something was known of the person.")


class Document(dy.Schema):
    """One row per note or report. The only table beside `raw` that holds text."""

    patient_id = dy.String(primary_key=True, description="Owner of the document.")
    document_id = dy.String(primary_key=True, description="Unique within the patient.")
    date = _date("Date of the document.")
    kind = dy.String(nullable=True, description="pathology, radiology, clinic note ...")
    text = dy.String(description="Text as read.")


class Evidence(dy.Schema):
    """Columns that every statement read from a source carries."""

    patient_id = dy.String(primary_key=True, description="Owner of the record; opaque.")
    evidence_id = dy.String(
        primary_key=True, description="Unique within the patient; made of source_ref and element."
    )
    date = _date("Date for which the statement holds.")
    date_precision = _precision("date")
    polarity = dy.Enum(POLARITY, description="Negated: the source says that it is not so.")
    certainty = dy.Enum(
        CERTAINTY, description="Strong hedges are probable and count; weak ones are possible."
    )
    temporality = dy.Enum(TEMPORALITY, description="Historical: of an earlier time, as stated.")
    experiencer = dy.Enum(EXPERIENCER, description="Other: a relative, not the patient.")
    source_kind = dy.Enum(SOURCE_KIND, description="Which reader read it.")
    source_ref = dy.String(description="Row of `raw` it was read from, as in `raw.source_ref`.")
    element = dy.String(nullable=True, description="Element, item or column within that row.")
    span_start = dy.Int32(nullable=True, min=0, description="First character, in a document.")
    span_end = dy.Int32(nullable=True, min=0, description="Character after the last one.")
    rule_id = dy.String(description="Reading rule; see docs/reference/rules.md.")
    about_ref = dy.String(
        nullable=True,
        description="`source_ref` of the condition it is about (FHIR focus, NAACCR tumor).",
    )


class Finding(Evidence):
    """One row per statement about a tumor somewhere, its stage or its course."""

    kind = dy.Enum(FINDING_KIND, description="What is stated: a tumor, its stage, its course.")
    role = dy.Enum(ROLE, nullable=True, description="Origin or spread, as stated (kind tumor).")
    code_system = dy.String(nullable=True, description="Vocabulary of `code`, our short name.")
    code = dy.String(nullable=True, description="Code as recorded.")
    primary = dy.String(nullable=True, description="Cancer named, id of anatomy/primaries.")
    site = dy.String(nullable=True, description="Place named, id of anatomy/sites.")
    topography = dy.String(nullable=True, regex=r"^C\d{2}(\.\d)?$", description="ICD-O-3 site.")
    laterality = dy.Enum(LATERALITY, nullable=True, description="Side as stated.")
    contiguity = dy.Enum(CONTIGUITY, nullable=True, description="Growth or separate deposit.")
    qualifier = dy.String(
        nullable=True, description="Lexicon words that narrow the place (same lobe, capsule)."
    )
    morphology = dy.String(nullable=True, regex=r"^\d{4}$", description="ICD-O-3 histology.")
    behavior = dy.Enum(BEHAVIOR, nullable=True, description="As stated by code or morphology.")
    grade = dy.String(nullable=True, description="Grade as stated.")
    size_mm = dy.Float32(nullable=True, min=0, description="Longest diameter, millimeters.")
    count = dy.Int32(nullable=True, min=0, description="Number of lesions.")
    origin = dy.String(nullable=True, description="Origin as stated, id of anatomy/primaries.")
    method = dy.Enum(METHOD, nullable=True, description="How it was seen.")
    stage_system = dy.String(nullable=True, description="ajcc, figo, binet ... (kind stage).")
    stage_edition = dy.String(nullable=True, description="Edition of that system.")
    stage_basis = dy.Enum(STAGE_BASIS, nullable=True, description="Clinical, pathological ...")
    t = dy.String(nullable=True, description="T category without prefix: 2, 4b, is.")
    n = dy.String(nullable=True, description="N category without prefix.")
    m = dy.String(
        nullable=True,
        description="M category without prefix; not_applicable kept. On a place: it counts as M.",
    )
    stage_group = dy.String(nullable=True, description="Stage group in Roman form: IIIC.")
    summary_stage = dy.String(nullable=True, description="SEER Summary Stage code as stated.")
    status = dy.Enum(STATUS, nullable=True, description="Course as stated (kind status).")


class Treatment(Evidence):
    """One row per treatment given, planned, refused or stopped. `date` is its start."""

    modality = dy.Enum(MODALITY, description="Kind of treatment.")
    code_system = dy.String(nullable=True, description="Vocabulary of `code`.")
    code = dy.String(nullable=True, description="Code as recorded.")
    agent = dy.String(nullable=True, description="Drug or procedure, lower case.")
    site = dy.String(nullable=True, description="Target, id of anatomy/sites.")
    laterality = dy.Enum(LATERALITY, nullable=True, description="Side of the target.")
    intent = dy.Enum(INTENT, nullable=True, description="As stated.")
    treatment_status = dy.Enum(TREATMENT_STATUS, description="Done, ongoing, planned ...")
    end_date = _date("Last day.")
    reason_primary = dy.String(nullable=True, description="Cancer coded as the reason.")
    reason_laterality = dy.Enum(LATERALITY, nullable=True, description="Side of that reason.")


class Measurement(Evidence):
    """One row per other fact that decisions turn on."""

    name = dy.String(description="ecog, er, pr, her2, psa, msi ... (read/data names).")
    code_system = dy.String(nullable=True, description="Vocabulary of `code`.")
    code = dy.String(nullable=True, description="Code as recorded.")
    value = dy.String(nullable=True, description="positive, negative ... where coded.")
    value_number = dy.Float64(nullable=True, description="Where numeric.")
    unit = dy.String(nullable=True, description="Unit as stated.")
    site = dy.String(nullable=True, description="Where taken, id of anatomy/sites.")


class Raw(dy.Schema):
    """One row per slice of a source that evidence points to, as read."""

    patient_id = dy.String(primary_key=True, description="Owner.")
    source_ref = dy.String(primary_key=True, description="Unique within the patient.")
    source_kind = dy.Enum(SOURCE_KIND, description="Which reader read it.")
    file = dy.String(nullable=True, description="Name of the file, without its folder.")
    place = dy.String(nullable=True, description="Line, entry or row in that file.")
    content = dy.String(description="The slice: JSON, XML or text.")


class Issue(dy.Schema):
    """One row per thing that could not be used. Never holds the value itself."""

    severity = dy.Enum(SEVERITY, description="error: set aside; warning: used in part.")
    code = dy.String(regex=r"^[RD]\d{3}$", description="Stable code; docs/reference/issues.md.")
    file = dy.String(nullable=True, description="Name of the file, without its folder.")
    place = dy.String(nullable=True, description="Line, entry, resource or row.")
    field = dy.String(nullable=True, description="Element, item or column.")
    reason = dy.String(description="What is wrong with it.")
    patient_id = dy.String(nullable=True, description="Owner, where known.")


class Disease(dy.Schema):
    """One row per cancer of one origin in one patient."""

    patient_id = dy.String(primary_key=True, description="Owner of the record.")
    disease_id = dy.Int32(primary_key=True, min=0, description="0-based within the patient.")
    name = dy.String(description="By its origin: breast cancer with bone metastases.")
    primary = dy.String(nullable=True, description="Origin, id of anatomy/primaries.")
    origin_status = dy.Enum(
        ORIGIN_STATUS,
        description="unknown: the record says so; undetermined: one of several primaries.",
    )
    candidate_primaries = dy.List(
        dy.String(),
        nullable=True,
        description="Possible origins where it is undetermined, most likely first.",
    )
    candidate_reasons = dy.List(
        dy.String(), nullable=True, description="Why they are ranked so, one for each of them."
    )
    topography = dy.String(nullable=True, description="ICD-O-3 site of the origin.")
    laterality = dy.Enum(LATERALITY, nullable=True, description="Side of the origin.")
    morphology = dy.String(nullable=True, description="ICD-O-3 histology.")
    behavior = dy.Enum(BEHAVIOR, nullable=True, description="Of the origin.")
    certainty = dy.Enum(CERTAINTY, description="That there is this cancer.")
    diagnosed_date = _date("First dated evidence of the primary.")
    diagnosed_date_precision = _precision("diagnosed_date")
    extent = dy.Enum(EXTENT, description="Greatest confirmed spread up to as_of.")
    extent_rule = dy.String(description="Rule that settled `extent`.")
    extent_evidence_ids = _ids("Evidence that settled `extent`.")
    possible_extent = dy.Enum(
        EXTENT, nullable=True, description="Greater spread that is possible, not confirmed."
    )
    status = dy.Enum(
        STATUS, nullable=True, description="Status now: last stated, or spread since; empty: none."
    )
    status_rule = dy.String(nullable=True, description="Rule that gave `status`.")
    status_date = _date("Date of `status`.")
    status_date_precision = _precision("status_date")
    status_evidence_ids = _ids("Evidence of `status`.")
    summary_stage = dy.String(nullable=True, description="SEER Summary Stage as stated.")
    derived_summary_stage = dy.String(
        nullable=True,
        description="Summary Stage at diagnosis that the official algorithm derives, where one is "
        "given and the registry's items allow it.",
    )
    derived_summary_stage_by = dy.String(
        nullable=True, description="Algorithm, version and schema that derived it."
    )
    stage_system = dy.String(nullable=True, description="System of the stage as stated.")
    stage_edition = dy.String(nullable=True, description="Its edition.")
    stage_group = dy.String(
        nullable=True, description="Stage group of the staging as first stated."
    )
    t = dy.String(nullable=True, description="T of the same staging.")
    n = dy.String(nullable=True, description="N of the same staging.")
    m = dy.String(nullable=True, description="M of the same staging.")
    stage_evidence_ids = _ids("Evidence of these.")
    first_regional_date = _date("First dated regional spread.")
    first_regional_date_precision = _precision("first_regional_date")
    first_distant_date = _date("First dated spread to another part of the body.")
    first_distant_date_precision = _precision("first_distant_date")
    timing = dy.Enum(
        ("synchronous", "metachronous", "unknown"),
        nullable=True,
        description="Distant spread with a known primary, or after it; empty: none, or no origin.",
    )
    interval_days = dy.Int32(nullable=True, description="diagnosed_date to first_distant_date.")
    min_interval_days = dy.Int32(
        nullable=True, description="Least that the interval can be where dates are partial."
    )
    max_interval_days = dy.Int32(nullable=True, description="Most that it can be.")
    evidence_ids = _ids("Evidence of the disease itself.")
    rule_ids = _ids("Rules used for identity and name.")


class Lesion(dy.Schema):
    """One row per place where a disease has been found, its origin included."""

    patient_id = dy.String(primary_key=True, description="Owner of the record.")
    lesion_id = dy.Int32(primary_key=True, min=0, description="0-based within the patient.")
    disease_id = dy.Int32(min=0, description="Disease it belongs to.")
    role = dy.Enum(ROLE, description="Origin or spread.")
    site = dy.String(nullable=True, description="Id of anatomy/sites; empty: not stated.")
    report_site = dy.String(nullable=True, description="Coarser site used in names and counts.")
    laterality = dy.Enum(LATERALITY, nullable=True, description="Side.")
    side = dy.Enum(SIDE, nullable=True, description="Side relative to the primary.")
    contiguity = dy.Enum(CONTIGUITY, nullable=True, description="Growth or deposit, if stated.")
    attribution = dy.Enum(ATTRIBUTION, description="Why it belongs to this disease.")
    reach = dy.Enum(REACH, nullable=True, description="Plain axis; empty for blood cancers.")
    candidate_reaches = dy.List(
        dy.String(), nullable=True, description="What it may be where reach is unknown."
    )
    tnm_field = dy.String(nullable=True, description="Where TNM counts it: T, N, M.")
    summary_stage_class = dy.String(nullable=True, description="Where Summary Stage counts it.")
    route = dy.Enum(ROUTE, nullable=True, description="Usual way there; not proven.")
    certainty = dy.Enum(CERTAINTY, description="Highest of its evidence.")
    first_seen_date = _date("First dated evidence.")
    first_seen_date_precision = _precision("first_seen_date")
    last_seen_date = _date("Last dated evidence.")
    state = dy.Enum(
        LESION_STATE,
        nullable=True,
        description="As last known; present also means not looked at again. Empty: possible only.",
    )
    state_date = _date("Date since which `state` holds.")
    state_date_precision = _precision("state_date")
    state_evidence_ids = _ids("Evidence of `state`.")
    size_mm = dy.Float32(nullable=True, description="Largest stated diameter.")
    count = dy.Int32(nullable=True, description="Largest stated number.")
    decided_by = dy.String(nullable=True, description="Kind of knowledge that decided reach.")
    knowledge_rows = _ids("Rows of the anatomy tables that decided.")
    evidence_ids = _ids("Evidence of this place.")


class Staging(dy.Schema):
    """One row per staging as stated, in its own system, and what it means for the extent."""

    patient_id = dy.String(primary_key=True, description="Owner of the record.")
    staging_id = dy.Int32(primary_key=True, min=0, description="0-based within the patient.")
    disease_id = dy.Int32(nullable=True, description="Disease it is of; empty: cannot be told.")
    system = dy.String(nullable=True, description="ajcc, figo, binet ...; diagnose/data.")
    measures = dy.Enum(
        STAGE_MEASURES,
        nullable=True,
        description="What the system measures; only extent says how far. Empty: not known to us.",
    )
    edition = dy.String(nullable=True, description="Edition of that system.")
    basis = dy.Enum(STAGE_BASIS, nullable=True, description="Clinical, pathological ...")
    date = _date("Date of the staging.")
    date_precision = _precision("date")
    t = dy.String(nullable=True, description="T as stated.")
    n = dy.String(nullable=True, description="N as stated.")
    m = dy.String(nullable=True, description="M as stated.")
    stage_group = dy.String(nullable=True, description="Stage group, or the level of a grade.")
    summary_stage = dy.String(nullable=True, description="SEER Summary Stage as stated.")
    means_lower = dy.Enum(EXTENT, nullable=True, description="At least this far; empty: unsaid.")
    means_upper = dy.Enum(EXTENT, nullable=True, description="At most this far; empty: unsaid.")
    rule_ids = _ids("Rules that give the meaning.")
    knowledge_rows = _ids("Rows of diagnose/data/stage_extent.csv that give the meaning.")
    evidence_ids = _ids("Its evidence.")


class Conflict(dy.Schema):
    """One row per disagreement within a record."""

    patient_id = dy.String(primary_key=True, description="Owner of the record.")
    conflict_id = dy.Int32(primary_key=True, min=0, description="0-based within the patient.")
    disease_id = dy.Int32(nullable=True, description="Disease it touches.")
    kind = dy.String(description="Rule that found it; diagnose/data/rules.csv.")
    severity = dy.Enum(SEVERITY, description="error: extent hangs on it.")
    left_says = dy.String(description="One side, in words.")
    left_evidence_ids = _ids("Its evidence.")
    right_says = dy.String(description="The other side, in words.")
    right_evidence_ids = _ids("Its evidence.")
    followed = dy.Enum(FOLLOWED, description="Which one the story follows.")
    rule = dy.String(description="Rule of precedence; diagnose/data/rules.csv.")
    reason = dy.String(description="Why.")
    settled_by = dy.String(description="What is missing that would settle it.")


class Event(dy.Schema):
    """One row per event in the course of a disease, in the order of dates, undated ones last.

    Treatments stand in their own table.
    """

    patient_id = dy.String(primary_key=True, description="Owner of the record.")
    event_id = dy.Int32(primary_key=True, min=0, description="0-based within the patient.")
    disease_id = dy.Int32(min=0, description="Disease whose course it is.")
    date = _date("When; empty: not dated.")
    date_precision = _precision("date")
    kind = dy.Enum(EVENT_KIND, description="What happened.")
    status = dy.Enum(STATUS, nullable=True, description="The course, where it changes here.")
    lesion_id = dy.Int32(nullable=True, description="Place that it is about.")
    extent = dy.Enum(
        EXTENT, nullable=True, description="Greatest extent by then; empty where not dated."
    )
    rule_id = dy.String(description="Rule that gave it; diagnose/data/rules.csv.")
    evidence_ids = _ids("Its evidence; empty for a death told by `patient`.")


RECORD_TABLES: Final[dict[str, type[dy.Schema]]] = {
    "patient": Patient,
    "document": Document,
    "finding": Finding,
    "treatment": Treatment,
    "measurement": Measurement,
    "raw": Raw,
    "issue": Issue,
}
STORY_TABLES: Final[dict[str, type[dy.Schema]]] = {
    "disease": Disease,
    "lesion": Lesion,
    "staging": Staging,
    "conflict": Conflict,
    "event": Event,
}
TABLES: Final[dict[str, type[dy.Schema]]] = RECORD_TABLES | STORY_TABLES


@cache
def polars_schema(table: str) -> dict[str, pl.DataType]:
    """Column names and Polars types of one table.

    Examples
    --------
    >>> polars_schema("issue")["severity"]
    Enum(categories=['info', 'warning', 'error'])
    """
    return {name: column.dtype for name, column in TABLES[table].columns().items()}


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Bring a frame to a table's columns, order and types; missing columns become empty.

    Raises
    ------
    polars.exceptions.InvalidOperationError
        If a value is outside a closed set of the table.
    """
    return _conforming(table)(frame)


@cache
def _conforming(table: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return casting(polars_schema(table))
