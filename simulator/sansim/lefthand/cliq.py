"""The command line's interpreter: a line goes in, an answer comes out. It knows neither SSH nor prompts."""

import random
from collections.abc import Sequence

from sansim.lefthand import rendering
from sansim.lefthand.commands import COMMANDS, NOT_SIMULATED, PARAMETERS, Command
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Request, arguments, parse
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.help import help_text
from sansim.lefthand.inferred import ABANDONED_TEXT, QUESTION
from sansim.lefthand.rendering import Element, Response
from sansim.lefthand.results import (
    ABANDONED,
    MISSING_METHOD,
    PARAMETER_IGNORED,
    SUCCESS,
    UNRECOGNIZED_COMMAND,
    Refusal,
    Result,
)
from sansim.program import Answer

__all__ = ["Cliq"]

_MISTAKE = range(12, 32)
"""The milliseconds a command takes that is not understood (inferred: like what the node knows by itself)."""


class Cliq:
    """CLIQ on one node.

    Attributes:
        flavour: The release it presents itself as.
    """

    def __init__(self, group: ManagementGroup, flavour: Flavour, rng: random.Random) -> None:
        self.flavour = flavour
        self._group = group
        self._random = rng

    def question(self, line: str) -> str | None:
        """Return what has to be asked before a command, with the heading of a text answer; None if nothing.

        Irreversible commands ask, unless they are malformed or told not to.
        """
        request = parse(line)
        command = COMMANDS.get(request.command.lower())
        if command is None or not command.asks or not request.asks:
            return None
        try:
            arguments(request, command.required, command.optional, PARAMETERS)
        except Refusal:
            return None
        return QUESTION if request.xml else f"{rendering.heading(self.flavour)}{QUESTION}"

    def unsupported(self, line: str) -> str | None:
        """Return the command's name if arrays know it and the simulator does not."""
        command = parse(line).command
        return command if command.lower() in NOT_SIMULATED else None

    def answer(self, line: str, *, confirmed: bool = True, headed: bool = True) -> Answer:
        """Carry a command out.

        Args:
            line: The command line.
            confirmed: Whether the question, if one was due, was answered with yes.
            headed: Whether a text answer has the banner above it.

        Returns:
            The answer on standard output, and the exit status of the command.
        """
        request = parse(line)
        if request.command.lower() == "help":
            return Answer(help_text())
        response = self._respond(request, confirmed=confirmed)
        if request.xml:
            text = rendering.xml(response)
        else:
            text = rendering.text(response, self.flavour)
            text = rendering.heading(self.flavour) + text if headed else text
        return Answer(text, status=response.result.status)

    def _respond(self, request: Request, *, confirmed: bool) -> Response:
        try:
            command = _command(request)
            known = arguments(request, command.required, command.optional, PARAMETERS)
        except Refusal as refusal:
            return self._response(refusal.result, refusal.description, _MISTAKE)
        if not confirmed:
            return self._response(ABANDONED, ABANDONED_TEXT, _MISTAKE)
        try:
            elements = command.run(self._group, known, self.flavour)
        except Refusal as refusal:
            return self._response(refusal.result, refusal.description, command.takes)
        if known.ignored:
            text = f"Operation succeeded, parameter '{known.ignored[0]}' was ignored."
            return self._response(PARAMETER_IGNORED, text, command.takes, elements)
        return self._response(SUCCESS, "Operation succeeded.", command.takes, elements)

    def _response(self, result: Result, description: str, takes: range, elements: Sequence[Element] = ()) -> Response:
        return Response(result, description, self._random.choice(takes), tuple(elements))


def _command(request: Request) -> Command:
    if not request.command:
        raise Refusal(MISSING_METHOD, "The command is missing.")
    command = COMMANDS.get(request.command.lower())
    if command is None:
        raise Refusal(UNRECOGNIZED_COMMAND, f"Command '{request.command}' is not recognized.")
    return command
