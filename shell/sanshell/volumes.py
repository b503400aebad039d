"""Commands about volumes."""

import argparse

import cmd2

import sansdk
from sanshell import kinds
from sanshell.commands import Changing, Commands, changing, described, destroying, family, of_volume, reading
from sanshell.terminal import Question


def _create_parser() -> cmd2.Cmd2ArgumentParser:
    parser = changing()
    parser.add_argument("name", metavar="NAME", help="its name", suppress_tab_hint=True)
    parser.add_argument("size", metavar="SIZE", help="bytes, or such as 10GiB", suppress_tab_hint=True)
    parser.add_argument("--thick", action="store_true", help="take all of its space at once")
    return parser


def _resize_parser() -> cmd2.Cmd2ArgumentParser:
    parser = of_volume(destroying())
    parser.add_argument("size", metavar="SIZE", help="bytes, or such as 10GiB", suppress_tab_hint=True)
    parser.add_argument("--shrink", action="store_true", help="it may become smaller, and lose what lies beyond")
    return parser


def _delete_parser() -> cmd2.Cmd2ArgumentParser:
    parser = of_volume(destroying())
    parser.add_argument("--missing-ok", action="store_true", help="its absence is no error")
    parser.add_argument("--snapshots", action="store_true", help="delete its snapshots with it")
    return parser


class VolumeCommands(Commands):
    """The volumes of an array."""

    DEFAULT_CATEGORY = "Volumes"

    @cmd2.with_argparser(family)
    def do_volume(self, args: argparse.Namespace) -> None:
        """List, show, create, resize and delete volumes."""
        args.cmd2_subcommand_func(args)

    @cmd2.as_subcommand_to("volume", "list", reading, help="list the volumes")
    def volume_list(self, args: argparse.Namespace) -> None:
        """List the volumes."""
        array = self.array(args)
        with self._cmd.working(array):
            found = array.volumes()
        self.show(args, kinds.VOLUMES, found)

    @cmd2.as_subcommand_to("volume", "show", lambda: of_volume(reading()), help="show all about a volume")
    def volume_show(self, args: argparse.Namespace) -> None:
        """Show all about a volume."""
        with self._cmd.working(self.array(args)) as session:
            found = session.volume(args.name)
        self.show_one(args, kinds.VOLUMES, found)

    @cmd2.as_subcommand_to("volume", "create", _create_parser, help="create a volume")
    def volume_create(self, args: argparse.Namespace) -> None:
        """Create a volume; it is not exported yet."""
        made = self.make(args, lambda verbs: verbs.create_volume(args.name, _size(args), thin=not args.thick))
        if made is not None:
            self.array(args).volume_names.add(made.name)
            self.show_one(args, kinds.VOLUMES, made)

    @cmd2.as_subcommand_to("volume", "resize", _resize_parser, help="give a volume another size")
    def volume_resize(self, args: argparse.Namespace) -> None:
        """Give a volume another size; a smaller one only after a yes."""
        if not args.shrink:
            resized = self.make(args, lambda verbs: verbs.resize_volume(args.name, _size(args)))
            if resized is not None:
                self.show_one(args, kinds.VOLUMES, resized)
            return
        array = self.array(args)

        def shrink(verbs: Changing) -> None:
            verbs.resize_volume(args.name, _size(args), shrink=True)

        def question(session: sansdk.SanSession) -> Question:
            volume = described(session.volume(args.name))
            return Question(f"Make {volume} {args.size}? What lies beyond is gone at once.\n{array.described}", "yes")

        if self.destroy(args, shrink, question):
            self._cmd.say(f"{args.name} on {array.name} has another size.")

    @cmd2.as_subcommand_to("volume", "delete", _delete_parser, help="delete a volume and its data")
    def volume_delete(self, args: argparse.Namespace) -> None:
        """Delete a volume and its data, after a yes."""
        array = self.array(args)

        def delete(verbs: Changing) -> None:
            verbs.delete_volume(args.name, missing_ok=args.missing_ok, snapshots=args.snapshots)

        def question(session: sansdk.SanSession) -> Question:
            too, word = (" and all of its snapshots", args.name) if args.snapshots else ("", "yes")
            volume = described(session.volume(args.name))
            return Question(f"Delete {volume}{too}? The data is gone at once.\n{array.described}", word)

        if self.destroy(args, delete, question):
            array.volume_names.discard(args.name)
            self._cmd.say(f"{args.name} is gone from {array.name}.")
        elif not args.dry_run:
            self._cmd.say(f"There is no {args.name} on {array.name}.")


def _size(args: argparse.Namespace) -> int | str:
    return int(args.size) if args.size.isdecimal() else str(args.size)
