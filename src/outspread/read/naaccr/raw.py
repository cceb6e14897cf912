"""Source slices of a registry file: the items of each tumor, as evidence points to them."""

from typing import Final

import polars as pl

from outspread.read.chunks import SLICE_KEY, name_by_content
from outspread.read.naaccr.knowledge import known_items

_ESCAPED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def slices(items: pl.DataFrame, tumors: pl.DataFrame, file: str) -> pl.DataFrame:
    """One slice per tumor: the items that outspread reads, as XML, without texts.

    Tumors that are equal, texts included, are kept once (`is_kept`). Of tumors of one name but
    other content the second one, in the order of the contents, gets the suffix "~2" (`rank`), so
    that the result does not depend on the order of tumors.

    Parameters
    ----------
    items
        `record`, `item_number`, `value`.
    tumors
        `record`, `patient_id`, `source_ref`, `patient`, `tumor`.
    """
    names = known_items().select("item", "becomes")[items["item_number"]]
    escaped = pl.col("value").str.replace_many(_ESCAPED)
    written = pl.concat([items, names], how="horizontal").with_columns(
        content=pl.format('<Item naaccrId="{}">{}</Item>', "item", escaped)
    )
    raw = tumors.select(
        "record",
        *SLICE_KEY,
        source_kind=pl.lit("naaccr"),
        file=pl.lit(file),
        place=pl.format("patient {}, tumor {}", "patient", "tumor"),
    )
    plain = _joined(written.filter(pl.col("becomes") != "document"))
    content = pl.format("<Tumor>{}</Tumor>", pl.col("content").fill_null(""))
    named = raw.join(plain, on="record", how="left", maintain_order="left").with_columns(content)
    if not named.select(SLICE_KEY).is_duplicated().any():
        return named.with_columns(is_kept=pl.lit(value=True), rank=pl.lit(1, dtype=pl.UInt32))
    said = _joined(written).rename({"content": "said"})
    told = named.join(said, on="record", how="left", maintain_order="left")
    return name_by_content(told.with_columns(pl.col("said").fill_null("")))


def _joined(written: pl.DataFrame) -> pl.DataFrame:
    return written.group_by("record", maintain_order=True).agg(pl.col("content").str.join(""))
