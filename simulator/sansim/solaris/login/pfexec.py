"""`pfexec` and what tells about rights: `profiles`, `auths` (source: illumos pfexec.c, profiles.c, auths.c)."""

from collections.abc import Iterable

from attrs import evolve

from sansim.shell.accounts import User
from sansim.shell.interpreter import Shell
from sansim.shell.shells import PROFILE_SHELLS
from sansim.shell.system import Executable, Process
from sansim.solaris.login.profiles import DEFAULT_AUTHORIZATIONS, PROFILES, expanded

__all__ = ["RIGHTS_TOOLS"]

_ATTRIBUTE_COLUMN = 37
_USAGE = "pfexec [-P privset] cmd [arg ..]\n"


async def _pfexec(process: Process) -> int:
    rest = list(process.argv[1:])
    if rest[:1] == ["--"]:
        rest = rest[1:]
    elif rest and rest[0].startswith("-") and len(rest[0]) > 1:
        if not rest[0].startswith("-P"):
            option = rest[0][1]
            return await process.complain(f"pfexec: illegal option -- {option}\n{_USAGE}")
        process.line.recording.unsupported.append("pfexec -P")
        return await process.complain(_USAGE)
    if not rest:
        return await process.complain(_USAGE)
    shell = Shell(evolve(process, profile=True), "pfexec")
    if shell.find(rest[0]) is None:
        if rest[0].rpartition("/")[2] in process.system.missing:
            process.line.recording.unsupported.append(rest[0])
        return await process.complain(f"pfexec: unable to execute {rest[0]}: No such file or directory\n")
    return await shell.execute(rest)


async def _profiles(process: Process) -> int:
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
    names = [word for word in process.argv[1:] if not word.startswith("-")]
    if letters - {"l"}:
        return await process.complain(
            f"profiles: illegal option -- {min(letters - {'l'})}\n  usage: profiles [-l] [user1 user2 ...]\n"
        )
    show = _long if "l" in letters else _short
    if not names:
        return await process.say(show(process.user, ""))
    status = 0
    for number, name in enumerate(names):
        await process.say(f"{name}:\n")
        user = process.system.accounts.find(name)
        if user is None:
            await process.complain(f"profiles: {name}: No such user\nprofiles: {name}: No profiles\n")
        else:
            await process.say(show(user, " " * 10))
        status = int(user is None)
        await process.say("\n" if number + 1 < len(names) else "")
    return status


def _short(user: User, indent: str) -> str:
    return "".join(f"{indent}{name}\n" for name in expanded(user.profiles))


def _long(user: User, _indent: str) -> str:
    """Return every command of the profiles with what it runs as, from a column of its own."""
    lines = []
    for name in expanded(user.profiles):
        commands = PROFILES[name].commands
        lines += [f"      {name}"] if commands else []
        for path, running in commands.items():
            attributes = [f"{key}={value}" for key, value in running.attributes()]
            line = f"          {path} "
            margin = " " * _ATTRIBUTE_COLUMN
            if not attributes:
                lines.append(line)
            elif len(line) >= _ATTRIBUTE_COLUMN:
                lines += [line, *(margin + text for text in attributes)]
            else:
                lines += [f"{line:<{_ATTRIBUTE_COLUMN}}{attributes[0]}", *(margin + text for text in attributes[1:])]
    return "".join(f"{line}\n" for line in lines)


async def _auths(process: Process) -> int:
    names = process.argv[1:]
    status = 0
    for name in names or (process.credentials.user,):
        user = process.system.accounts.find(name)
        if user is None:
            status = await process.complain(f"auths: {name} : No such user\nauths: {name} : No authorizations\n")
            continue
        status = await process.say((f"{name} : " if len(names) > 1 else "") + f"{_authorizations(user)}\n")
    return status


def _authorizations(user: User) -> str:
    """Return what a user is authorized to, in the order of the profiles; `solaris.*` stands for all."""
    held: Iterable[str] = (right for name in expanded(user.profiles) for right in PROFILES[name].authorizations)
    given = dict.fromkeys((*held, *sorted(user.credentials.authorizations), *DEFAULT_AUTHORIZATIONS))
    return "solaris.*" if "solaris.*" in given or user.number == 0 else ",".join(given)


RIGHTS_TOOLS: dict[str, Executable] = {
    "pfexec": _pfexec, "profiles": _profiles, "auths": _auths, **PROFILE_SHELLS,
}  # fmt: skip
"""What acts on rights profiles, by name."""
