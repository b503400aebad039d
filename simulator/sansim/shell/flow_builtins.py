"""Built-in commands that steer a shell: leaving loops and programs, running texts, signals, jobs."""

import asyncio
import shlex

from sansim.shell.files import absolute
from sansim.shell.flow import BreakLoop, ExitShell, ReturnFunction
from sansim.shell.interpreter import Builtin, Shell
from sansim.shell.process_tools import kill
from sansim.shell.processes import SIGNALED, SIGNALS
from sansim.shell.system import decode
from sansim.shell.waiting import signalled

__all__ = ["FLOW", "SPECIAL_FLOW", "number"]

_SIGNALS = {str(number): name for name, number in SIGNALS.items()}


def number(words: list[str], default: int) -> int:
    """Return the number that a command is given, or its default."""
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else default


async def _nothing(_shell: Shell, _words: list[str]) -> int:
    return 0


async def _false(_shell: Shell, _words: list[str]) -> int:
    return 1


async def _break(_shell: Shell, words: list[str]) -> int:
    raise BreakLoop(max(1, number(words, 1)), again=words[0] == "continue")


async def _exit(shell: Shell, words: list[str]) -> int:
    raise ExitShell(number(words, shell.status) & 0xFF)


async def _return(shell: Shell, words: list[str]) -> int:
    raise ReturnFunction(number(words, shell.status))


async def _eval(shell: Shell, words: list[str]) -> int:
    return await shell.evaluate(" ".join(words[1:]))


async def _dot(shell: Shell, words: list[str]) -> int:
    if len(words) == 1:
        return await shell.complain(".: argument expected", 2)
    path = absolute(shell.cwd, words[1])
    if not shell.files.is_file(path):
        return await _no_source(shell, words[1])
    return await shell.evaluate(decode(shell.files.read(path)))


async def _no_source(shell: Shell, name: str) -> int:
    dialect = shell.dialect
    reason = dialect.reason("No such file or directory")
    status = await shell.complain(dialect.no_source.format(name=name, reason=reason), dialect.failed_status)
    if dialect.special_ends:
        raise ExitShell(status)
    return status


async def _exec(shell: Shell, words: list[str]) -> int:
    raise ExitShell(await shell.execute(words[1:]))


async def _trap(shell: Shell, words: list[str]) -> int:
    rest = words[2:] if words[1:2] == ["--"] else words[1:]
    if not rest:
        lines = [f"trap -- {shlex.quote(action)} {name}\n" for name, action in shell.traps.items()]
        return await shell.say("".join(lines))
    reset = rest[0] == "-" or rest[0].isdecimal()
    action, signals = rest[0], rest if rest[0].isdecimal() else rest[1:]
    for signal in signals:
        name = _SIGNALS.get(signal, signal.upper().removeprefix("SIG"))
        if reset:
            shell.traps.pop(name, None)
        else:
            shell.traps[name] = action
    return 0


async def _wait(shell: Shell, words: list[str]) -> int:
    numbers = [int(word) for word in words[1:] if word.isdecimal()]
    jobs = [shell.jobs[number] for number in numbers if number in shell.jobs] if numbers else [*shell.jobs.values()]
    if jobs:
        coming = asyncio.ensure_future(signalled(shell))
        try:
            left = set(jobs)
            while left and not shell.pending:
                await asyncio.wait([*left, coming], return_when=asyncio.FIRST_COMPLETED)
                left = {job for job in left if not job.done()}
            if left:
                # A signal with a trap ends the waiting, not what is waited for.
                return SIGNALED + SIGNALS[shell.pending[0]]
        finally:
            coming.cancel()
    if not numbers:
        shell.jobs.clear()
        return 0
    return shell.jobs[numbers[-1]].result() if numbers[-1] in shell.jobs else 127


async def _kill(shell: Shell, words: list[str]) -> int:
    return await kill(shell.process(tuple(words)))


async def _jobs(shell: Shell, _words: list[str]) -> int:
    for number, job in enumerate([*shell.jobs.values()], 1):
        if not job.done():
            await shell.say(f"[{number}] + Running\n")
    return 0


SPECIAL_FLOW: dict[str, Builtin] = {
    ":": _nothing, ".": _dot, "break": _break, "continue": _break, "eval": _eval, "exec": _exec, "exit": _exit,
    "return": _return, "trap": _trap,
}  # fmt: skip
"""The special ones by name: an assignment before them lasts."""
FLOW: dict[str, Builtin] = {
    "true": _nothing, "false": _false, "hash": _nothing, "wait": _wait, "kill": _kill, "jobs": _jobs, "source": _dot,
}  # fmt: skip
"""The others by name."""
