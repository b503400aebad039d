"""Tools that tell who somebody is: id, whoami, groups, logname, who, tty."""

from sansim.shell.accounts import User
from sansim.shell.processes import Running
from sansim.shell.system import Executable, Process

__all__ = ["IDENTITY_TOOLS"]


async def _id(process: Process) -> int:
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
    names = [word for word in process.argv[1:] if not word.startswith("-")]
    if letters - set("agGunrp") or len(names) > 1 or (letters & set("nr") and not letters & set("ugG")):
        return await process.complain("Usage: id [-ap] [user]\n", 2)
    user = process.system.accounts.find(names[0]) if names else process.user
    if user is None:
        return await process.refuse("id", names[0])
    raised = not names and process.credentials.root and not user.credentials.root and "r" not in letters
    number, name = (0, "root") if raised else (user.number, user.name)
    if "u" in letters:
        return await process.say(f"{name if 'n' in letters else number}\n")
    if "g" in letters:
        return await process.say(f"{user.groups[0].name if 'n' in letters else user.groups[0].number}\n")
    if "G" in letters:
        return await process.say(" ".join(str(g.name if "n" in letters else g.number) for g in user.groups) + "\n")
    groups = "a" in letters or process.style.all_groups
    return await process.say(f"{_described(user, raised=raised, groups=groups)}\n")


def _described(user: User, *, raised: bool, groups: bool) -> str:
    first = user.groups[0]
    text = f"uid={user.number}({user.name}) gid={first.number}({first.name})" + (" euid=0(root)" if raised else "")
    return text + (" groups=" + ",".join(f"{g.number}({g.name})" for g in user.groups) if groups else "")


async def _whoami(process: Process) -> int:
    raised = process.credentials.root and not process.user.credentials.root
    return await process.say(f"{'root' if raised else process.credentials.user}\n")


async def _groups(process: Process) -> int:
    names = process.argv[1:]
    status = 0
    for name in names or (process.credentials.user,):
        user = process.system.accounts.find(name)
        if user is None:
            status = await process.complain(f"groups: {name} : No such user\n")
            continue
        listed = " ".join(group.name for group in user.groups)
        await process.say(f"{name} : {listed}\n" if len(names) > 1 else f"{listed}\n")
    return status


async def _logname(process: Process) -> int:
    return await process.say(f"{process.login}\n")


async def _who(process: Process) -> int:
    """`who`, and `who am i`; the terminals that somebody is logged in at."""
    seen: dict[str, Running] = {}
    for item in process.system.processes:
        if item.terminal != "?":
            seen.setdefault(item.terminal, item)
    if [word.lower() for word in process.argv[1:]] == ["am", "i"]:
        own = "" if process.console is None else process.console.name
        seen = {own: seen[own]} if own in seen else {}
    return await process.say(
        "".join(f"{item.user:<10} {name:<10} {item.started:%b %e %H:%M}\n" for name, item in seen.items())
    )


async def _tty(process: Process) -> int:
    if process.console is None or not process.is_terminal(0):
        return await process.say("not a tty\n", 1)
    return await process.say(f"/dev/{process.console.name}\n")


IDENTITY_TOOLS: dict[str, Executable] = {
    "id": _id, "whoami": _whoami, "groups": _groups, "logname": _logname, "who": _who, "tty": _tty,
}  # fmt: skip
"""What tells who somebody is, by name."""
