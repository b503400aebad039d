"""What docstrings say of the attributes of a class and of the names of a module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from attrs import frozen

__all__ = ["Named", "meanings", "named"]

_ATTRIBUTE_INDENT: Final = 8


@frozen
class Named:
    """A name of a module.

    Attributes:
        name: As it is written.
        value: What it stands for.
        meaning: The text below it, empty if there is none.
        chapter: The comment above the group of names it belongs to, without its full stop.
    """

    name: str
    value: object
    meaning: str
    chapter: str


def meanings(doc: str) -> dict[str, str]:
    """Return what a class's docstring says of its attributes."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in doc.partition("Attributes:")[2].split("\n"):
        indent = len(line) - len(line.lstrip())
        head, colon, text = line.strip().partition(": ")
        if colon and indent <= _ATTRIBUTE_INDENT and all(name.isidentifier() for name in head.split(", ")):
            names = head.split(", ")
            found |= dict.fromkeys(names, text)
        elif line.strip():
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
        else:
            names = []
    return found


def named(module: ModuleType) -> Iterator[Named]:
    """Yield the public names that a module's own lines assign, in their order."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    lines = text.split("\n")
    body = ast.parse(text).body
    chapter = ""
    for statement, after in zip(body, [*body[1:], None], strict=True):
        above = lines[statement.lineno - 2] if statement.lineno > 1 else ""
        if re.match("# [A-Z]", above):
            chapter = above.removeprefix("# ").rstrip(".")
        meaning = " ".join(_text(after).split())
        for name in _targets(statement):
            if not name.startswith("_"):
                yield Named(name, getattr(module, name), meaning, chapter)


def _targets(statement: ast.stmt) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                yield node.id


def _text(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value)
    return ""
