"""Tools that look at processes, signal them, or start them in another way: ps, pgrep, kill, nohup, sleep."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from sansim.shell.interpreter import Shell
from sansim.shell.processes import SIGNALS, Running, signal_number
from sansim.shell.system import Executable, Process

__all__ = ["PROCESS_TOOLS", "kill", "run_words"]

_LONGEST_SLEEP = 0.05
_YEAR_OF_SECONDS = 1e8


async def run_words(process: Process, words: list[str], env: dict[str, str]) -> int:
    """Run a command as a program such as `env` does."""
    shell = Shell(process, process.argv[0].rpartition("/")[2])
    if shell.find(words[0]) is None:
        shell.note_missing(words[0])
        return await process.refuse("run", words[0])
    return await shell.execute(words, env)


async def _sleep(process: Process) -> int:
    """Wait in real time, for a short while at most; the array's clock moves by the rest.

    At a terminal it waits in real time: somebody sees it, and may type ^C.
    """
    try:
        seconds = float(process.argv[1])
    except (IndexError, ValueError):
        return await process.complain("usage: sleep time\n", 2)
    if not 0 <= seconds < _YEAR_OF_SECONDS:
        return await process.complain(f"sleep: {process.argv[1]}: bad number\n")
    real = seconds if process.console is not None else min(seconds, _LONGEST_SLEEP)
    await asyncio.sleep(real)
    process.system.clock.advance(seconds - real)
    return 0


async def _nohup(process: Process) -> int:
    rest = list(process.argv[1:])
    if not rest:
        return await process.complain("usage: nohup command [argument ...]\n", 127)
    shell = Shell(process, "nohup")
    shell.traps["HUP"] = ""
    if process.is_terminal(1):
        await process.complain("Sending output to nohup.out\n")
        status = await shell.evaluate("exec >>nohup.out")
        if status:
            return 127
    return await shell.execute(rest)


async def _nice(process: Process) -> int:
    rest = list(process.argv[1:])
    if rest[:1] == ["-n"]:
        rest = rest[2:]
    elif rest and rest[0].startswith("-"):
        rest = rest[1:]
    if not rest:
        return await process.complain("nice: usage: nice [-n increment] utility [argument ...]\n", 2)
    return await run_words(process, rest, process.env)


async def kill(process: Process) -> int:
    """`kill`, which shells do themselves."""
    rest, number = list(process.argv[1:]), SIGNALS["TERM"]
    if rest[:1] == ["-l"]:
        return await _signal_names(process, rest[1:])
    if rest[:1] in (["-s"], ["-n"]) and len(rest) > 1:
        rest = [f"-{rest[1]}", *rest[2:]]
    if rest and rest[0][:1] == "-" and rest[0] != "--":
        found = signal_number(rest[0][1:])
        if found is None:
            return await process.complain(f"kill: {rest[0][1:]}: unknown signal name\n", 2)
        number, rest = found, rest[1:]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    if not rest:
        return await process.complain(
            "Usage: kill [-lL] [-n signum] [-s signame] job ...\n   Or: kill -l [arg ...]\n", 2
        )
    status = 0
    for word in rest:
        running = process.system.processes.find(int(word)) if word.isdecimal() else None
        if running is None:
            reason = "no such process" if word.lstrip("-").isdecimal() else "Arguments must be %job or process ids"
            status = await process.complain(f"kill: {word}: {reason}\n")
        elif not _may_signal(process, running):
            status = await process.complain(f"kill: {word}: permission denied\n")
        else:
            running.signal(number)
            await asyncio.sleep(0)
    return status


def _may_signal(process: Process, running: Running) -> bool:
    who = process.credentials
    return who.root or "proc_owner" in who.privileges or running.user == who.user


async def _signal_names(process: Process, words: list[str]) -> int:
    names = {number: name for name, number in SIGNALS.items() if number}
    if words:
        return await process.say(
            "".join(f"{names.get(int(word) & 0x7F, word)}\n" for word in words if word.isdecimal())
        )
    return await process.say("".join(f"{name}\n" for name in names.values()))


async def _pgrep(process: Process) -> int:
    letters, patterns = _options(process)
    matching = _matching(process, letters, patterns)
    long = "l" in letters or "a" in letters
    await process.say("".join(f"{item.number} {item.text}\n" if long else f"{item.number}\n" for item in matching))
    return 0 if matching else 1


async def _pkill(process: Process) -> int:
    letters, patterns = _options(process)
    number = next((found for found in map(signal_number, letters) if found), SIGNALS["TERM"])
    matching = [item for item in _matching(process, letters, patterns) if _may_signal(process, item)]
    for item in matching:
        item.signal(number)
    return 0 if matching else 1


def _options(process: Process) -> tuple[set[str], list[str]]:
    """Return the option letters, a signal among them whole, and the patterns."""
    letters: set[str] = set()
    patterns = []
    for word in process.argv[1:]:
        if not word.startswith("-") or len(word) == 1:
            patterns.append(word)
        elif signal_number(word[1:]) is not None:
            letters.add(word[1:])
        else:
            letters.update(word[1:])
    return letters, patterns


def _matching(process: Process, letters: set[str], patterns: list[str]) -> list[Running]:
    """Return the other processes whose name, or with -f whose arguments, hold a pattern; with -x are one."""

    def subject(item: Running) -> str:
        return item.text if "f" in letters else item.text.partition(" ")[0].rpartition("/")[2].removeprefix("-")

    return [
        item
        for item in process.system.processes
        if item.number != process.number
        and not item.replaced
        and any(pattern == subject(item) if "x" in letters else pattern in subject(item) for pattern in patterns)
    ]


_Cell = Callable[[Process, Running], str]
_COLUMNS: Mapping[str, tuple[str, str, _Cell]] = {
    "user": ("USER", ">8", lambda _, item: item.user),
    "ruser": ("RUSER", ">8", lambda _, item: item.user),
    "uid": ("UID", ">5", lambda process, item: str(process.system.accounts[item.user].number)),
    "pid": ("PID", ">5", lambda _, item: str(item.number)),
    "ppid": ("PPID", ">5", lambda _, item: str(item.parent)),
    "pgid": ("PGID", ">5", lambda _, item: str(item.number)),
    "tty": ("TT", "<7", lambda _, item: item.terminal),
    "time": ("TIME", ">11", lambda _, _item: "00:00"),
    "etime": ("ELAPSED", ">11", lambda process, item: _elapsed(process.system.clock.now(), item.started)),
    "stime": ("STIME", ">8", lambda process, item: _started(process.system.clock.now(), item.started)),
    "s": ("S", "<1", lambda _, _item: "S"),
    "pcpu": ("%CPU", ">4", lambda _, _item: "0.0"),
    "pmem": ("%MEM", ">4", lambda _, _item: "0.1"),
    "vsz": ("VSZ", ">5", lambda _, _item: "4616"),
    "rss": ("RSS", ">5", lambda _, _item: "3012"),
    "zone": ("ZONE", ">8", lambda _, _item: "global"),
    "comm": ("COMMAND", "<", lambda _, item: item.text.partition(" ")[0]),
    "fname": ("COMMAND", "<8", lambda _, item: item.text.partition(" ")[0].rpartition("/")[2]),
    "args": ("COMMAND", "<", lambda _, item: item.text),
}
_SAME_COLUMNS = {"command": "args", "cmd": "args", "tt": "tty", "tname": "tty", "lstart": "stime"}


async def _ps(process: Process) -> int:
    words = list(process.argv[1:])
    letters, formats, numbers, users = set[str](), list[str](), set[str](), set[str]()
    while words:
        word = words.pop(0)
        for at, letter in enumerate(word.removeprefix("-")):
            if letter not in "opuU" or not word.startswith("-"):
                letters.add(letter)
                continue
            value = word.removeprefix("-")[at + 1 :] or (words.pop(0) if words else "")
            into = {"o": formats.append, "p": numbers.add}.get(letter, users.add)
            for item in [value] if letter == "o" else value.replace(",", " ").split():
                into(item)
            break
    shown = [
        item
        for item in process.system.processes
        if not item.replaced and _chosen(process, item, letters, numbers, users)
    ]
    if formats:
        return await _formatted(process, formats, shown)
    return await process.say(_table(process, letters, shown), int(bool(numbers) and not shown))


def _chosen(process: Process, item: Running, letters: set[str], numbers: set[str], users: set[str]) -> bool:
    if numbers or users:
        return str(item.number) in numbers or item.user in users
    return bool(letters & {"e", "A", "a", "x"}) or (item.session is process.line and item.user == process.login)


async def _formatted(process: Process, formats: list[str], shown: list[Running]) -> int:
    """Print the columns that -o names; `name=heading` gives one another heading, to the end of its word."""
    columns = []
    for given in formats:
        names, has_heading, heading = given.partition("=")
        *others, last = names.replace(",", " ").split() or [""]
        for name in (*others, last):
            known = _COLUMNS.get(_SAME_COLUMNS.get(name, name))
            if known is None:
                return await process.complain(f"ps: unknown output format: -o {name}\n")
            columns.append((heading if has_heading and name == last else known[0], known[1], known[2]))
    rows = [[cell(process, item) for _, _, cell in columns] for item in shown]
    if any(heading for heading, _, _ in columns):
        rows.insert(0, [heading for heading, _, _ in columns])
    layouts = [layout for _, layout, _ in columns]
    lines = (" ".join(f"{cell:{layout}}" for cell, layout in zip(row, layouts, strict=True)) for row in rows)
    return await process.say("".join(f"{line.rstrip()}\n" for line in lines))


def _table(process: Process, letters: set[str], shown: list[Running]) -> str:
    """Return the usual listings: short, full (-f) and that of BSD (`aux`)."""
    now = process.system.clock.now()
    if "u" in letters:
        heading = "USER       PID %CPU %MEM   SZ  RSS TT       S    START  TIME COMMAND\n"
        return heading + "".join(
            f"{item.user:<8} {item.number:5d}  0.0  0.1 4616 3012 {item.terminal:<8} S "
            f"{_started(now, item.started):>8}  0:00 {item.text}\n"
            for item in shown
        )
    if "f" in letters:
        heading = "     UID   PID  PPID   C    STIME TTY         TIME CMD\n"
        return heading + "".join(
            f"{item.user:>8.8} {item.number:5d} {item.parent:5d}   0 {_started(now, item.started):>8} "
            f"{item.terminal:<8}{'0:00':>8} {item.text}\n"
            for item in shown
        )
    return "   PID TTY         TIME CMD\n" + "".join(
        f"{item.number:6d} {item.terminal:<8}{'0:00':>8} {item.text.partition(' ')[0].rpartition('/')[2]}\n"
        for item in shown
    )


def _started(now: datetime, at: datetime) -> str:
    return at.strftime("%H:%M:%S" if (now - at).total_seconds() < 24 * 3600 else "%b %d")


def _elapsed(now: datetime, at: datetime) -> str:
    # A process that a clock set back has yet to start has run no time.
    minutes, seconds = divmod(max(0, int((now - at).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    text = f"{minutes:02d}:{seconds:02d}"
    return f"{days}-{hours:02d}:{text}" if days else f"{hours:02d}:{text}" if hours else text


PROCESS_TOOLS: dict[str, Executable] = {
    "sleep": _sleep, "nohup": _nohup, "nice": _nice, "kill": kill, "ps": _ps, "pgrep": _pgrep, "pkill": _pkill,
}  # fmt: skip
"""What works on processes, by name."""
