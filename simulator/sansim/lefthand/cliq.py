"""The command line's interpreter: a line goes in, an answer comes out. It knows neither SSH nor prompts."""

import random
from collections.abc import Sequence

import attrs

from sansim.lefthand import rendering
from sansim.lefthand.commands import COMMANDS, NOT_SIMULATED, PARAMETERS, Command
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments, Request, arguments, parse
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.help import help_text
from sansim.lefthand.inferred import ABANDONED_TEXT
from sansim.lefthand.questions import Question
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
        self._elsewhere = PARAMETERS - flavour.absent_parameters

    def question(self, line: str) -> Question | None:
        """Return what has to be asked before a command, with the heading of a text answer; None if nothing.

        A command that is malformed or told not to ask does not ask.
        """
        request = parse(line)
        if not request.asks:
            return None
        try:
            command, _ = self._understood(request)
        except Refusal:
            return None
        if command.asks is None:
            return None
        heading = "" if request.xml else rendering.heading(self.flavour)
        return attrs.evolve(command.asks, text=heading + command.asks.text.format(company=self.flavour.company))

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
            return Answer(help_text(self.flavour))
        response = self._respond(request, confirmed=confirmed)
        if request.xml:
            text = rendering.xml(response, self.flavour)
        else:
            text = rendering.text(response, self.flavour)
            text = rendering.heading(self.flavour) + text if headed else text
        return Answer(text, status=response.result.status, unsupported=response.unsupported)

    def _respond(self, request: Request, *, confirmed: bool) -> Response:
        try:
            command, known = self._understood(request)
        except Refusal as refusal:
            return self._refused(refusal, _MISTAKE)
        if not confirmed:
            return self._response(ABANDONED, ABANDONED_TEXT, _MISTAKE)
        try:
            elements = command.run(self._group, known, self.flavour)
        except Refusal as refusal:
            return self._refused(refusal, command.takes)
        if known.ignored:
            text = f"Operation succeeded, parameter '{known.ignored[0]}' was ignored."
            return self._response(PARAMETER_IGNORED, text, command.takes, elements)
        return self._response(SUCCESS, "Operation succeeded.", command.takes, elements)

    def _understood(self, request: Request) -> tuple[Command, Arguments]:
        """Return the command of a request, and its parameters.

        Raises:
            Refusal: There is no such command, or something is wrong with a parameter.
        """
        name = request.command.lower()
        if not name:
            raise Refusal(MISSING_METHOD, "The command is missing.")
        command = COMMANDS.get(name)
        if command is None:
            unsupported = request.command if name in NOT_SIMULATED else None
            raise Refusal(UNRECOGNIZED_COMMAND, f"Command '{request.command}' is not recognized.", unsupported)
        return command, arguments(request, command.required, command.parameters(self.flavour), self._elsewhere)

    def _refused(self, refusal: Refusal, takes: range) -> Response:
        response = self._response(refusal.result, refusal.description, takes)
        return attrs.evolve(response, unsupported=refusal.unsupported)

    def _response(self, result: Result, description: str, takes: range, elements: Sequence[Element] = ()) -> Response:
        return Response(result, description, self._random.choice(takes), tuple(elements))
