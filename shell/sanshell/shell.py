"""The shell itself: where commands run, how they end, what is kept of them."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any, TextIO

import cmd2
from cmd2 import string_utils

import sansdk
from sanshell.arrays import Arrays, Connected
from sanshell.output import FORMATS, WRITERS, Document
from sanshell.status import Declined, Status, UsageError
from sanshell.tables import as_table, as_text
from sanshell.terminal import Terminal
from sanshell.wording import spoken

cmd2.Cmd.DEFAULT_CATEGORY = "Shell"
_UNWANTED = ("edit", "macro", "run_pyscript", "shortcuts")


class Shell(cmd2.Cmd):
    """Runs commands, one at a time, on the arrays that it is connected to.

    Attributes:
        arrays: What it is connected to.
        terminal: Who can be asked.
        yes: Whether nobody has to be.
        format: How data is printed, where a command does not say.
        status: How the last command ended.
    """

    def __init__(
        self,
        command_sets: Iterable[cmd2.CommandSet[Any]],
        arrays: Arrays,
        terminal: Terminal,
        *,
        yes: bool = False,
        format: str = "table",  # noqa: A002 - the name of the option
        history_file: Path | None = None,
        stdout: TextIO | None = None,
    ) -> None:
        self.arrays = arrays
        self.terminal = terminal
        self.yes = yes
        self.format = format
        self.status = Status.OK
        self._working: Connected | None = None
        self._cancelling = False
        super().__init__(
            stdout=stdout,
            allow_cli_args=False,
            command_sets=command_sets,
            persistent_history_file="" if history_file is None else str(history_file),
            suggest_similar_command=True,
        )
        self.default_error = "{} is no command: say help for those there are."
        self.hidden_commands.extend(_UNWANTED)
        self.add_settable(
            cmd2.Settable("format", _format, "How data is printed", self, choices=FORMATS),
        )
        self.pre_prompt()

    do_exit = cmd2.Cmd.do_quit

    def pre_prompt(self) -> None:
        """Say in the prompt where commands go."""
        self.prompt = f"{self.arrays.current or 'sanshell'}> "

    def run(self, words: Sequence[str]) -> Status:
        """Run one command that is in words already, as a process gets it; how it ended."""
        try:
            line = " ".join([words[0], *map(_quoted, words[1:])])
        except UsageError as error:
            self.say(str(error))
            return Status.USAGE
        return self.run_line(line)

    def run_line(self, line: str) -> Status:
        """Run one command line; how it ended.

        Raises:
            KeyboardInterrupt: Ctrl-C, as for any other program.
        """
        self._run(line)
        return self.status

    def run_script(self, lines: Iterable[str]) -> Status:
        """Run command lines up to `quit` or the first that does not end well; how that ended."""
        for line in lines:
            if line.strip() and not line.lstrip().startswith("#") and (self._run(line) or self.status):
                break
        return self.status

    def _run(self, line: str) -> bool:
        """Run one command line; whether it was to quit."""
        self.status = Status.USAGE  # unless it can be understood
        return self.onecmd_plus_hooks(line, add_to_history=False, raise_keyboard_interrupt=True)

    def onecmd(self, statement: cmd2.Statement | str, *, add_to_history: bool = True) -> bool:
        """Run a command. What was none is not kept in the history: it may hold a password, typed in a wrong place."""
        self.status = Status.OK
        stop = False
        try:
            stop = super().onecmd(statement, add_to_history=False)
        except cmd2.Cmd2ArgparseError as error:
            asked_for_help = isinstance(error.__cause__, SystemExit) and not error.__cause__.code
            self.status = Status.OK if asked_for_help else Status.USAGE
        except UsageError as error:
            self._ended(Status.USAGE, str(error))
        except Declined:
            self._ended(Status.FAILED, "Nothing was changed.")
        except sansdk.PartialFailure as failure:
            self._ended(Status.FAILED, "\n".join(str(r.error) for r in failure.results if r.error is not None))
        except sansdk.SanError as error:
            self._ended(Status.FAILED, str(error))
        if add_to_history and self.status is not Status.USAGE and isinstance(statement, cmd2.Statement):
            self.remember(statement)
        return stop

    def remember(self, statement: cmd2.Statement) -> None:
        """Keep a command in the history, if it is of those that are kept."""
        if statement.command not in self.exclude_from_history:
            self.history.append(statement)

    def default(self, statement: cmd2.Statement) -> bool | None:
        """There is no such command."""
        self.status = Status.USAGE
        return super().default(statement)

    def pexcept(self, exception: BaseException, **kwargs: Any) -> None:  # noqa: ANN401 - as in cmd2
        """A mistake of ours: say so, with the traceback if `set debug true` was said."""
        self.status = Status.FAILED
        super().pexcept(exception, **kwargs)

    def pfeedback(self, *objects: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as in cmd2
        """What cmd2's own commands remark is no data."""
        if not self.quiet:
            self.perror(*objects, style=None, **kwargs)

    def say(self, text: str) -> None:
        """Tell the person something that is not data."""
        self.perror(text, style=None)

    def show(self, document: Document, format: str | None = None) -> None:  # noqa: A002 - the name of the option
        """Print data."""
        wanted = format or self.format
        if wanted in WRITERS:
            self._write(WRITERS[wanted](document))
        elif not document.items:
            self.say(f"No {document.kind.many}.")
        elif self.stdout.isatty():
            self.poutput(as_table(document), soft_wrap=False)
        else:
            self._write(as_text(document))

    def _write(self, text: str) -> None:
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError as error:
            # The reader has seen enough. That of `| head` is cmd2's to end; that of the program ends the program.
            if self.stdout is sys.stdout:
                raise cmd2.PassThroughException(wrapped_ex=error) from None

    @contextmanager
    def working(self, array: Connected) -> Iterator[sansdk.SanSession]:
        """While the block runs, Ctrl-C cancels what this array's session does."""
        self._working = array
        try:
            yield array.session
        finally:
            self._working = None
            self._cancelling = False

    def sigint_handler(self, signum: int, frame: FrameType | None) -> None:
        """Ctrl-C: cancel what is under way on an array; the second time, or with nothing under way, give up."""
        if self._working is None or self._cancelling:
            super().sigint_handler(signum, frame)
        else:
            self._cancelling = True
            self.say("Cancelling; press Ctrl-C again to leave it to itself.")
            # The session's own thread is the one that this handler interrupts.
            Thread(target=self._working.session.cancel, daemon=True).start()

    def _ended(self, status: Status, message: str) -> None:
        self.status = status
        self.perror(spoken(message))


def _format(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"say one of {', '.join(FORMATS)}")
    return name


def _quoted(word: str) -> str:
    """A word as a command line has it. There is no escape, so a word with both quotation marks has no spelling."""
    if '"' in word and "'" in word:
        raise UsageError(f"{word} cannot be passed on: it holds both kinds of quotation marks.")
    return string_utils.quote(word)
