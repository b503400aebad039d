"""What the command families share: options, and the ways from a command to an array and back."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import attrs
import cmd2

import sansdk
from sansdk.units import format_size
from sanshell import kinds
from sanshell.arrays import Connected
from sanshell.output import FORMATS, Document, Kind
from sanshell.shell import Shell
from sanshell.terminal import Question, confirm

Changing = sansdk.SanSession | sansdk.Plan
"""What has the changing verbs."""

T = TypeVar("T")


class Commands(cmd2.CommandSet[Shell]):
    """A family of commands."""

    def array(self, args: argparse.Namespace) -> Connected:
        """The array that a command is for."""
        return self._cmd.arrays.get(args.array)

    def show(self, args: argparse.Namespace, kind: Kind, items: Sequence[attrs.AttrsInstance]) -> None:
        """Print a list."""
        self._cmd.show(Document(kind, items), args.format)

    def show_one(self, args: argparse.Namespace, kind: Kind, item: attrs.AttrsInstance) -> None:
        """Print one thing."""
        self._cmd.show(Document(kind, [item], single=True), args.format)

    def show_plan(self, args: argparse.Namespace, plan: sansdk.Plan) -> None:
        """Print what would be done."""
        self.show(args, kinds.PLAN, [kinds.PlanLine(line) for line in str(plan).splitlines()])

    def plan(self, array: Connected, change: Callable[[sansdk.Plan], object]) -> sansdk.Plan:
        """Plan a change."""
        with self._cmd.working(array) as session, session.plan() as plan:
            change(plan)
        return plan

    def make(self, args: argparse.Namespace, change: Callable[[Changing], T | None]) -> T | None:
        """Make a change that loses nothing; what was made, or None where only its plan was asked for and printed."""
        array = self.array(args)
        if args.dry_run:
            self.show_plan(args, self.plan(array, change))
            return None
        with self._cmd.working(array) as session:
            return change(session)

    def destroy(
        self,
        args: argparse.Namespace,
        change: Callable[[Changing], None],
        question: Callable[[sansdk.SanSession], Question],
    ) -> bool:
        """Make a change that loses something, after a yes; what is done then is what was asked about.

        Args:
            args: The command's.
            change: Makes it.
            question: Reads what there is to say about it.

        Returns:
            Whether anything was done.

        Raises:
            Declined: The answer was no.
            UsageError: Nobody is there to answer.
        """
        array = self.array(args)
        if args.dry_run:
            self.show_plan(args, self.plan(array, change))
            return False
        if args.yes or self._cmd.yes:
            with self._cmd.working(array) as session:
                change(session)
            return True
        plan = self.plan(array, change)
        if not any(item.steps for item in plan.items):
            return False
        with self._cmd.working(array) as session:
            asked = question(session)
        confirm(self._cmd.terminal, asked)
        with self._cmd.working(array):
            plan.apply()
        return True

    def array_choices(self) -> cmd2.Choices:
        """Names of connected arrays, for completion."""
        return cmd2.Choices.from_values(self._cmd.arrays.names)

    def volume_choices(self, arg_tokens: Mapping[str, Sequence[str]]) -> cmd2.Choices:
        """Names of volumes, for completion; never waits for the array."""
        named = arg_tokens.get("array", ())
        name = named[-1] if named else self._cmd.arrays.current
        if name is None or name not in self._cmd.arrays:
            return cmd2.Choices()
        return cmd2.Choices.from_values(self._cmd.arrays.get(name).volume_names.known())


def family() -> cmd2.Cmd2ArgumentParser:
    """The parser of a command that has subcommands."""
    parser = cmd2.Cmd2ArgumentParser()
    parser.add_subparsers(metavar="SUBCOMMAND", required=True)
    return parser


def reading() -> cmd2.Cmd2ArgumentParser:
    """The options of every command that is about an array."""
    parser = cmd2.Cmd2ArgumentParser()
    parser.add_argument(
        "-a",
        "--array",
        metavar="NAME",
        help="the array, if not the current one",
        choices_provider=Commands.array_choices,
    )
    parser.add_argument("--format", choices=FORMATS, help="how to print it")
    return parser


def changing() -> cmd2.Cmd2ArgumentParser:
    """The options of a command that changes something."""
    parser = reading()
    parser.add_argument("--dry-run", action="store_true", help="print the plan, change nothing")
    return parser


def destroying() -> cmd2.Cmd2ArgumentParser:
    """The options of a command that loses something."""
    parser = changing()
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def of_volume(parser: cmd2.Cmd2ArgumentParser) -> cmd2.Cmd2ArgumentParser:
    """`parser` with the name of a volume that exists."""
    parser.add_argument("name", metavar="VOLUME", help="its name", choices_provider=Commands.volume_choices)
    return parser


def described(volume: sansdk.Volume) -> str:
    """A volume, for a person who is about to lose something."""
    used = "" if volume.used is None else f", {format_size(volume.used)} used"
    return f"{volume.name} ({format_size(volume.size)}{used})"
