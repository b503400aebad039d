"""Which sub-commands zfs or zpool has in a release, and how it says they are used.

The texts are what the programs print without a sub-command, each line without its tab: `zfs/synopses` and
`zpool/synopses`, a file for each release. Sources: zfs_main.c and zpool_main.c of illumos and OmniOS of 2022; seen:
OpenZFS 2.1.11; zfs_main.c of Solaris Express of early 2009 (build 108) and zpool_main.c of illumos of 2010, less what
came between, for OpenSolaris; inferred: Solaris 11 from illumos of 2011 and 2012.
"""

from collections.abc import Set as AbstractSet
from importlib.resources import files
from itertools import groupby

__all__ = ["Synopses"]


class Synopses:
    """The sub-commands of a program and their lines of usage, in the order of the overall usage.

    Attributes:
        commands: The names of the sub-commands.
        overall: The lines of all of them, as they are printed.
    """

    def __init__(self, text: str, unended: AbstractSet[str] = frozenset()) -> None:
        """Read what a program prints.

        Args:
            text: Its lines: a sub-command's begin with its name or, going on, with blanks; empty ones part groups.
            unended: The sub-commands whose last line has no newline.
        """
        self._usages: dict[str, str] = {}
        self.overall = ""
        name = ""
        named = []
        for line in text.splitlines():
            name = name if line.startswith(" ") else line.partition(" ")[0]
            named.append((name, line))
        for command, lines in groupby(named, key=lambda pair: pair[0]):
            usage = "".join(f"\t{line}\n" for _, line in lines) if command else "\n"
            usage = usage.removesuffix("\n") if command in unended else usage
            self.overall += usage
            if command:
                self._usages[command] = usage
        self.commands = frozenset(self._usages)

    @classmethod
    def of(cls, program: str, release: str, unended: AbstractSet[str] = frozenset()) -> "Synopses":
        """Return those of `zfs` or `zpool` in a release that there is a text of."""
        return cls(
            files(f"sansim.solaris.{program}").joinpath("synopses", f"{release}.txt").read_text("utf-8"), unended
        )

    def usage(self, command: str) -> str:
        """Return the lines of a sub-command, as they are printed.

        Raises:
            KeyError: The program has no such sub-command.
        """
        return self._usages[command]
