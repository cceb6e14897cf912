"""Parts of pictures: elements of SVG with whatever they show escaped."""

from typing import Final

from markupsafe import Markup, escape

FIRST_LONG: Final = 100


def element(name: str, content: str = "", /, **attributes: object) -> Markup:
    """Make an element; `class_` stands for class, `_` in names for `-`.

    Content is escaped unless it is markup already.

    Examples
    --------
    >>> element("text", "a < b", class_="note", stroke_width=1)
    Markup('<text class="note" stroke-width="1">a &lt; b</text>')
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{said}>{escape(content)}</{name}>")  # noqa: S704  (all parts are escaped)


def joined(parts: list[Markup]) -> Markup:
    """Put elements one after the other."""
    return Markup("").join(parts)


def number_text(number: int) -> Markup:
    """Write a number into the middle of a mark; a long one in smaller digits."""
    is_long = number >= FIRST_LONG
    return element(
        "text", str(number), y=1.7 if is_long else 2.1, class_="long" if is_long else None
    )


def picture(content: Markup, *, title: str, description: str, box: str, class_: str) -> Markup:
    """Make a picture with a title and a description in words, for whoever does not see it."""
    inside = joined([element("title", title), element("desc", description), content])
    return element("svg", inside, class_=class_, viewBox=box, role="group")


def _plain(value: object) -> object:
    """Write a number as short as it can be."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
