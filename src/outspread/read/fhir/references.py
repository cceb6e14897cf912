"""References between resources: relative, absolute, `urn:` through fullUrl, contained."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

Json = Mapping[str, Any]


class Bundle(NamedTuple):
    """The resources that can be looked up from each other."""

    by_url: dict[str, str]  # fullUrl -> "Type/id"
    by_ref: dict[str, Json]  # "Type/id" -> resource
    by_identifier: dict[tuple[str | None, str], str]  # of patients -> "Patient/id"
    notes: dict[str, set[tuple[str | None, str]]]  # what is worked out once for a bundle


NO_BUNDLE: Final = Bundle({}, {}, {}, {})


def tail_of(url: str) -> str:
    """Return the last part of a fullUrl, which is an id even where the resource has none."""
    return url.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def reference_of(resource: Json, url: str | None = None) -> str | None:
    """Return "Type/id" of a resource, with the id of its fullUrl where it has none of its own."""
    name = resource.get("id") or (tail_of(url) if isinstance(url, str) else None)
    return f"{resource.get('resourceType')}/{name}" if name else None


def identifier_name(identifier: object) -> tuple[str | None, str] | None:
    """Return (system, value) of an identifier; None where it has no value."""
    if not isinstance(identifier, dict) or not isinstance(identifier.get("value"), str):
        return None
    system = identifier.get("system")
    return (system if isinstance(system, str) else None), identifier["value"]


def index_bundle(entries: Iterable[tuple[str | None, Json]]) -> Bundle:
    """Index the (fullUrl, resource) pairs of a bundle."""
    bundle = Bundle({}, {}, {}, {})
    for url, resource in entries:
        ref = reference_of(resource, url)
        if ref is None:
            continue
        bundle.by_ref.setdefault(ref, resource)
        if isinstance(url, str):
            bundle.by_url[url] = ref
        if resource.get("resourceType") == "Patient":
            stated = resource.get("identifier")
            for identifier in stated if isinstance(stated, list) else ():
                name = identifier_name(identifier)
                if name:
                    bundle.by_identifier[name] = ref
    return bundle


def resolve(reference: Json | None, owner: Json, bundle: Bundle) -> str | None:
    """Turn a Reference into "Type/id"; None where it names no resource.

    A `urn:` that the bundle does not hold gives its own last part as the id, with the type that
    the reference states; a contained resource gets the name of its owner before its own.
    """
    ref = reference.get("reference") if reference else None
    if not isinstance(ref, str) or not ref:
        return None
    if ref in bundle.by_url:
        return bundle.by_url[ref]
    if ref.startswith("#"):
        return f"{reference_of(owner)}{ref}"
    if ref.startswith("urn:"):
        kind = reference.get("type") if reference else None
        name = tail_of(ref)
        return f"{kind or 'Unknown'}/{name}" if name else None
    if "?" in ref:
        return None
    parts = ref.split("/_history/")[0].rstrip("/").split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else None


def look_up(reference: Json | None, owner: Json, bundle: Bundle) -> Json | None:
    """Find the resource a Reference points to, contained or in the bundle; None if not there."""
    ref = reference.get("reference") if reference else None
    if isinstance(ref, str) and ref.startswith("#"):
        for resource in owner.get("contained") or ():
            if resource.get("id") == ref[1:]:
                return dict(resource)
    found = resolve(reference, owner, bundle)
    return bundle.by_ref.get(found) if found else None
