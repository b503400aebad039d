"""Commands about exports."""

import argparse
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import cmd2
from attrs import frozen

import sansdk
from sansdk.model import Initiators
from sanshell import kinds
from sanshell.commands import Changing, Commands, changing, described, destroying, family, of_volume, reading
from sanshell.credentials import SecretFile, read_secret
from sanshell.status import UsageError
from sanshell.terminal import Question


@frozen
class _Offer:
    """To whom a volume is offered, and how, as the options say it."""

    initiators: Initiators
    chap: sansdk.Chap | Literal[True] | None
    lun: int | None


def _create_parser() -> cmd2.Cmd2ArgumentParser:
    parser = of_volume(changing())
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument(
        "--initiator", metavar="IQN", action="append", default=[], help="who may see it; several times for several"
    )
    whom.add_argument("--anyone", action="store_true", help="every initiator may see it")
    chap = parser.add_mutually_exclusive_group()
    chap.add_argument("--chap", action="store_true", help="want CHAP, with a secret that is made here")
    chap.add_argument("--chap-user", metavar="USER", help="want CHAP, with this user")
    parser.add_argument(
        "--save-secret",
        metavar="FILE",
        help="where to put a secret that is made; a new file in the state directory if not said",
        completer=cmd2.Cmd.path_complete,
    )
    parser.add_argument(
        "--chap-secret-file",
        metavar="FILE",
        help="and the secret in this file",
        completer=cmd2.Cmd.path_complete,
    )
    parser.add_argument("--lun", metavar="N", type=int, help="the logical unit number; chosen if not said")
    return parser


def _ensure_parser() -> cmd2.Cmd2ArgumentParser:
    parser = _create_parser()
    parser.add_argument("--adopt", action="store_true", help="complete an export that others made, too")
    parser.add_argument("--exact", action="store_true", help="more than is asked for is a conflict, too")
    parser.add_argument("--replace-chap", action="store_true", help="overwrite CHAP credentials that differ")
    return parser


def _remove_parser() -> cmd2.Cmd2ArgumentParser:
    parser = of_volume(destroying())
    parser.add_argument("--missing-ok", action="store_true", help="nothing to remove is no error")
    parser.add_argument("--adopt", action="store_true", help="remove an export that others made, too")
    parser.add_argument("--force", action="store_true", help="even while initiators are logged in")
    return parser


class ExportCommands(Commands):
    """Who may see which volume."""

    DEFAULT_CATEGORY = "Exports"

    @cmd2.with_argparser(family)
    def do_export(self, args: argparse.Namespace) -> None:
        """List, show, make and remove exports."""
        args.cmd2_subcommand_func(args)

    @cmd2.as_subcommand_to("export", "list", reading, help="list the exports")
    def export_list(self, args: argparse.Namespace) -> None:
        """List the exports."""
        with self._cmd.working(self.array(args)) as session:
            found = session.exports()
        self.show(args, kinds.EXPORTS, found)

    @cmd2.as_subcommand_to("export", "show", lambda: of_volume(reading()), help="show the export of a volume")
    def export_show(self, args: argparse.Namespace) -> None:
        """Show the export of a volume."""
        with self._cmd.working(self.array(args)) as session:
            found = session.export(args.name)
        self.show_one(args, kinds.EXPORTS, found)

    @cmd2.as_subcommand_to("export", "create", _create_parser, help="offer a volume to initiators")
    def export_create(self, args: argparse.Namespace) -> None:
        """Offer a volume to initiators."""
        offer = _offer(args)
        self._make(
            args,
            lambda verbs: verbs.create_export(args.name, initiators=offer.initiators, chap=offer.chap, lun=offer.lun),
        )

    @cmd2.as_subcommand_to("export", "ensure", _ensure_parser, help="offer a volume unless it is so already")
    def export_ensure(self, args: argparse.Namespace) -> None:
        """Offer a volume to initiators unless it is so already; completes what is half made, takes nothing away."""
        offer = _offer(args)
        self._make(
            args,
            lambda verbs: verbs.ensure_export(
                args.name,
                initiators=offer.initiators,
                chap=offer.chap,
                lun=offer.lun,
                exact=args.exact,
                adopt=args.adopt,
                replace_chap=args.replace_chap,
            ),
        )

    @cmd2.as_subcommand_to("export", "remove", _remove_parser, help="let no initiator see a volume")
    def export_remove(self, args: argparse.Namespace) -> None:
        """Let no initiator see a volume any more, after a yes; the volume stays."""
        array = self.array(args)

        def remove(verbs: Changing) -> None:
            verbs.remove_export(args.name, missing_ok=args.missing_ok, adopt=args.adopt, force=args.force)

        def question(session: sansdk.SanSession) -> Question:
            export, volume = session.export(args.name), described(session.volume(args.name))
            facts = f"Take {volume} away from {_whom(export)}?\n{array.described}"
            facts += f"\nTarget {export.target_iqn}, LUN {export.lun}"
            using = _using(session, args.name, adopt=args.adopt)
            if using:
                return Question(f"{facts}\nIn use now, and lost at once, by {', '.join(using)}", args.name)
            return Question(facts)

        if self.destroy(args, remove, question):
            self._cmd.say(f"{args.name} on {array.name} is no longer exported.")
        elif not args.dry_run:
            self._cmd.say(f"{args.name} on {array.name} is not exported.")

    def _make(self, args: argparse.Namespace, change: Callable[[Changing], sansdk.Export | None]) -> None:
        with ExitStack() as stack:
            file = None
            if args.chap and not args.dry_run:
                file = stack.enter_context(_secret_file(args, self.array(args).name))
            made = self.make(args, change)
            if made is not None and file is not None:
                self._keep(made.chap, file)
        if made is not None:
            self.show_one(args, kinds.EXPORTS, made)

    def _keep(self, chap: sansdk.Chap | None, file: SecretFile) -> None:
        """Put a secret that was made where its user finds it: not every array tells it again."""
        if chap is not None and chap.secret is not None:
            file.keep(chap.secret)
            self._cmd.say(f"The CHAP secret of user {chap.user} is in {file.path}, for you alone to read.")
        else:
            self._cmd.say("The array holds a CHAP secret already: it is kept, and not told.")


def _secret_file(args: argparse.Namespace, array: str) -> SecretFile:
    return SecretFile(Path(args.save_secret)) if args.save_secret else SecretFile.named_for(array, args.name)


def _offer(args: argparse.Namespace) -> _Offer:
    """What the options say.

    Raises:
        UsageError: They contradict each other, or leave the volume open without saying so.
    """
    if (args.chap_user is None) != (args.chap_secret_file is None):
        raise UsageError("--chap-user and --chap-secret-file go together.")
    if args.save_secret is not None and not args.chap:
        raise UsageError("--save-secret is for the secret that --chap makes.")
    chap: sansdk.Chap | Literal[True] | None = True if args.chap else None
    if args.chap_user is not None:
        chap = sansdk.Chap(args.chap_user, read_secret(args.chap_secret_file))
    if not args.initiator and not args.anyone and chap is None:
        raise UsageError("That would be open to everyone: say --initiator IQN or --chap, or --anyone if it shall be.")
    return _Offer(sansdk.ANYONE if args.anyone else tuple(args.initiator), chap, args.lun)


def _whom(export: sansdk.Export) -> str:
    if export.initiators is sansdk.ANYONE:
        return "everyone"
    return ", ".join(export.initiators) or "whoever knows its CHAP secret"


def _using(session: sansdk.SanSession, volume: str, *, adopt: bool) -> Sequence[str]:
    """Who uses an export, where the array tells: those for whom its removal without force would be refused."""
    try:
        with session.plan() as plan:
            plan.remove_export(volume, adopt=adopt)
    except sansdk.Busy as busy:
        return busy.sessions
    return ()
