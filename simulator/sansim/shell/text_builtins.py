"""Built-in commands that print and read: echo, printf, print, test, read."""

import re

from sansim.shell.conditions import ConditionProblem, NoNumber, condition
from sansim.shell.interpreter import Builtin, Shell
from sansim.shell.printf import escaped, formatted
from sansim.shell.processes import SIGNALED, SIGNALS
from sansim.shell.streams import Writer
from sansim.shell.system import decode, encode
from sansim.shell.waiting import unless_signalled

__all__ = ["TEXT"]


async def _echo(shell: Shell, words: list[str]) -> int:
    rest, newline, known = words[1:], "\n", shell.dialect.echo_options
    escaping = "e" not in known
    while rest and re.fullmatch(f"-[{known}]+", rest[0]):
        for letter in rest.pop(0)[1:]:
            newline = "" if letter == "n" else newline
            escaping = letter == "e" if letter in "eE" else escaping
    text = " ".join(rest)
    if not escaping:
        return await shell.say(text + newline)
    text, stop, _ = text.partition("\\c")
    return await shell.say(escaped(text) + ("" if stop else newline))


async def _printf(shell: Shell, words: list[str]) -> int:
    rest = words[2:] if words[1:2] == ["--"] else words[1:]
    if not rest:
        return await shell.complain("printf: usage: printf format [string ...]", 2)
    text, problem = formatted(rest[0], rest[1:])
    await shell.say(text)
    return 0 if problem is None else await shell.complain(problem)


async def _print(shell: Shell, words: list[str]) -> int:
    """`print [-n] [-r] [-u FD] [--] [WORD…]` (ksh93)."""
    rest, letters, number = words[1:], set[str](), 1
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            break
        letters.update(word[1:])
        if "u" in word[1:]:
            digits = word.partition("u")[2] or (rest.pop(0) if rest else "1")
            number = int(digits) if digits.isdecimal() else 1
    text = " ".join(rest)
    stream = shell.fds.get(number)
    if not isinstance(stream, Writer):
        return await shell.complain(f"print: {number}: bad file unit number [Bad file descriptor]")
    await stream.write(encode((text if "r" in letters else escaped(text)) + ("" if "n" in letters else "\n")))
    return 0


async def _test(shell: Shell, words: list[str]) -> int:
    rest = words[1:]
    if words[0] == "[":
        if rest[-1:] != ["]"]:
            return await shell.complain(shell.dialect.no_bracket, 2)
        rest = rest[:-1]
    try:
        return int(not condition(shell.files, shell.cwd, rest))
    except NoNumber as problem:
        return await shell.complain(f"{words[0]}: {shell.dialect.no_number.format(name=problem)}", 2)
    except ConditionProblem as problem:
        return await shell.complain(f"{words[0]}: {problem}", 2)


async def _read(shell: Shell, words: list[str]) -> int:
    names = [word for word in words[1:] if not word.startswith("-")] or ["REPLY"]
    source = shell.process(()).stdin
    first = await unless_signalled(shell, source.line())
    if first is None:
        return SIGNALED + SIGNALS[shell.pending[0]]
    line = decode(first)
    characters = _characters(line, raw="-r" in words)
    while characters is None:
        line = line[:-2] + decode(await source.line())
        characters = _characters(line, raw=False)
    ended = characters[-1:] == [("\n", False)]
    ifs = shell.get("IFS")
    values = _split(characters[:-1] if ended else characters, len(names), " \t\n" if ifs is None else ifs)
    for name, value in zip(names, values, strict=True):
        shell.put(name, value)
    return 0 if ended else 1


def _characters(line: str, *, raw: bool) -> list[tuple[str, bool]] | None:
    """Return a line's characters, each with whether it was escaped; None when the next line continues it."""
    characters: list[tuple[str, bool]] = []
    escaped = False
    for char in line:
        if escaped and char == "\n":
            return None
        if char == "\\" and not raw and not escaped:
            escaped = True
            continue
        characters.append((char, escaped))
        escaped = False
    return characters


def _split(characters: list[tuple[str, bool]], count: int, ifs: str) -> list[str]:
    """Split a line among that many variables; the last one takes the rest."""
    blank = [(char, False) for char in ifs if char in " \t\n"]
    separator = [(char, False) for char in ifs]
    rest = list(characters)
    while rest and rest[-1] in blank:
        rest.pop()
    values: list[str] = []
    while len(values) < count:
        while rest and rest[0] in blank:
            rest.pop(0)
        last = len(values) == count - 1
        end = next((at for at, char in enumerate(rest) if char in separator and not last), len(rest))
        values.append("".join(char for char, _ in rest[:end]))
        rest = rest[end:]
        while rest and rest[0] in blank:
            rest.pop(0)
        if rest and rest[0] in separator:
            rest.pop(0)
    return values


TEXT: dict[str, Builtin] = {
    "echo": _echo, "printf": _printf, "print": _print, "test": _test, "[": _test, "read": _read,
}  # fmt: skip
"""These commands by name."""
