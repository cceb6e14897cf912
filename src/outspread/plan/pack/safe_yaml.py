"""YAML that can only be text, lists and mappings: a pack is read, never run.

Tags, anchors and aliases are refused, so neither objects nor exponential growth can come in.
Every scalar stays the text that was written: `yes`, `1+` and `2024` mean what the schema says.
"""

from typing import Final, TypeAlias
from unicodedata import category

import yaml

from outspread.errors import PackError

MOST_BYTES: Final = 2_000_000
MOST_DEPTH: Final = 12
Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
_Loader: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse_yaml(content: bytes, file: str) -> Tree:
    """Read YAML text as nested text, lists and mappings.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name, for messages.

    Raises
    ------
    PackError
        P001: too large, too deep, not YAML, or with tags, anchors, aliases or double keys.
    """
    if len(content) > MOST_BYTES:
        raise _refuse(file, None, f"is larger than {MOST_BYTES} bytes")
    try:
        text = content.decode("utf-8")
        _check_events(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _refuse(file, mark.line if mark else None, "is not plain YAML") from error
    return None if node is None else _build(node, file)


def _check_events(text: str, file: str) -> None:
    """Refuse what no pack needs before anything is built; this reads without recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refuse(file, line, "uses an anchor or alias, which packs must not")
        if getattr(event, "tag", None):
            raise _refuse(file, line, "uses a tag, which packs must not")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise _refuse(file, line, f"is nested deeper than {MOST_DEPTH} levels")


def _build(node: yaml.Node, file: str) -> Tree:
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, file) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return _text(node, file)
    tree: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refuse(file, key.start_mark.line, "has a key that is no word")
        name = _text(key, file)
        if name in tree:
            raise _refuse(file, key.start_mark.line, f"has the key `{name}` twice")
        tree[name] = _build(value, file)
    return tree


def _text(node: yaml.Node, file: str) -> str:
    """Give a scalar as text; signs that steer a terminal have no place in it."""
    text = str(node.value)
    if any(category(sign) == "Cc" and sign not in "\n\t" for sign in text):
        raise _refuse(file, node.start_mark.line, "has a control character")
    return text


def _refuse(file: str, line: int | None, reason: str) -> PackError:
    place = file if line is None else f"{file}, line {line + 1},"
    return PackError(f"P001: {place} {reason}.")
