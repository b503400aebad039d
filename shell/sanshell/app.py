"""The `sanshell` program: its command line, and how it runs commands: one, a script, or interactively."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import sansdk
from sanshell import credentials
from sanshell.array import ArrayCommands
from sanshell.arrays import Arrays
from sanshell.connecting import connect
from sanshell.connection import ConnectionCommands
from sanshell.exports import ExportCommands
from sanshell.output import FORMATS
from sanshell.shell import Shell
from sanshell.simulated import simulator
from sanshell.status import Declined, Status, UsageError
from sanshell.terminal import Console
from sanshell.volumes import VolumeCommands
from sanshell.wording import spoken

_SIMULATOR: Final = "--simulator"
_STDIN: Final = "-"

_USAGE: Final = """\
sanshell [--simulator[=solaris|hp|both|FILE.toml]] [-a URL|NAME] [-f FILE] [--yes] [--password-file FILE]
                [--host-key KEY] [--format table|json|csv|yaml] [COMMAND …]"""

_EPILOG: Final = f"""\
environment: {credentials.PASSWORD} is the password and {credentials.HOST_KEY} the host key of the array, unless
options say them. exit status: 0 done, 1 an array said no or could not be reached, 2 the command line is wrong.
"""


COMMANDS: Final = (ConnectionCommands, ArrayCommands, VolumeCommands, ExportCommands)
"""The command families."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; its exit status."""
    options = _parser().parse_args(_with_default_simulator(sys.argv[1:] if argv is None else argv))
    try:
        with ExitStack() as stack:
            status = _run(options, stack)
            sys.stdout.flush()
            return status
    except BrokenPipeError:
        # The reader has seen enough. What Python still holds would fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.FAILED
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except Declined:
        return Status.FAILED
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201 - there is no shell to say it
        return Status.USAGE
    except sansdk.SanError as error:
        print(spoken(str(error)), file=sys.stderr)  # noqa: T201 - there is no shell to say it
        return Status.FAILED


def _run(options: argparse.Namespace, stack: ExitStack) -> int:
    script = _script(options)
    arrays = Arrays()
    if options.simulator is not None:
        _simulate(options.simulator, arrays, stack)
    stack.callback(_leave, arrays)
    if options.array is not None and options.array in arrays:
        arrays.use(options.array)
    elif options.array is not None:
        connect(
            arrays,
            options.array,
            terminal=Console(),
            password_file=options.password_file,
            host_key=options.host_key,
        )
    interactive = script is None and not options.command
    shell = Shell(
        [make() for make in COMMANDS],
        arrays,
        Console(),
        yes=options.yes,
        format=options.format,
        history_file=_history() if interactive else None,
    )
    if interactive:
        return shell.cmdloop(_greeting(arrays))
    signal.signal(signal.SIGINT, shell.sigint_handler)
    return shell.run(options.command) if script is None else shell.run_script(script)


def _history() -> Path | None:
    """The file that keeps the history, ours alone to read; None where there can be none."""
    try:
        file = credentials.state_directory() / "history"
        os.close(os.open(file, os.O_RDONLY | os.O_CREAT, 0o600))
    except OSError as error:
        print(f"The history cannot be kept: {error}.", file=sys.stderr)  # noqa: T201 - there is no shell yet
        return None
    return file


def _leave(arrays: Arrays) -> None:
    """Disconnect. What goes wrong then is said, and is not how the command ended."""
    try:
        arrays.close()
    except sansdk.SanError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the shell is over


def _script(options: argparse.Namespace) -> list[str] | None:
    """The lines of the script to run: of `-f FILE`, or of a standard input that is no terminal."""
    if options.command:
        if options.file is not None:
            raise UsageError("Say a command or -f FILE, not both.")
        return None
    if options.file not in (None, _STDIN):
        try:
            return Path(options.file).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The script {options.file} cannot be read: {error}.") from None
    if options.file == _STDIN or not sys.stdin.isatty():
        if options.password_file == _STDIN:
            raise UsageError("Standard input cannot be both the script and the password.")
        return sys.stdin.read().splitlines()
    return None


def _simulate(which: str, arrays: Arrays, stack: ExitStack) -> None:
    """Start simulated arrays and connect to each; the first is current."""
    simulated = stack.enter_context(simulator(which))
    for name, array in simulated.items():
        arrays.add(sansdk.connect(array.url, password=array.password, host_key=array.host_key), array.url, name)
    arrays.use(next(iter(simulated)))


def _greeting(arrays: Arrays) -> str:
    if not arrays.names:
        return "Say connect URL to begin, help for the commands, quit to leave."
    return (
        f"Connected to {', '.join(arrays.names)}. Say help for the commands, use NAME to change arrays, quit to leave."
    )


def _with_default_simulator(argv: Sequence[str]) -> list[str]:
    """`argv` with `--simulator` spelt out, so that it does not take the command after it for its value."""
    return [f"{_SIMULATOR}=both" if word == _SIMULATOR else word for word in argv]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sanshell", usage=_USAGE, description="A shell for SAN arrays.", epilog=_EPILOG, allow_abbrev=False
    )
    parser.add_argument(
        _SIMULATOR,
        metavar="=solaris|=hp|=both|=FILE.toml",
        help="simulate arrays and connect to them; --simulator alone is both",
    )
    parser.add_argument("-a", "--array", metavar="URL|NAME", help="connect to this array, or begin with that one")
    parser.add_argument("-f", "--file", metavar="FILE", help="run the commands in it, up to the first that fails")
    parser.add_argument("--yes", action="store_true", help="do not ask before something is lost")
    parser.add_argument("--password-file", metavar="FILE", help="read the password from there; - is standard input")
    parser.add_argument(
        "--host-key", metavar="KEY", help="the array's host key, as in known_hosts: 'ssh-ed25519 AAAA…'"
    )
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to print data")
    parser.add_argument("command", metavar="COMMAND …", nargs=argparse.REMAINDER, help="one command to run")
    return parser
