"""NAACCR items as plain rows, without any meaning."""

from collections.abc import Iterator, Sequence

from outspread.read.naaccr.xml import FOREIGN, LOST, LOST_PATIENT, PATIENT, TUMOR, UNKNOWN, Elements


def item_rows(
    elements: Elements, names: Sequence[str], shared: dict[str, str]
) -> Iterator[dict[str, str]]:
    """One dict per Tumor, with the items of its Patient and of the root.

    Parameters
    ----------
    elements
        Whole patients.
    names
        Id of each item by its number.
    shared
        Items of the root; filled here where they are met.
    """
    ends = [*elements.marks[1:], len(elements.texts)][: len(elements.marks)]
    patient: dict[str, str] | None = None
    holder: dict[str, str] | None = shared
    tumors: list[dict[str, str]] = []
    for number, mark, end in zip(elements.numbers, elements.marks, ends, strict=True):
        if number >= 0 and holder is not None and number < len(names) and end > mark:
            if text := elements.texts[mark].strip():
                holder.setdefault(names[number], text)
        elif number in (PATIENT, LOST_PATIENT):
            yield from _merged(shared, patient, tumors)
            holder = patient = {} if number == PATIENT else None
            tumors = []
        elif number == TUMOR and patient is not None:
            holder = {}
            tumors.append(holder)
        elif number in (UNKNOWN, FOREIGN, LOST):
            holder = None
    yield from _merged(shared, patient, tumors)


def _merged(
    shared: dict[str, str], patient: dict[str, str] | None, tumors: list[dict[str, str]]
) -> Iterator[dict[str, str]]:
    if patient is not None:
        for tumor in tumors or [{}]:
            yield shared | patient | tumor
