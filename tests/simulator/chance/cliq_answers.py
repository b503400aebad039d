"""Answers of CLIQ, read by the rules of the wire reference; what breaks one is an AssertionError.

XML (seen, drivers' test of 2014): two blanks of indentation for each level, an empty line behind the root's start tag
and before its end tag, four blanks and no newline at the end, attributes in ASCII order.

Text (seen, screenshots of 8.1 and 8.5, sessions of 12.6 and 13.5): titles in capitals, indented by two blanks for each
level, attributes by one more and in reverse ASCII order, padded to the longest name of the block and one, an empty line
behind each block.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from attrs import field, frozen

__all__ = ["Node", "Reply", "of_text", "of_xml", "status_of"]

_FIRST_ERROR: Final = 0x80001001
_HEAD: Final = ('<?xml version="1.0" encoding="UTF-8" standalone="no" ?>', '<gauche version="1.0">', "")
_TAIL: Final = ("", "</gauche>", "    ")
_ELEMENT: Final = re.compile(
    r"(?P<indent> *)<(?P<end>/?)(?P<name>[A-Za-z]+)(?P<attributes>(?: [A-Za-z0-9]+=\"[^\"<]*\")*)/?>"
)
_ATTRIBUTE: Final = re.compile(r" ([A-Za-z0-9]+)=\"")


@frozen
class Node:
    """An element of an answer; both forms are read into these, names of elements in small letters."""

    name: str
    attributes: dict[str, str]
    children: list["Node"] = field(factory=list)

    def all(self, name: str) -> Iterator["Node"]:
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)


@frozen
class Reply:
    """What an answer says: its result, and the elements below it."""

    result: str
    name: str
    description: str
    elements: list[Node]

    @property
    def status(self) -> int:
        """The exit status that belongs to the result."""
        return status_of(self.result)


def status_of(result: str) -> int:
    """Return the exit status of a result: the kinds of success themselves, errors counted from 128 (manual)."""
    if re.fullmatch("[0-8]", result):
        return int(result)
    assert re.fullmatch("8000[0-9a-f]{4}", result), result
    return min(128 + int(result, 16) - _FIRST_ERROR, 255)


def of_xml(text: str) -> Reply:
    """Read an answer in XML."""
    lines = text.split("\n")
    assert tuple(lines[:3]) == _HEAD, text
    assert tuple(lines[-3:]) == _TAIL, text
    depth = 1
    for line in lines[3:-3]:
        match = _ELEMENT.fullmatch(line)
        assert match, line
        depth -= bool(match["end"])
        assert len(match["indent"]) == 2 * depth, line
        depth += not match["end"] and not line.endswith("/>")
        names = _ATTRIBUTE.findall(match["attributes"])
        assert names == sorted(names), line
    assert depth == 1
    (response,) = ET.fromstring(text.rstrip().encode())  # noqa: S314 - made by the simulator
    return _reply(_node(response))


def _node(element: ET.Element) -> Node:
    return Node(element.tag.lower(), dict(element.attrib), [_node(child) for child in element])


def of_text(lines: Sequence[str], *, full_stops: bool) -> Reply:
    """Read the blocks of an answer in text, from RESPONSE to the empty line behind the last."""
    assert lines[-1] == "", lines
    blocks: list[list[str]] = [[]]
    for line in lines[:-1]:
        if line:
            blocks[-1].append(line)
        else:
            blocks.append([])
    assert blocks.pop() == [], lines
    parents: list[Node] = []
    root: Node | None = None
    for block in blocks:
        depth, node = _block(block)
        assert depth <= len(parents), block
        del parents[depth:]
        if parents:
            parents[-1].children.append(node)
        else:
            assert root is None, block
            root = node
        parents.append(node)
    assert root is not None
    reply = _reply(root)
    assert reply.description.endswith(".") == full_stops, reply
    return reply


def _block(lines: Sequence[str]) -> tuple[int, Node]:
    title = lines[0].lstrip(" ")
    indent = len(lines[0]) - len(title)
    assert title == title.upper(), lines
    assert indent % 2 == 0, lines
    names = [line.split()[0] for line in lines[1:]]
    assert names == sorted(names, reverse=True), lines
    width = max(map(len, names), default=0) + 1
    attributes = {}
    for name, line in zip(names, lines[1:], strict=True):
        padded = f"{' ' * (indent + 1)}{name:<{width}}"
        assert line.startswith(padded), line
        attributes[name] = line.removeprefix(padded)
    return indent // 2, Node(title.lower(), attributes)


def _reply(response: Node) -> Reply:
    assert response.name == "response"
    assert response.attributes.keys() == {"description", "name", "processingTime", "result"}
    assert int(response.attributes["processingTime"]) > 0
    assert (response.attributes["result"] == "0") == (response.attributes["name"] == "CliqSuccess")
    return Reply(
        response.attributes["result"],
        response.attributes["name"],
        response.attributes["description"],
        response.children,
    )
