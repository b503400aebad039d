"""getopt as svcs, svcadm and svcprop use it: short options, then operands."""

__all__ = ["OptionError", "parse_options"]


class OptionError(Exception):
    """getopt's complaint, with the program's name before it."""


def parse_options(argv: tuple[str, ...], letters: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Split the words after the first into options ("" for a flag) and operands.

    Args:
        argv: The words; the first names the program in complaints.
        letters: As for getopt: `o:` takes a value.

    Raises:
        OptionError: An option is unknown or lacks its value.
    """
    program, *words = argv
    options: list[tuple[str, str]] = []
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            break
        for place, letter in enumerate(word[1:], 2):
            if letter == ":" or letter not in letters:
                raise OptionError(f"{program}: illegal option -- {letter}")
            if f"{letter}:" not in letters:
                options.append((letter, ""))
                continue
            if not word[place:] and not words:
                raise OptionError(f"{program}: option requires an argument -- {letter}")
            options.append((letter, word[place:] or words.pop(0)))
            break
    return options, words
