"""Many steps, one POSIX sh program, and its output back into answers. All shell syntax is here and in `*.sh`.

The program travels on the standard input of one exec and runs under a relay that outlives the connection, so that
a lost line leaves no item half done: its steps go on, or are undone, on the array. Marks on both streams tell the
output of each step apart and are its progress:

    @@NONCE P pid · I item · B step · E step status · T step (tolerated) · R item done|undone|undo-failed|stopped
    · C (cancelled) · X why · Z status

What stands before P is noise of the login. The claim file keeps the same marks without output; beside it `.o` and
`.e` keep both streams whole, for a client that comes back. Secrets travel inside the program, lie in files of mode
0600 for the one step that needs them, and stand in no argument. Names of functions and variables begin with `sd_`:
in ksh93 short names are aliases.
"""

import shlex
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from attrs import Factory, define, field, frozen

from sansdk.commands.base import Command, Pace, hidden, refuse_secret
from sansdk.commands.quoting import SecretWord
from sansdk.secrets import Secret
from sansdk.steps import Item, Read, Step

PLAIN: Final = "/bin/sh -s"
"""Exec text for a program that only reads: no relay, no claim."""

_RELAY: Final = (
    """/bin/sh -c 'umask 077; trap "" HUP PIPE; y() {{ trap "" HUP PIPE TERM INT QUIT;"""
    """ exec /usr/bin/tee "$1" 2>/dev/null; }};"""
    """ {{ /bin/sh -s {run} 2>&1 >&3 3>&- | y {claim}.e >&2 3>&-; }} 3>&1 | y {claim}.o'"""
)


@frozen
class Run:
    """One run of a program.

    Attributes:
        id: Public; in the arguments of the process and the name of the claim file.
        nonce: Stands inside the program only; begins every mark.
        directory: Of the claim file, on the array.
    """

    id: str
    nonce: str = field(repr=False)
    directory: str = "/tmp"  # noqa: S108 - on the array, and made there exclusively

    @property
    def claim(self) -> str:
        """Path of the claim file."""
        return f"{self.directory}/sansdk-{self.id}"


@frozen
class Dialect:
    """What the programs of one array need beside the steps.

    Attributes:
        prelude: sh functions that its commands call.
        privilege: Words before each command, such as `pfexec`; None for none.
        alone: Programs whose changes must not meet; the function `sd_alone` of the prelude sees to that.
    """

    prelude: str = ""
    privilege: str | None = None
    alone: tuple[str, ...] = ()


@frozen
class Program:
    """What to send, how long each step may be silent, and how people call it."""

    text: str
    stdin: bytes = field(repr=False)
    paces: dict[str, Pace]
    titles: dict[str, str] = field(factory=dict, repr=False)

    def title(self, step: str) -> str:
        """The command of a step, secrets hidden."""
        return self.titles.get(step.partition(":")[0], "the program's start")


def changing(
    items: Sequence[Item], run: Run, dialect: Dialect, *, seen: Sequence[Run] = (), stop: bool = False
) -> Program:
    """A program that runs items, undoes those that fail, and reads what proves or explains the outcome.

    Args:
        items: What to run, in order.
        run: Identity of this run.
        dialect: The array's.
        seen: Earlier runs whose end is known here: their files are cleared away.
        stop: Whether the first failure ends it.
    """
    writer = _Writer(dialect)
    writer.clear(seen)
    for number, item in enumerate(items):
        writer.item(number, item, stop=stop)
    claim = 'sd_claim || { sd_mark Z 75; exit 75; }\nexec 5>>"$sd_J"\n'
    start = f"sd_J={run.claim}\n{claim}trap sd_forget EXIT\n"
    return Program(_RELAY.format(run=run.id, claim=run.claim), writer.program(run, start), writer.paces, writer.titles)


def reading(reads: Sequence[Read], run: Run, dialect: Dialect, *, seen: Sequence[Run] = ()) -> Program:
    """A program that only reads; the answers have the keys of `key`."""
    writer = _Writer(dialect)
    writer.clear(seen)
    writer.reads("r", reads)
    return Program(PLAIN, writer.program(run, ""), writer.paces, writer.titles)


def recovering(lost: Run, run: Run) -> Program:
    """A program that tells what became of the run `lost`: its answer `was`, and `stdout`, `stderr` if it is over."""
    writer = _Writer(Dialect(prelude=_shell("recover.sh")))
    writer.line("was", Pace.READ, f"sd_C={lost.claim}\nsd_read was sd_was")
    return Program(PLAIN, writer.program(run, ""), writer.paces, writer.titles)


def cancelling(run: Run) -> str:
    """Exec text that makes a run stop after the step that it is in."""
    return f"/bin/sh -c 'umask 077; : >{run.claim}.c'"


def key(prefix: str, number: int) -> str:
    """The name of a read in marks."""
    return f"{prefix}.{number}"


@define
class _Writer:
    dialect: Dialect
    lines: list[str] = Factory(list)
    paces: dict[str, Pace] = Factory(dict)
    titles: dict[str, str] = Factory(dict)
    secrets: int = 0

    def line(self, name: str, pace: Pace, text: str) -> None:
        self.paces[name] = pace
        self.lines.append(text)

    def clear(self, seen: Sequence[Run]) -> None:
        if seen:
            self.lines.append(" ".join(["sd_clear", *(run.claim for run in seen)]))

    def item(self, number: int, item: Item, *, stop: bool) -> None:
        chain = [self.step(f"{number}.{n}", step) for n, step in enumerate(item.steps)]
        self.lines += [
            f"if sd_begin {number}; then",
            f"if {f' &&{chr(10)}'.join(chain) or ':'}; then",
        ]
        self.lines.append(f"sd_mark R {number} done; sd_done=' '")
        self.reads(f"p{number}", item.proof)
        self.lines.append("else")
        for n, step in reversed(list(enumerate(item.steps))):
            if step.undo is not None:
                text = f"sd_undo {number}.{n} {self._plain(step.undo)}"
                self.line(f"u{number}.{n}", step.undo.pace, text)
                self.titles[f"u{number}.{n}"] = step.undo.render(hidden)
        self.lines.append(f"sd_failed {number}; sd_done=' '{'; sd_stop=stop' if stop else ''}")
        self.reads(f"d{number}", item.diagnosis)
        self.lines.append("fi\nfi")

    def step(self, name: str, step: Step) -> str:
        self.paces[name] = step.command.pace
        self.titles[name] = step.command.render(hidden)
        held: list[str] = []

        def word(secret: Secret) -> str:
            self.secrets += 1
            held.append(f"sd_secret {self.secrets} {shlex.quote(secret.reveal())}")
            return f'"$sd_J.s{self.secrets}"'

        text = f"sd_step {name} {shlex.quote(step.tolerates)} {words(step.command, self.dialect, word)}"
        return " && ".join([*held, text, "sd_forget"] if held else [text])

    def reads(self, prefix: str, reads: Sequence[Read]) -> None:
        for n, read in enumerate(reads):
            name = key(prefix, n)
            self.titles[name] = read.command.render(hidden)
            self.line(name, read.command.pace, f"sd_read {name} {self._plain(read.command)}")

    def _plain(self, command: Command[Any]) -> str:
        return words(command, self.dialect)

    def program(self, run: Run, start: str) -> bytes:
        body = "\n".join(self.lines)
        privilege = f"sd_privilege={shlex.quote(self.dialect.privilege or '')}"
        text = (
            f"{{ sd_N={run.nonce} sd_J=''\n{_shell('script.sh')}{privilege}\n{self.dialect.prelude}\n"
            f"{start}sd_mark P $$\nexec </dev/null\n{body}\n"
            'sd_mark Z "$sd_status"; exit "$sd_status"; }\n'
        )
        return text.encode("utf-8", "surrogateescape")


def words(command: Command[Any], dialect: Dialect, secret: SecretWord = refuse_secret) -> str:
    """A command as it is called on that array, privilege and all."""
    text = command.render(secret)
    if not text.startswith("/"):
        return text
    words = [dialect.privilege] if dialect.privilege else []
    if command.changes and text.startswith(dialect.alone):
        words.insert(0, "sd_alone")
    return " ".join([*words, text])


@cache
def _shell(name: str) -> str:
    text = resources.files("sansdk").joinpath(name).read_text(encoding="utf-8")
    return "".join(f"{line}\n" for line in text.splitlines() if line and not line.lstrip().startswith("#"))
