"""Reads CLIQ's XML: one `response` in a `gauche`, its attributes the outcome, its children the objects.

Source of the form: HP drivers' tests (seen). Which attributes are there depends on the version, so only those
are demanded without which the object could not be told from another; order is never relied upon.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from attrs import frozen

from sansdk.commands.base import Command
from sansdk.errors import UnexpectedOutput
from sansdk.secrets import Secret

SUCCESS: Final = "0"
NOTHING_FOUND: Final = "4"
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}


@frozen
class Response:
    """An outcome and the objects that came with it.

    Attributes:
        result: `0` for success, else a digit or eight hexadecimal digits.
        name: The result's name, `CliqVolumeNotFound`; empty where the array leaves it out.
        description: The result in words; empty where the array leaves it out.
        element: The `response` element.
    """

    result: str
    name: str
    description: str
    element: ET.Element


@frozen
class Thing:
    """An object of a response, read through the command that asked for it."""

    command: Command[Any]
    output: str
    element: ET.Element

    def text(self, attribute: str) -> str:
        """An attribute that must be there."""
        value = self.element.get(attribute)
        if value is None:
            raise self.unexpected(f"a {self.element.tag} has no {attribute}")
        return value

    def optional(self, attribute: str) -> str | None:
        """An attribute; None where it is missing or empty."""
        return self.element.get(attribute) or None

    def number(self, attribute: str) -> int | None:
        """A count or a number of bytes; None where it is missing or empty."""
        value = self.optional(attribute)
        return None if value is None else self.command.count(self.output, value)

    def flag(self, attribute: str) -> bool | None:
        """True or false; None where it is missing or empty."""
        value = self.optional(attribute)
        if value is None:
            return None
        try:
            return _BOOLEANS[value.lower()]
        except KeyError:
            raise self.unexpected(f"{attribute} is {value!r}, neither true nor false") from None

    def moment(self, attribute: str) -> datetime | None:
        """A time, ISO 8601 in UTC; None where it is missing or empty."""
        value = self.optional(attribute)
        if value is None:
            return None
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise self.unexpected(f"{attribute} is {value!r}, no time") from None

    def secret(self, attribute: str) -> Secret | None:
        """A secret that the array tells; None where it is missing or empty."""
        value = self.optional(attribute)
        return None if value is None else Secret(value)

    def children(self, tag: str) -> "Iterator[Thing]":
        """The objects of one kind right below."""
        return (Thing(self.command, self.output, child) for child in self.element.findall(tag))

    def unexpected(self, why: str) -> UnexpectedOutput:
        """The error for an output that is not what the command prints."""
        return self.command.unexpected(self.output, why)


def response(command: Command[Any], output: str) -> Response:
    """The response that an output holds.

    Raises:
        UnexpectedOutput: It holds none. A document type is refused: CLIQ has none, and entities could be
            made to grow without bound.
    """
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", output, re.IGNORECASE):
        raise command.unexpected(output, "it declares a document type")
    try:
        root = ET.fromstring(output.strip())  # noqa: S314 - without a document type there are no entities
    except (ET.ParseError, UnicodeEncodeError) as error:
        raise command.unexpected(output, f"it is no XML ({error})") from None
    found = root.findall("response")
    if root.tag != "gauche" or len(found) != 1 or "result" not in found[0].attrib:
        raise command.unexpected(output, "it holds no response with a result")
    element = found[0]
    return Response(
        result=element.attrib["result"],
        name=element.get("name", ""),
        description=element.get("description", ""),
        element=element,
    )
