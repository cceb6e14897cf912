"""From views to HTML: templates that escape whatever they are given, and the frame of a page."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from outspread import __version__

STYLE: Final = "report.css"
FIGURE: Final = "anatomogram, EMBL-EBI, CC BY 4.0, simplified."


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page: its style, inside it or at an address, and the way back."""

    style: Markup
    style_hash: str
    style_address: str
    back: str
    version: str
    figure: str = FIGURE


def frame(*, style: str = "", back: str = "") -> Frame:
    """Make the frame of a page.

    Parameters
    ----------
    style
        Address of `stylesheet()`; without one the style stands in the page.
    back
        Address of the page before; none in a single file.
    """
    own = stylesheet()
    digest = b64encode(sha256(own.encode()).digest()).decode()
    return Frame(
        style=Markup("" if style else own),  # noqa: S704  (our own file, not data)
        style_hash=f"sha256-{digest}",
        style_address=style,
        back=back,
        version=__version__,
    )


def render(template: str, page: object) -> str:
    """Fill a template with a view, which it knows as `page`."""
    return environment().get_template(template).render(page=page)


@cache
def environment(package: str = "outspread.write.report") -> Environment:
    """Templates of a package: they escape whatever they are given, and fail on what is missing."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def stylesheet() -> str:
    """Give the style of all pages."""
    folder = resources.files("outspread.write.report").joinpath("templates")
    return folder.joinpath(STYLE).read_text(encoding="utf-8")
