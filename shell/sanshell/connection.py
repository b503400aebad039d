"""Commands about connections."""

import argparse
from urllib.parse import urlsplit

import cmd2

from sanshell import kinds
from sanshell.commands import Commands
from sanshell.connecting import connect
from sanshell.output import FORMATS


def _url(text: str) -> str:
    if urlsplit(text).password is not None:
        raise argparse.ArgumentTypeError("a password has no place in a URL: it is asked for, or say --password-file")
    return text


def _connect_parser() -> cmd2.Cmd2ArgumentParser:
    parser = cmd2.Cmd2ArgumentParser()
    parser.add_argument("url", metavar="URL", type=_url, help="solaris://user@host/pool, hp://user@host/cluster")
    parser.add_argument("--as", dest="name", metavar="NAME", help="what to call it; its host if not said")
    parser.add_argument(
        "--password-file", metavar="FILE", help="read the password from there", completer=cmd2.Cmd.path_complete
    )
    parser.add_argument("--host-key", metavar="KEY", help="its host key, as in known_hosts: 'ssh-ed25519 AAAA…'")
    return parser


def _arrays_parser() -> cmd2.Cmd2ArgumentParser:
    parser = cmd2.Cmd2ArgumentParser()
    parser.add_argument("--format", choices=FORMATS, help="how to print it")
    return parser


def _use_parser() -> cmd2.Cmd2ArgumentParser:
    parser = cmd2.Cmd2ArgumentParser()
    parser.add_argument("name", metavar="NAME", help="the array", choices_provider=Commands.array_choices)
    return parser


class ConnectionCommands(Commands):
    """Which arrays there are, and which one commands go to."""

    DEFAULT_CATEGORY = "Connections"

    @cmd2.with_argparser(_connect_parser)
    def do_connect(self, args: argparse.Namespace) -> None:
        """Connect to an array, and make it current."""
        array = connect(
            self._cmd.arrays,
            args.url,
            name=args.name,
            terminal=self._cmd.terminal,
            password_file=args.password_file,
            host_key=args.host_key,
        )
        self._cmd.say(f"Connected to {array.name}.")

    @cmd2.with_argparser(_arrays_parser)
    def do_arrays(self, args: argparse.Namespace) -> None:
        """List the arrays that are connected."""
        current = self._cmd.arrays.current
        self.show(args, kinds.ARRAYS, [kinds.ArrayLine(a.name, a.url, a.name == current) for a in self._cmd.arrays])

    @cmd2.with_argparser(_use_parser)
    def do_use(self, args: argparse.Namespace) -> None:
        """Let commands go to this array from now on."""
        self._cmd.arrays.use(args.name)
