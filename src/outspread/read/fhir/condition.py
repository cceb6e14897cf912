"""Conditions and family histories: which tumor, where, on which side, how sure, how it goes on.

One condition may give several findings: one per body site, one for its histology, one per stage,
one for its clinical status. What they are depends on a few concepts only, so each combination is
worked out once (a plan) and then reused.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from outspread.read.dates import NO_DAY, Day
from outspread.read.fhir.elements import extensions, first_code, first_fact, place_keys
from outspread.read.fhir.own import INFERRED, LAST_SEEN, NO_OWN, Own, own_facts
from outspread.read.fhir.reader import FORM_ERRORS, Reader, read_places
from outspread.read.fhir.references import NO_BUNDLE, look_up, reference_of, resolve
from outspread.read.fhir.stage import OTHER_SYSTEMS, read_stage, stage_facts
from outspread.read.meanings import (
    Key,
    Meaning,
    concept_key,
    read_morphology,
    with_histology,
)
from outspread.read.places import is_generic, is_within, organ_of, primary_at
from outspread.read.vocabulary import codes, words
from outspread.tables import CERTAINTY

Json = Mapping[str, Any]
_ABATEMENT: Final = ("abatementDateTime", "abatementPeriod")
_ONSET: Final = ("onsetDateTime", "onsetPeriod", "recordedDate", "dateRecorded")
_PRIMARY_PROFILE: Final = "primary-cancer-condition"


_STAGE_AXES: Final = ("t", "n", "m")
Facts = dict[str, object]


class Parts(NamedTuple):
    """What a condition's findings depend on."""

    key: Key
    verification: str | None
    clinical: str | None
    places: tuple[tuple[Key, Key | None], ...] = ()
    histology: Key | None = None
    is_profiled: bool = False
    side: str | None = None  # stated beside the code
    own: Own = NO_OWN


class Plan(NamedTuple):
    """The findings of a condition as shared facts, and what is noted about it."""

    facts: tuple[int, ...] = ()
    again: tuple[int, ...] = ()  # the same, as last seen
    status: int | None = None
    notes: tuple[tuple[str, str], ...] = ()
    shared: Facts | None = None
    is_open: bool = False  # the code leaves the role open; a profile may settle it


def read_condition(resource: Json, reader: Reader) -> None:
    """Read one Condition, of R4 or of the older DSTU2 form; not of cancer: nothing."""
    plan = _bare_plan(resource, reader)
    if not plan.facts and not plan.notes:
        return
    related, asserted = None, NO_DAY
    side = _side_of_code(resource.get("code"))
    if plan.is_open or side or "bodySite" in resource or "extension" in resource:
        histology, related, asserted = _extensions(resource, reader)
        parts = _parts(resource, reader, histology)
        if any(name == INFERRED for name, _ in parts.own):
            return
        plan = _plan(reader, parts)
    for note in plan.notes:
        reader.note(*note)
    if not plan.facts:
        return
    finding = reader.sheets.finding
    day = asserted if asserted.days is not None else reader.day(resource, _ONSET)
    for fact in plan.facts:
        reader.add(finding, fact, day, about=related)
    for fact in plan.again:
        last = reader.day(dict(own_facts(resource)), (LAST_SEEN,))
        reader.add(finding, fact, last, about=related)
    if plan.status is not None:
        ended = reader.day(resource, _ABATEMENT)
        own = reference_of(resource, reader.url)
        reader.add(finding, plan.status, ended, about=own)
    if "stage" in resource:
        _read_stages(resource, reader, plan.shared or {})


def _bare_plan(resource: Json, reader: Reader) -> Plan:
    """Plan of code and status alone. Nearly all conditions have one coding and both statuses."""
    try:
        concept = resource["code"]
        (coding,) = concept["coding"]
        short = (
            coding["system"],
            coding["code"],
            coding.get("display"),
            concept.get("text"),
            resource["verificationStatus"]["coding"][0]["code"],
            resource["clinicalStatus"]["coding"][0]["code"],
        )
    except FORM_ERRORS:
        return _plan(reader, Parts(concept_key(resource.get("code")), *_statuses(resource)))
    plan: Plan | None = reader.plans.get(short)
    if plan is None:
        plan = _plan(reader, Parts(concept_key(concept), *short[4:]))
        if not reader.meanings.missing:
            reader.plans[short] = plan
    return plan


def _side_of_code(concept: Any) -> str | None:
    """Side that is stated beside a code, as German records do; null where none is."""
    for coding in concept.get("coding") or () if isinstance(concept, dict) else ():
        for name, extension in extensions(coding) if "extension" in coding else ():
            code = str((extension.get("valueCoding") or {}).get("code"))
            stated = words("side_of_code").get(code)
            if name == "side_of_code" and stated:
                return stated[0]
    return None


def _statuses(resource: Json) -> tuple[str | None, str | None]:
    stated = resource.get("verificationStatus"), resource.get("clinicalStatus")
    return first_code(stated[0]), first_code(stated[1])


def _parts(resource: Json, reader: Reader, histology: Key | None) -> Parts:
    profiles = (resource.get("meta") or {}).get("profile") or ()
    key = concept_key(resource.get("code"))
    morphology, behavior = _histology(reader, histology, [])
    if morphology:
        key = with_histology(key, (morphology, behavior))
    return Parts(
        key,
        *_statuses(resource),
        place_keys(resource.get("bodySite")),
        histology,
        any(str(profile).endswith(_PRIMARY_PROFILE) for profile in profiles),
        _side_of_code(resource.get("code")),
        own_facts(resource),
    )


def describe_condition(ref: str | None, reader: Reader) -> Facts | None:
    """Role, cancer and place of a condition of the same bundle; None where it is not there."""
    resource = reader.bundle.by_ref.get(ref) if ref else None
    if resource is None:
        return None
    histology, _, _ = _extensions(resource, reader)
    parts = _parts(resource, reader, histology)
    tumor = _tumors(reader, reader.meaning(parts.key), parts, [])[0]
    own = dict(parts.own)
    beside = {name: own.get(name) for name in ("contiguity", "qualifier")}
    return {name: tumor[name] for name in ("role", "primary", "site", "laterality")} | beside


def _extensions(resource: Json, reader: Reader) -> tuple[Key | None, str | None, Day]:
    """Histology, primary that a secondary belongs to, and date of assertion."""
    histology, related, asserted = None, None, NO_DAY
    if "extension" not in resource:
        return histology, related, asserted
    for name, extension in extensions(resource):
        if name == "histology":
            histology = concept_key(extension.get("valueCodeableConcept"))
        elif name == "related":
            related = resolve(extension.get("valueReference"), resource, reader.bundle)
        elif name == "asserted_date" and not resource.keys() & set(_ONSET[:2]):
            asserted = reader.day(extension, ("valueDateTime",))
    return histology, related, asserted


def _plan(reader: Reader, parts: Parts) -> Plan:
    """Work out what a combination gives; remembered unless it has concepts not yet resolved."""
    known: Plan | None = reader.plans.get(parts)
    if known is not None:
        return known
    meaning = reader.meaning(parts.key)
    notes = [(meaning.issue, "code")] if meaning.issue else []
    stated = words("verification").get(parts.verification or "", ("confirmed", "affirmed"))
    certainty, polarity = stated
    if not meaning.is_tumor:
        plan = Plan(notes=tuple(notes))
    elif certainty == "dropped":
        plan = Plan(notes=(("R040", "verificationStatus"),))
    else:
        shared: Facts = {
            "polarity": polarity,
            "certainty": min(certainty, meaning.certainty, key=CERTAINTY.index),
            "temporality": meaning.temporality,
            "experiencer": "patient",
        }
        stated_by_us = {name: fact for name, fact in parts.own if name != LAST_SEEN}
        rows = [row | stated_by_us for row in _tumors(reader, meaning, parts, notes)]
        is_seen_again = LAST_SEEN in dict(parts.own)
        if meaning.stage_group:
            rows.append(_stage_in_code(meaning))
        fact = reader.sheets.finding.fact
        status = _status(parts.clinical) if polarity == "affirmed" else None
        plan = Plan(
            facts=tuple(fact(shared | row) for row in rows),
            again=tuple(
                fact(shared | row | {"element": f"{row['element']}:last_seen"})
                for row in rows
                if is_seen_again
            ),
            status=fact(shared | status) if status else None,
            notes=tuple(notes),
            shared=shared,
            is_open=meaning.role == "undetermined",
        )
    if not reader.meanings.missing:
        reader.plans[parts] = plan
    return plan


def _tumors(
    reader: Reader, meaning: Meaning, parts: Parts, notes: list[tuple[str, str]]
) -> list[Facts]:
    """One row per place, and one for the histology, which may disagree with the code."""
    morphology, behavior = _histology(reader, parts.histology, notes)
    role = meaning.role
    if role == "undetermined":
        role = _settle_role(behavior, is_profiled=parts.is_profiled)
    places = read_places(reader, parts.places)
    located = _locate(meaning, places, parts.side, notes)
    primary = meaning.primary
    if role == "primary" and primary is None:
        primary = primary_at(located[0][0])
    tumor: Facts = {"kind": "tumor", "role": role, "primary": primary, "origin": meaning.origin}
    coded = {
        "behavior": meaning.behavior,
        "morphology": meaning.morphology,
        "code_system": meaning.code_system,
        "code": meaning.code,
        "topography": meaning.topography,
        "rule_id": meaning.rule_id,
    }
    rows = [
        tumor | coded | {"site": site, "laterality": side, "element": element}
        for site, side, element in located
    ]
    if morphology:
        seen = {"morphology": morphology, "behavior": behavior, "method": "pathology"}
        where = {"site": located[0][0], "laterality": located[0][1], "element": "histology"}
        rows.append(tumor | seen | where | {"rule_id": "fhir.histology"})
    return rows


def _histology(
    reader: Reader, key: Key | None, notes: list[tuple[str, str]]
) -> tuple[str | None, str | None]:
    if key is None:
        return None, None
    if coded := read_morphology(key):
        return coded
    meaning = reader.meaning(key)
    if meaning.morphology is None:
        notes.append(("R035", "extension.histology"))
    return meaning.morphology, meaning.behavior


def _settle_role(behavior: str | None, *, is_profiled: bool) -> str:
    """Decide the role that a code leaves open by the histology's behavior, else by the profile."""
    if behavior == "metastatic":
        return "secondary"
    return "primary" if is_profiled or behavior in ("malignant", "in_situ") else "undetermined"


def _locate(
    meaning: Meaning,
    places: list[tuple[Meaning, str | None]],
    side: str | None,
    notes: list[tuple[str, str]],
) -> list[tuple[str | None, str | None, str]]:
    """Sites with their sides: those of the body sites where they fit the code, else the code's.

    A body site that lies in the place that the code names makes it finer; one that lies elsewhere
    is noted and not used. Where the code names no place, each body site is a place of its own.
    `side` is the one that is stated beside the code.
    """
    whole = None if is_generic(meaning.site) else meaning.site
    whole = whole or organ_of(meaning.primary)
    located = []
    for place, stated in places:
        side = side or stated
        if place.site is None:
            notes.append(("R034", "bodySite"))
            continue
        is_finer = whole is None or is_within(place.site, whole)
        if not is_finer and not is_within(whole, place.site):
            notes.append(("R032", "bodySite"))
            continue
        own_side = stated or place.laterality or side
        located.append((place.site if is_finer else meaning.site, own_side))
    located = located or [(meaning.site, side)]
    if any(own not in (None, meaning.laterality) for _, own in located) and meaning.laterality:
        notes.append(("R033", "bodySite"))
    return [
        (site, meaning.laterality or own, f"bodySite[{number}]" if number else "code")
        for number, (site, own) in enumerate(dict.fromkeys(located))
    ]


def _stage_in_code(meaning: Meaning) -> Facts:
    return {
        "kind": "stage",
        "element": "code:stage",
        "code_system": meaning.code_system,
        "code": meaning.code,
        "stage_system": "tnm",
        "stage_basis": "unspecified",
        "stage_group": meaning.stage_group,
        "rule_id": "fhir.stage_in_code",
    }


def _status(clinical: str | None) -> Facts | None:
    known = words("clinical_status").get(clinical or "")
    if known is None:
        return None
    status, certainty = known
    return {
        "kind": "status",
        "element": "clinicalStatus",
        "status": status,
        "certainty": certainty,
        "rule_id": "fhir.clinical_status",
    }


def _read_stages(resource: Json, reader: Reader, shared: Facts) -> None:
    """Read Condition.stage; each summary is a stage of this very condition."""
    own = reference_of(resource, reader.url)
    day = reader.day(resource, _ONSET)
    for number, stage in enumerate(resource["stage"] or ()):
        element = f"stage[{number}].summary"
        key = concept_key(stage.get("summary"))
        found = read_stage(key, "stage_group")
        values = [found] if found else [read_stage(key, axis) for axis in _STAGE_AXES]
        method = first_fact(stage.get("type"), codes("edition"))
        kind = first_fact(stage.get("type"), codes("observation"))
        scheme = kind.detail if kind and kind.means in OTHER_SYSTEMS else None
        facts: Facts = {}
        for value in filter(None, values):
            basis = kind.detail if kind and not scheme else None
            facts |= stage_facts(value, method=method, basis=basis, scheme=scheme)
        if facts:
            fact = reader.sheets.finding.fact(shared | facts | {"element": element})
            reader.add(reader.sheets.finding, fact, day, about=own)
        elif stage.get("summary"):
            reader.note("R036", element)
        _check_assessments(stage, resource, reader)


def _check_assessments(stage: Json, resource: Json, reader: Reader) -> None:
    """Note a stage that points to what is not there, or to another patient's observation."""
    if reader.bundle is NO_BUNDLE:
        return
    own = resolve(resource.get("subject"), resource, reader.bundle)
    for reference in stage.get("assessment") or ():
        found = look_up(reference, resource, reader.bundle)
        if found is None or resolve(found.get("subject"), found, reader.bundle) != own:
            reader.note("R013", "stage.assessment")


def read_family_history(resource: Json, reader: Reader) -> None:
    """Read the cancers of a relative; they are never the patient's own."""
    certainty, _ = words("event_status").get(str(resource.get("status")), ("confirmed", ""))
    if certainty == "dropped":
        return
    for number, condition in enumerate(resource.get("condition") or ()):
        meaning = reader.meaning(concept_key(condition.get("code")))
        if not meaning.is_tumor:
            continue
        facts: Facts = {
            "kind": "tumor",
            "element": f"condition[{number}].code",
            "role": meaning.role,
            "primary": meaning.primary,
            "site": meaning.site,
            "laterality": meaning.laterality,
            "behavior": meaning.behavior,
            "code_system": meaning.code_system,
            "code": meaning.code,
            "polarity": "affirmed",
            "certainty": min(certainty, meaning.certainty, key=CERTAINTY.index),
            "temporality": "historical",
            "experiencer": "other",
            "rule_id": "fhir.family_history",
        }
        fact = reader.sheets.finding.fact(facts)
        reader.add(reader.sheets.finding, fact, reader.day(resource, ("date",)))
