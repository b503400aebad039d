"""Answers as CLIQ writes them: XML for programs, blocks of text for people.

Both forms were seen: the XML's bytes in the tests of a driver (2014), the text's columns in screenshots of 8.1
and in sessions of 12.6.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from attrs import field, frozen

from sansim.lefthand.flavours import Flavour
from sansim.lefthand.results import Result
from sansim.lefthand.words import printable

__all__ = ["Element", "Response", "heading", "text", "xml"]


@frozen
class Element:
    """A thing with attributes and parts; both forms of an answer are made of these.

    Attributes:
        name: In the letters of the XML form.
        attributes: In any order.
        children: Its parts.
        content: Lines that stand below the attributes at column 0, which an element without parts may have: what a
            program of `utility` printed (seen in text; that they are the element's content in XML is inferred).
    """

    name: str
    attributes: Mapping[str, str]
    children: tuple["Element", ...] = field(default=())
    content: str = ""


@frozen
class Response:
    """The answer to a command.

    Attributes:
        result: What came of it.
        description: The sentence for people, with its full stop.
        processing_time: In milliseconds.
        children: What was asked for.
        unsupported: What was asked for, where an array can do it and this one cannot.
    """

    result: Result
    description: str
    processing_time: int
    children: tuple[Element, ...] = field(default=())
    unsupported: str | None = None


def xml(response: Response, flavour: Flavour) -> str:
    """Write an answer as XML, which ends in four blanks and no newline."""
    lines = _xml_lines(_element(response, full_stops=flavour.full_stops), 1)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>',
            '<gauche version="1.0">',
            "",
            *lines,
            "",
            "</gauche>",
            "    ",
        ]
    )


def heading(flavour: Flavour) -> str:
    """Write what stands above every text answer."""
    return f"\n{flavour.banner}\n{flavour.copyright}\n\n"


def text(response: Response, flavour: Flavour) -> str:
    """Write an answer as text, without its heading and with the empty line behind it."""
    return "".join(f"{block}\n" for block in _blocks(_element(response, full_stops=flavour.full_stops), 0))


def _element(response: Response, *, full_stops: bool) -> Element:
    return Element(
        "response",
        {
            # A refusal may quote a word that is no value, and is not checked as values are.
            "description": printable(response.description if full_stops else response.description.removesuffix(".")),
            "name": response.result.name,
            "processingTime": str(response.processing_time),
            "result": response.result.text,
        },
        response.children,
    )


def _xml_lines(element: Element, depth: int) -> list[str]:
    indent = "  " * depth
    attributes = "".join(
        f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in sorted(element.attributes.items())
    )
    if element.content:
        return [f"{indent}<{element.name}{attributes}>{escape(element.content)}</{element.name}>"]
    if not element.children:
        return [f"{indent}<{element.name}{attributes}/>"]
    parts = [line for child in element.children for line in _xml_lines(child, depth + 1)]
    return [f"{indent}<{element.name}{attributes}>", *parts, f"{indent}</{element.name}>"]


def _blocks(element: Element, depth: int) -> list[str]:
    """Write an element and its parts as blocks, each ending in a newline."""
    indent = " " * (2 * depth)
    width = max((len(name) for name in element.attributes), default=0) + 1
    lines = [f"{indent}{element.name.upper()}"]
    lines += [f"{indent} {name:<{width}}{value}" for name, value in sorted(element.attributes.items(), reverse=True)]
    block = "".join(f"{line}\n" for line in lines)
    if element.content:
        # Right below the attributes; without any, behind an empty line (seen).
        block += element.content if element.attributes else f"\n{element.content}"
    return [block, *(part for child in element.children for part in _blocks(child, depth + 1))]
