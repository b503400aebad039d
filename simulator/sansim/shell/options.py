"""`getopts`."""

from sansim.shell.interpreter import Shell

__all__ = ["getopts"]


async def getopts(shell: Shell, words: list[str]) -> int:
    """Take the next option of the positional parameters, or of the words given.

    Between the letters of one word the place is kept in the shell, as the real one keeps it out of sight.
    """
    if len(words) < 3:  # noqa: PLR2004 - the letters and a name
        return await shell.complain("getopts: usage: getopts optstring name [args...]", 2)
    letters, name = words[1], words[2]
    arguments = words[3:] or list(shell.positional)
    given = shell.get("OPTIND") or ""
    index = int(given) if given.isdecimal() and int(given) else 1
    at = shell.option_place if shell.option_index == index else 1
    word = arguments[index - 1] if index <= len(arguments) else ""
    if len(word) <= 1 or word[0] != "-" or word == "--":
        shell.put("OPTIND", str(index + (word == "--")))
        shell.put(name, "?")
        return 1
    letter, rest = word[at], word[at + 1 :]
    shell.variables.pop("OPTARG", None)
    place = letters.find(letter) if letter != ":" else -1
    if place < 0:
        status = await _unknown(shell, letters, name, letter)
    elif letters[place + 1 : place + 2] == ":":
        value = rest or (arguments[index] if index < len(arguments) else None)
        index, rest = index + (value is not None and not rest), ""
        status = await _value(shell, letters, name, letter, value)
    else:
        shell.put(name, letter)
        status = 0
    shell.option_place = at + 1 if rest else 1
    index += not rest
    shell.put("OPTIND", str(index))
    shell.option_index = index
    return status


async def _unknown(shell: Shell, letters: str, name: str, letter: str) -> int:
    shell.put(name, "?")
    if letters.startswith(":"):
        shell.put("OPTARG", letter)
    else:
        await shell.complain(f"-{letter}: unknown option")
    return 0


async def _value(shell: Shell, letters: str, name: str, letter: str, value: str | None) -> int:
    if value is not None:
        shell.put(name, letter)
        shell.put("OPTARG", value)
    elif letters.startswith(":"):
        shell.put(name, ":")
        shell.put("OPTARG", letter)
    else:
        shell.put(name, "?")
        await shell.complain(f"-{letter}: argument expected")
    return 0
