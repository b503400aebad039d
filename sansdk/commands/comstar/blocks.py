"""Reads the listings of stmfadm and itadm: lines `label: value`, indented below what they belong to.

Labels are compared case-insensitively and without the blanks that pad them: their width and capitals differ
between releases (source: illumos stmfadm.c; Oracle Solaris: seen). A line without a colon is refused; a label
that the reader does not ask for is passed over, since releases add some.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from sansdk.commands.base import Command


@frozen
class Line:
    """One line: how far it is indented (a tab counts as one), its label in small letters, its value."""

    indent: int
    label: str
    value: str


@frozen
class Block:
    """One thing of a listing: its name, its facts by label, and the lines below it in order."""

    name: str
    lines: tuple[Line, ...] = field(factory=tuple)

    @property
    def facts(self) -> Mapping[str, str]:
        """Label → value; of a label that stands several times the first."""
        return {line.label: line.value for line in reversed(self.lines)}


def lines(command: Command[Any], output: str) -> Iterator[Line]:
    """The lines of a listing; empty ones are left out."""
    for text in output.split("\n"):
        if not text.strip():
            continue
        label, colon, value = text.partition(":")
        if not colon:
            raise command.unexpected(output, f"{text!r} has no label")
        yield Line(len(label) - len(label.lstrip()), label.strip().lower(), value.removeprefix(" "))


def blocks(command: Command[Any], output: str, label: str) -> tuple[Block, ...]:
    """The blocks of a listing, each begun by an unindented `label: NAME`."""
    found: list[tuple[str, list[Line]]] = []
    for line in lines(command, output):
        if line.indent == 0:
            if line.label != label:
                raise command.unexpected(output, f"{line.label!r} stands where {label!r} was awaited")
            found.append((line.value, []))
        elif found:
            found[-1][1].append(line)
        else:
            raise command.unexpected(output, f"{line.label!r} stands before the first {label!r}")
    return tuple(Block(name, tuple(below)) for name, below in found)


def fact(command: Command[Any], output: str, block: Block, label: str) -> str:
    """A fact that each block must have."""
    try:
        return block.facts[label].strip()
    except KeyError:
        raise command.unexpected(output, f"{block.name!r} has no {label!r}") from None
