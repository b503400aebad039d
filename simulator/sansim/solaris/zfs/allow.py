"""`zfs allow` and `zfs unallow` (source: illumos zfs_main.c, libzfs_dataset.c, zfs_ioctl.c)."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from attrs import define, frozen

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import Grant
from sansim.solaris.pools.permissions import allow as give
from sansim.solaris.pools.permissions import check_allow, check_unallow
from sansim.solaris.pools.permissions import unallow as take_back
from sansim.solaris.zfs.allow_list import permission_lines
from sansim.solaris.zfs.allow_rules import help_text, is_permission
from sansim.solaris.zfs.command import OWN, Failure, Run, UsageError, open_item

__all__ = ["allow", "unallow"]


class _HelpError(Failure):
    """The arguments are wrong in a way that the sub-command's own help answers."""

    def __init__(self, run: Run, command: str, complaint: str) -> None:
        super().__init__(f"{help_text(run.release, command)}\nzfs: error: {complaint}", 2)


@frozen
class _Asked:
    """What the arguments ask for; without `permissions` all of a holder's are meant."""

    dataset: str
    kind: str
    who: str
    scopes: tuple[str, ...]
    permissions: tuple[str, ...] | None


@define
class _Letters:
    given: set[str]

    @property
    def holders(self) -> int:
        """How many of -u, -g and -e are given."""
        return len(self.given & set("uge"))

    @property
    def kinds(self) -> int:
        """How many of the options are given that say whom or what a permission is for."""
        return len(self.given & set("ugecs"))

    @property
    def scopes(self) -> tuple[str, ...]:
        """Where the permission counts."""
        chosen = tuple(scope for letter, scope in (("l", "local"), ("d", "descendent")) if letter in self.given)
        return chosen or ("local", "descendent")


def allow(run: Run, arguments: Sequence[str]) -> None:
    """Delegate permissions, or list those that are delegated."""
    _run(run, "allow", arguments)


def unallow(run: Run, arguments: Sequence[str]) -> None:
    """Take delegated permissions back."""
    _run(run, "unallow", arguments)


def _run(run: Run, command: str, arguments: Sequence[str]) -> None:
    options = run.options(command, arguments)
    letters = _Letters({letter for letter, _ in options})
    operands = options.operands
    if letters.holders > 1:
        raise _HelpError(run, command, "-u, -g, and -e are mutually exclusive")
    if "h" in letters.given:
        if operands or letters.given != {"h"}:
            raise UsageError
        run.out.append(help_text(run.release, command))
        return
    listing = command == "allow" and len(operands) == 1 and not letters.kinds
    asked = None if listing else _read(run, command, letters, operands)
    name = asked.dataset if asked else operands[0]
    try:
        open_item(run.pools, name, OWN)
    except Failure as failure:
        raise Failure(f"{failure.text}\nFailed to open dataset: {name}", 255) from failure
    if asked is None:
        for line in permission_lines(run.pools, name, _numbers(run)):
            run.say(line)
        return
    _change(run, command, asked, _grants(run, command, asked), recurse="r" in letters.given)


# Reading


def _read(run: Run, command: str, letters: _Letters, operands: Sequence[str]) -> _Asked:
    kind, who, rest = _holder(run, command, letters, operands)
    alone = command == "unallow" and len(rest) == 1
    if not alone and len(rest) != 2:  # noqa: PLR2004 - permissions and a dataset
        raise _HelpError(run, command, "wrong number of parameters")
    if kind == "set" and not who.startswith("@"):
        raise _HelpError(run, command, "invalid set name: missing '@' prefix")
    scopes = ("",) if kind in ("set", "create") else letters.scopes
    return _Asked(rest[-1], kind, who, scopes, None if alone else tuple(filter(None, rest[0].split(","))))


def _holder(run: Run, command: str, letters: _Letters, operands: Sequence[str]) -> tuple[str, str, Sequence[str]]:
    """Return the kind and the name of whom permissions are for, and the operands after it."""
    for letter, kind in (("s", "set"), ("c", "create"), ("e", "everyone")):
        if letter not in letters.given:
            continue
        if letters.kinds + (len(letters.given & set("ld")) if letter == "c" else 0) > 1:
            raise _HelpError(run, command, f"invalid options combined with -{letter}")
        return (kind, operands[0] if operands else "", operands[1:]) if letter == "s" else (kind, "", operands)
    if not letters.holders and operands[:1] == ["everyone"]:
        return "everyone", "", operands[1:]
    kind = "user" if "u" in letters.given else "group" if "g" in letters.given else "user/group"
    return kind, operands[0] if operands else "", operands[1:]


def _numbers(run: Run) -> dict[tuple[str, str], str]:
    """Return the numbers of the host's users and groups, by kind and name."""
    numbers: dict[tuple[str, str], str] = {}
    for kind, path in (("user", "/etc/passwd"), ("group", "/etc/group")):
        with suppress(OSError):
            for line in run.call.read_file(path).decode(errors="surrogateescape").splitlines():
                name, _, number = line.split(":")[:3]
                numbers[kind, name] = number
    return numbers


def _grants(run: Run, command: str, asked: _Asked) -> list[Grant]:
    """Return what is asked for as it is kept, one for each holder and scope."""
    permissions = tuple(sorted(set(asked.permissions or ())))
    holders = [(asked.kind, asked.who)]
    if asked.kind in ("user", "group", "user/group"):
        holders = [_account(run, command, asked.kind, who) for who in filter(None, asked.who.split(","))]
    return [Grant(kind, who, scope, permissions) for kind, who in holders for scope in asked.scopes]


def _account(run: Run, command: str, kind: str, who: str) -> tuple[str, str]:
    """Return the kind and name of an account that is named by its name or number; users come before groups."""
    numbers = _numbers(run)
    for each in ("user", "group"):
        if each not in kind:
            continue
        for (found, name), number in numbers.items():
            if found == each and who in (name, number):
                return each, name
    # The real program prints this complaint as help that was asked for: on stdout, exit 0.
    run.out.append(f"{help_text(run.release, command)}\nzfs: error: invalid {kind} {who}\n")
    raise Failure("", 0)


def _change(run: Run, command: str, asked: _Asked, grants: Sequence[Grant], *, recurse: bool) -> None:
    action = f"cannot set permissions on '{asked.dataset}'"
    if not grants or not _valid(run, grants) or asked.permissions == ():
        raise Failure(f"{action}: {Reason.WRONG_TYPE}")
    below = run.pools.space.below(asked.dataset) if recurse else ()
    try:
        for name in [asked.dataset, *below]:
            if command == "allow":
                check_allow(run.pools, run.caller, name, grants)
                give(run.pools, name, grants)
            else:
                check_unallow(run.pools, run.caller, name, grants)
                take_back(run.pools, name, grants)
    except Refused as refused:
        raise Failure(f"{action}: {refused.reason}") from refused


def _valid(run: Run, grants: Iterable[Grant]) -> bool:
    names = {name for grant in grants for name in grant.permissions}
    names |= {grant.who for grant in grants if grant.kind == "set"}
    return all(is_permission(run.release, name) for name in names)
