"""Patients and tumors: who it is, which cancer, where, when, and the name of each record."""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from outspread.anatomy.code_table import UNKNOWN_PRIMARY
from outspread.anatomy.codes import resolve_codes
from outspread.read.naaccr.checks import unpacked
from outspread.read.naaccr.knowledge import known_items
from outspread.read.naaccr.xml import PATIENT, TUMOR
from outspread.tables import ROLE

_MEANING: Final = dict.fromkeys(
    (
        "code",
        "code_morphology",
        "sex",
        "role",
        "primary",
        "site",
        "topography",
        "behavior",
        "morphology",
        "code_side",
    ),
    pl.String(),
)


def wide(coded: pl.DataFrame, becomes: str) -> pl.DataFrame:
    """One row per record with the named facts of one kind as columns: coded as meant, else as is.

    Values that are no code of their item give null.
    """
    found = coded.filter(pl.col("becomes") == becomes).select(
        "record", "name", value=pl.when(pl.col("codes").is_null()).then("value").otherwise("means")
    )
    names = known_items().filter(pl.col("becomes") == becomes)["name"]
    return found.pivot("name", on_columns=names, index="record", values="value")


def read_patients(
    records: pl.DataFrame, coded: pl.DataFrame, dates: pl.DataFrame, file: str
) -> pl.DataFrame:
    """One row per Patient element: `record`, `is_named` and the columns of the table `patient`.

    Of the dead the date of last contact is the date of death. A patient without id gets one made
    of the file name and the place.
    """
    is_dead = pl.col("vital_status") == "dead"
    death = pl.coalesce("dateOfDeathCanada", pl.when(is_dead).then("dateOfLastContact"))
    unnamed = pl.format("unnamed:{}.patient-{}", pl.lit(file), "patient")
    return (
        records.filter(pl.col("level") == PATIENT)
        .join(wide(coded, "patient"), on="record", how="left", maintain_order="left")
        .join(dates, on="record", how="left", maintain_order="left")
        .with_columns(death=death)
        .select(
            "record",
            pl.coalesce("patient_id", unnamed).alias("patient_id"),
            pl.col("patient_id").is_not_null().alias("is_named"),
            pl.coalesce("sex_at_birth", "sex").alias("sex"),
            *unpacked("dateOfBirth", "birth_date"),
            *unpacked("death", "death_date"),
            is_dead.alias("is_dead"),
            *unpacked("dateOfLastContact", "last_contact_date"),
            last_contact="dateOfLastContact",
        )
    )


def read_tumors(
    records: pl.DataFrame,
    patients: pl.DataFrame,
    coded: pl.DataFrame,
    dates: pl.DataFrame,
    *,
    meanings: "Meanings",
) -> pl.DataFrame:
    """One row per Tumor element: what it is, where, of whom.

    Returns
    -------
    `record`, `patient_id`, `source_ref`, the dates of the tumor, `role`, `primary`, `site`,
    `topography`, `laterality`, `morphology`, `behavior`, `method`, `tnm_edition`, `code` (the
    primary site as recorded); `role` is null where the codes name no tumor.
    """
    owners = patients.select("patient_id", "sex", "last_contact", owner="record")
    tumors = (
        records.filter(pl.col("level") == TUMOR)
        .join(owners, on="owner", maintain_order="left")
        .join(wide(coded, "tumor"), on="record", how="left", maintain_order="left")
        .join(dates, on="record", how="left", maintain_order="left")
    )
    name = pl.coalesce("sequence", "sequence_hospital", pl.col("tumor").cast(pl.String))
    facts = tumors.with_columns(
        source_ref=pl.format("Tumor/{}-{}", "patient_id", name),
        dateOfLastContact="last_contact",
        system=pl.lit("icdo3"),
        code="site",
        code_morphology=pl.concat_str(
            "histology", pl.lit("/"), pl.col("behavior").fill_null(""), ignore_nulls=False
        ).str.strip_suffix("/"),
        stated_side="laterality",
    )
    return _resolved(facts, meanings)


def _resolved(facts: pl.DataFrame, known: "Meanings") -> pl.DataFrame:
    """Add what topography, histology and behavior mean together."""
    key = ["code", "code_morphology", "sex"]
    known.learn(facts.select(key).unique())
    meant = facts.drop("site", "behavior", "laterality").join(
        known.meant, on=key, how="left", nulls_equal=True, maintain_order="left"
    )
    return meant.with_columns(laterality=pl.coalesce("stated_side", "code_side"))


@dataclass(slots=True)
class Meanings:
    """What combinations of topography, morphology and sex mean; each is resolved once a file.

    Parameters
    ----------
    extra
        A site's own code map, see `outspread.anatomy.codes.resolve_codes`.
    """

    extra: pl.DataFrame | None
    meant: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_MEANING))

    def learn(self, asked: pl.DataFrame) -> None:
        """Resolve the combinations that are new; uses code, code_morphology, sex."""
        fresh = asked.join(self.meant, on=asked.columns, how="anti", nulls_equal=True)
        if fresh.is_empty():
            return
        question = fresh.select(
            "code", "sex", "code_morphology", system=pl.lit("icdo3"), morphology="code_morphology"
        )
        meant = resolve_codes(question, extra=self.extra).with_columns(_role(), _primary())
        renamed = meant.with_columns(morphology="histology", code_side="code_laterality")
        self.meant = pl.concat([self.meant, renamed.select(*_MEANING)])


def _role() -> pl.Expr:
    role = pl.col("role")
    return (
        pl.when(role.is_in(["unknown_primary", "not_cancer"]))
        .then(pl.lit("primary"))
        .when(role.is_in(ROLE))
        .then(role)
        .alias("role")
    )


def _primary() -> pl.Expr:
    """Name the cancer; benign and borderline tumors name none."""
    role = pl.col("role")
    return (
        pl.when(role == "unknown_primary")
        .then(pl.coalesce("primary", pl.lit(UNKNOWN_PRIMARY)))
        .when(role != "not_cancer")
        .then("primary")
        .alias("primary")
    )
