"""What tests see in a page: its elements, its text, and what must never be in it."""

import re
from functools import lru_cache
from html.parser import HTMLParser

OPEN = {"meta", "link", "input", "br", "img", "hr"}
FORBIDDEN = {"script", "iframe", "object", "embed", "base", "img", "foreignobject"}
ADDRESSES = ("#", "data:text/csv;", "data:application/json;", "data:application/fhir+json;")


class Seen(HTMLParser):
    """Elements with their attributes, and whether they close in the order in which they open."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.is_nested = True
        self._open: list[str] = []
        self.feed(page)
        self.close()
        self.is_nested = self.is_nested and not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in OPEN:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.is_nested = False

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.texts.append(data)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@lru_cache(maxsize=64)
def seen(page: str) -> Seen:
    """What is seen in a page; many tests look at the same one."""
    return Seen(page)


def dangers(page: str) -> list[str]:
    """Elements and attributes that could run something, or reach something outside."""
    found = []
    for tag, attributes in seen(page).elements:
        if tag in FORBIDDEN:
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            is_address = name in {"href", "src", "action", "formaction", "xlink:href"}
            if name.startswith("on") or name == "style":
                found.append(f"{tag} {name}")
            if is_address and not value.startswith(ADDRESSES):
                found.append(f"{tag} {name}={value[:20]}")
    return found


def normal(page: str) -> str:
    """A page as its golden copy holds it: without style, outlines and what long lists repeat."""
    page = re.sub(r"<style>.*?</style>", "<style/>", page, flags=re.S)
    page = re.sub(r"'sha256-[^']*'", "'sha256'", page)
    page = re.sub(r'<path d="[^"]*" class="(body|organ|skeleton)">', r'<path class="\1">', page)
    page = re.sub(r'href="data:([a-z/+]*)[^"]*"', r'href="data:\1"', page)
    page = re.sub(r"outspread [0-9.]+[a-z0-9.]*", "outspread VERSION", page)
    for kind, many in (("tr", 6), ("article", 5)):
        page = _first_of_each_run(page, kind, many)
    page = re.sub(r"(<desc>[^<]{600})[^<]*", r"\1...", page)
    page = re.sub(r"\s+", " ", page)
    return re.sub(r"> ?<", ">\n<", page)


def _first_of_each_run(page: str, tag: str, most: int) -> str:
    """Keep the first elements of each run of equal ones."""
    run = re.compile(rf"(?:<{tag}\b[^>]*>(?:(?!<{tag}\b).)*?</{tag}>\s*)+", re.S)
    one = re.compile(rf"<{tag}\b[^>]*>.*?</{tag}>", re.S)

    def cut(match: re.Match[str]) -> str:
        found = one.findall(match.group())
        more = len(found) - most
        return "\n".join(found[:most]) + (f"\n<!-- and {more} {tag} -->\n" if more > 0 else "")

    return run.sub(cut, page)
