"""The options of `zfs send`, which alone has long ones (source: zfs_main.c; getopt_long(3C) of illumos and of glibc).

Where it has them, options are found after operands too, on illumos as well.
"""

from collections.abc import Sequence

from sansim.solaris.zfs.command import Options, Run, UsageError
from sansim.solaris.zfs.options import Letters

__all__ = ["send_options"]

_LONG = {
    "replicate": "R",
    "skip-missing": "s",
    "redact": "d",
    "props": "p",
    "parsable": "P",
    "dedup": "D",
    "proctitle": "V",
    "verbose": "v",
    "dryrun": "n",
    "large-block": "L",
    "embed": "e",
    "resume": "t",
    "compressed": "c",
    "raw": "w",
    "backup": "b",
    "holds": "h",
    "saved": "S",
}
_MISSING = "missing argument for '{}' option"


def send_options(run: Run, arguments: Sequence[str]) -> Options:
    """Return the options that `send` is given.

    Raises:
        UsageError: A long one is unknown, or short for several.
    """
    if not run.release.streams.long_options:
        return run.options("send", arguments, _MISSING)
    letters = run.release.options["send"]
    return Options(_shortened(letters, arguments), letters.flags, letters.valued, _MISSING, anywhere=True)


def _shortened(letters: Letters, arguments: Sequence[str]) -> list[str]:
    """Return the arguments with long options, or what is unique of their beginnings, as their letters."""
    known = {name: letter for name, letter in _LONG.items() if letter in letters.flags + letters.valued}
    words: list[str] = []
    rest = list(arguments)
    while rest and rest[0] != "--":
        word = rest.pop(0)
        if not word.startswith("--"):
            words.append(word)
            if word.startswith("-") and word[-1] in letters.valued and rest:
                words.append(rest.pop(0))
            continue
        name, equals, value = word[2:].partition("=")
        found = [name] if name in known else [each for each in known if each.startswith(name)]
        if len(found) != 1 or (equals and known[found[0]] not in letters.valued):
            raise UsageError(f"invalid option '{word}'")
        words.append(f"-{known[found[0]]}" + value)
        if known[found[0]] in letters.valued and not equals and rest:
            words.append(rest.pop(0))
    return words + rest
