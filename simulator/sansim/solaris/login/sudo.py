"""`sudo` and `su`: running a command as somebody else.

Source: sudo's own sources and manual for what it prints; which users it lets is `User.sudo`. `su` as illumos has it.
"""

import shlex
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest

from attrs import Factory, define, evolve, field, frozen

from sansim.shell.accounts import User
from sansim.shell.interpreter import Shell
from sansim.shell.shells import SHELLS
from sansim.shell.system import Executable, Process, decode

__all__ = ["SudoTexts", "sudo_tools"]

_ATTEMPTS = 3
_REMEMBERED = timedelta(minutes=5)
_USAGE = (
    "usage: sudo -h | -K | -k | -V\n"
    "usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\n"
    "usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command [arg ...]]\n"
    "usage: sudo [-ABbEHkNnPS] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]"
    " [-u user] [VAR=value] [-i | -s] [command [arg ...]]\n"
    "usage: sudo -e [-ABkNnS] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]"
    " [-u user] file ...\n"
)
_WITH_VALUE = frozenset("CDghpRrTtUu")
_LONG = {
    "user": "u", "prompt": "p", "group": "g", "non-interactive": "n", "stdin": "S", "set-home": "H", "login": "i",
    "shell": "s", "preserve-env": "E", "list": "l", "validate": "v", "reset-timestamp": "k", "remove-timestamp": "K",
    "background": "b", "version": "V", "help": "?",
}  # fmt: skip


@frozen
class SudoTexts:
    """What a release's sudo says and sets.

    Attributes:
        prompt: The prompt for a password; `%p` is the user's name.
        path: The PATH of the command; empty keeps the caller's.
    """

    prompt: str = "Password: "
    path: str = ""


@define
class _Request:
    """A command line of sudo, read."""

    letters: set[str] = Factory(set)
    values: dict[str, str] = Factory(dict)
    settings: dict[str, str] = Factory(dict)
    command: list[str] = Factory(list)
    wrong: bool = False


def sudo_tools(texts: SudoTexts) -> dict[str, Executable]:
    """Return `sudo` and `su` of one host."""
    return {"sudo": _Sudo(texts), "su": _su}


@define
class _Sudo:
    """One host's sudo; it remembers for a while who gave their password, and at which terminal."""

    _texts: SudoTexts
    _given: dict[tuple[str, str], datetime] = field(factory=dict)

    async def __call__(self, process: Process) -> int:
        request = _request(process.argv[1:])
        name = request.values.get("u", "root")
        target = process.system.accounts.find(name)
        if request.wrong or (not request.command and not request.letters & set("islvkK")):
            return await process.complain(_USAGE)
        if request.letters & set("kK") and not request.command:
            self._given.pop(self._key(process), None)
            return 0
        if target is None:
            return await process.complain(f"sudo: unknown user {name}\n")
        refused = await self._refused(process, request)
        if refused is not None:
            return await process.complain(refused)
        if "l" in request.letters:
            return await process.say(_listed(process))
        return 0 if "v" in request.letters else await self._run(process, request, target)

    def _key(self, process: Process) -> tuple[str, str]:
        return process.credentials.user, "" if process.console is None else process.console.name

    async def _refused(self, process: Process, request: _Request) -> str | None:
        """Ask for the password where it is needed; return what sudo says when it lets the user do nothing."""
        user = process.user
        if user.number == 0 or user.sudo == "nopasswd":
            return None
        key, now = self._key(process), process.system.clock.now()
        known = self._given.get(key)
        if known is None or now - known > _REMEMBERED:
            refused = await self._authenticated(process, request, user)
            if refused is not None:
                return refused
            self._given[key] = now
        return None if user.sudo else f"{user.name} is not in the sudoers file.\n"

    async def _authenticated(self, process: Process, request: _Request, user: User) -> str | None:
        if "n" in request.letters:
            return "sudo: a password is required\n"
        prompt = request.values.get("p", self._texts.prompt).replace("%p", user.name).replace("%u", user.name)
        if "S" not in request.letters and process.console is None:
            return (
                "sudo: a terminal is required to read the password; either use the -S option to read from standard"
                " input or configure an askpass helper\nsudo: a password is required\n"
            )
        for attempt in range(_ATTEMPTS):
            if "S" in request.letters:
                await process.complain(prompt)
                line = decode(await process.stdin.line())
                answer = line.removesuffix("\n") if line else None
            else:
                answer = await process.ask(prompt)
            if answer is None:
                return (
                    "\nsudo: no password was provided\nsudo: a password is required\n"
                    if not attempt
                    else (f"\nsudo: {attempt} incorrect password attempt{'s' if attempt > 1 else ''}\n")
                )
            if user.password and compare_digest(answer.encode("utf-8", "surrogateescape"), user.password.encode()):
                return None
            if attempt + 1 < _ATTEMPTS:
                await process.complain("Sorry, try again.\n")
        return f"sudo: {_ATTEMPTS} incorrect password attempts\n"

    async def _run(self, process: Process, request: _Request, target: User) -> int:
        env = _environment(process, request, target)
        if self._texts.path:
            env["PATH"] = self._texts.path
        as_target = evolve(
            process,
            credentials=target.credentials,
            env=env,
            cwd=target.home if "i" in request.letters else process.cwd,
        )
        shell = Shell(as_target, "sudo")
        words = request.command
        if request.letters & {"i", "s"}:
            words = ["/bin/sh", *(["-c", _escaped(words)] if words else [])]
        if shell.find(words[0]) is None:
            shell.note_missing(words[0])
            return await process.complain(f"sudo: {words[0]}: command not found\n")
        if "b" in request.letters:
            await shell.evaluate(f"{shlex.join(words)} &")
            return 0
        return await shell.execute(words)


def _request(words: tuple[str, ...]) -> _Request:
    """Read sudo's own options, then settings of variables, then the command."""
    request, rest = _Request(), list(words)
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            name, given, value = word[2:].partition("=")
            letters = _LONG.get(name, "")
            if not letters:
                request.wrong = True
                continue
            word = f"-{letters}{value}" if given else f"-{letters}"
        for at, letter in enumerate(word[1:], 1):
            if letter in _WITH_VALUE:
                request.values[letter] = word[at + 1 :] or (rest.pop(0) if rest else "")
                break
            request.letters.add(letter)
            request.wrong = request.wrong or letter not in "AbBEeHiKklNnPSsvV"
    while rest and "=" in rest[0].partition("/")[0] and not rest[0].startswith("="):
        name, _, value = rest.pop(0).partition("=")
        request.settings[name] = value
    request.command = rest
    return request


def _environment(process: Process, request: _Request, target: User) -> dict[str, str]:
    keep = set(process.env) if "E" in request.letters else {"PATH", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "HOME"}
    if request.letters & {"H", "i"} or "E" not in request.letters:
        keep.discard("HOME")
    caller = process.user
    return {name: value for name, value in process.env.items() if name in keep} | {
        **({} if "HOME" in keep else {"HOME": target.home}),
        "LOGNAME": target.name,
        "USER": target.name,
        "SHELL": target.login_shell,
        "SUDO_COMMAND": " ".join(request.command) or target.login_shell,
        "SUDO_USER": caller.name,
        "SUDO_UID": str(caller.number),
        "SUDO_GID": str(caller.groups[0].number),
        **request.settings,
    }


def _escaped(words: list[str]) -> str:
    """Return one text of words, as `sudo -s` makes it: all but letters, digits, `_`, `-` and `$` escaped."""
    return " ".join("".join(c if c.isalnum() or c in "_-$" else f"\\{c}" for c in word) for word in words)


def _listed(process: Process) -> str:
    user = process.user
    tag = "NOPASSWD: " if user.sudo == "nopasswd" else ""
    return (
        f"User {user.name} may run the following commands on {process.system.hostname}:\n    (ALL) {tag}ALL\n"
        if user.sudo
        else f"User {user.name} is not allowed to run sudo on {process.system.hostname}.\n"
    )


async def _su(process: Process) -> int:
    """`su [-] [user [arg…]]`: the arguments go to the user's shell."""
    words = list(process.argv[1:])
    fresh = words[:1] in (["-"], ["-l"])
    words = words[1:] if fresh else words
    name, arguments = ("root", words) if not words or words[0].startswith("-") else (words[0], words[1:])
    target = process.system.accounts.find(name)
    if target is None:
        return await process.complain(f"su: Unknown id: {name}\n")
    if not process.credentials.root:
        answer = await process.ask("Password: ")
        given = (answer or "").encode("utf-8", "surrogateescape")
        if not target.password or not compare_digest(given, target.password.encode()):
            return await process.complain("su: Sorry\n")
    env: Mapping[str, str] = process.env
    if fresh:
        env = {name: value for name, value in process.env.items() if name in ("TERM", "PATH", "TZ")}
    env = {**env, "HOME": target.home, "LOGNAME": target.name, "USER": target.name, "SHELL": target.login_shell}
    run: Callable[[Process], Awaitable[int]] = SHELLS["sh"]
    return await run(
        evolve(
            process,
            argv=("sh", *arguments),
            env=dict(env),
            credentials=target.credentials,
            cwd=target.home if fresh else process.cwd,
        )
    )
