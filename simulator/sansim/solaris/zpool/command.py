"""What every zpool sub-command is made of: its run, its options, the pools that its operands name."""

from collections.abc import AsyncIterable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from attrs import define, evolve

from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.model import Pool
from sansim.solaris.zfs.command import Failure, Options, Run, UsageError
from sansim.solaris.zfs.names import check_pool_name
from sansim.solaris.zpool.release import ZpoolRelease
from sansim.solaris.zpool.repeat import Repeat, again

__all__ = ["ERROR", "PoolRun", "not_simulated", "open_pool", "open_pools", "options", "refused", "single"]

_PRIVILEGE = "sys_config"
ERROR = 255
"""The exit status of sub-commands that end with what a function of libzfs returned, which is -1 (source)."""


@define
class PoolRun(Run):
    """One invocation of zpool.

    Attributes:
        repeated: The report that is to be given again.
    """

    repeated: tuple[Repeat, Callable[[], str]] | None = None

    def repeat(self, repeat: Repeat, report: Callable[[], str], *, late: bool = False) -> None:
        """Give a report now, or late after the first interval, and again and again when the command has ended well."""
        if late:
            self.repeated = evolve(repeat, count=repeat.count and repeat.count + 1), report
        else:
            self.out.append(report())
            self.repeated = repeat, report

    def printed(self, status: int) -> str | Iterable[str] | AsyncIterable[str]:
        """Return what was printed, and what will be as long as a report is given again."""
        text = "".join(self.out)
        if status or self.repeated is None:
            return text
        repeat, report = self.repeated
        return again(self.pools, text, repeat, report)

    @property
    def zpool(self) -> ZpoolRelease:
        """The release of zpool that runs."""
        return self.pools.zpool

    @property
    def may_configure(self) -> bool:
        """Whether the caller may change pools and their disks."""
        return self.caller.root or _PRIVILEGE in self.caller.privileges

    def permit_pool(self) -> None:
        """Check that the caller may change pools; the kernel does so before anything else.

        Raises:
            PoolRefused: They may not.
        """
        if not self.may_configure:
            raise PoolRefused(Trouble.PERMISSION)


def options(run: PoolRun, command: str, arguments: Sequence[str]) -> Options:
    """Return the options of a sub-command, read with the letters that it has in this release."""
    letters = run.zpool.options[command]
    told_apart = letters.startswith(":")
    letters = letters.removeprefix(":")
    valued = "".join(letters[place - 1] for place, letter in enumerate(letters) if letter == ":")
    flags = "".join(letter for letter in letters if letter not in valued and letter != ":")
    missing = "missing argument for '{}' option" if told_apart else "invalid option '{}'"
    return Options(arguments, flags, valued, missing, anywhere=run.release.options_anywhere)


def open_pool(run: PoolRun, name: str) -> Pool:
    """Return the pool that an operand names.

    Raises:
        Failure: It is not there, or its name cannot be one's.
    """
    if reason := check_pool_name(name):
        raise Failure(f"cannot open '{name}': {reason}")
    pool = run.pools.pools.get(name)
    if pool is None:
        raise Failure(f"cannot open '{name}': {Trouble.NO_SUCH_POOL}")
    return pool


def open_pools(run: PoolRun, operands: Sequence[str]) -> tuple[list[Pool], bool]:
    """Return the pools that are meant, by name, and whether every operand was there.

    An operand that is no pool is complained about and left out; none at all means every pool. A pool named
    twice is listed once, and counts as one that was not there.
    """
    found: dict[str, Pool] = {}
    complete = True
    for name in operands or run.pools.pools:
        try:
            pool = open_pool(run, name)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
            continue
        complete &= name not in found
        found[name] = pool
    return [found[name] for name in sorted(found)], complete


def single(operands: Sequence[str], missing: str) -> str:
    """Return the only operand.

    Raises:
        UsageError: There are more or none.
    """
    if not operands:
        raise UsageError(missing)
    if len(operands) > 1:
        raise UsageError("too many arguments")
    return operands[0]


def not_simulated(run: PoolRun, what: str) -> UsageError:
    """Return the error that ends a command which the real program can do and this one cannot.

    Args:
        run: Whose command it is; it says so itself.
        what: The sub-command, with the option that is at fault.
    """
    run.unsupported = f"zpool {what}"
    return UsageError(f"'{what}' is not simulated")


@contextmanager
def refused(action: str, status: int = 1) -> Iterator[None]:
    """Turn a refusal of the kernel into a failure that says what was being done, and its exit status.

    Raises:
        Failure: The kernel refused.
    """
    try:
        yield
    except PoolRefused as refusal:
        raise Failure(f"{action}: {refusal.trouble}", status) from refusal
