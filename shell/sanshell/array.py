"""Commands about an array as a whole."""

import argparse

import cmd2

from sanshell import kinds
from sanshell.commands import Commands, family, reading
from sanshell.status import Status


class ArrayCommands(Commands):
    """The array itself."""

    DEFAULT_CATEGORY = "Array"

    @cmd2.with_argparser(reading)
    def do_info(self, args: argparse.Namespace) -> None:
        """Tell what the array is."""
        with self._cmd.working(self.array(args)) as session:
            found = session.info()
        self.show_one(args, kinds.INFO, found)

    @cmd2.with_argparser(reading)
    def do_pools(self, args: argparse.Namespace) -> None:
        """List pools or clusters and their space."""
        with self._cmd.working(self.array(args)) as session:
            found = session.pools()
        self.show(args, kinds.POOLS, found)

    @cmd2.with_argparser(family)
    def do_initiator(self, args: argparse.Namespace) -> None:
        """List initiators."""
        args.cmd2_subcommand_func(args)

    @cmd2.as_subcommand_to("initiator", "list", reading, help="list the initiators that the array knows")
    def initiator_list(self, args: argparse.Namespace) -> None:
        """List the initiators that the array knows."""
        with self._cmd.working(self.array(args)) as session:
            found = session.initiators()
        self.show(args, kinds.INITIATORS, found)

    @cmd2.with_argparser(reading)
    def do_check(self, args: argparse.Namespace) -> None:
        """Find what keeps the array from doing its work; the exit status is 1 if anything does."""
        with self._cmd.working(self.array(args)) as session:
            found = session.check()
        self.show(args, kinds.PROBLEMS, found)
        if found:
            self._cmd.status = Status.FAILED

    @cmd2.with_argparser(reading)
    def do_orphans(self, args: argparse.Namespace) -> None:
        """List what nothing on the array uses and no command would make."""
        with self._cmd.working(self.array(args)) as session:
            found = session.orphans()
        self.show(args, kinds.ORPHANS, found)

    @cmd2.with_argparser(reading)
    def do_ran(self, args: argparse.Namespace) -> None:
        """List the commands that this session has run on the array; `history` lists those typed here."""
        history = self.array(args).session.history
        self.show(args, kinds.RAN, [kinds.RanLine(ran.at, ran.status, ran.command) for ran in history])
