"""The program `uname`, as each system has it."""

from collections.abc import Mapping

from attrs import frozen

from sansim.shell.system import Process

__all__ = ["Uname", "debian", "sunos"]


@frozen
class Uname:
    """What `uname` knows of a host.

    Attributes:
        fields: What each option prints, in the order of printing; an empty text stands for the host's name.
        everything: The options that `-a` stands for.
        refusal: What it says of an option that it does not have, `{}` standing for that.
    """

    fields: Mapping[str, str]
    everything: str
    refusal: str

    async def __call__(self, process: Process) -> int:
        """Print what the options ask for, the system's name without any."""
        letters = "".join(word.removeprefix("-") for word in process.argv[1:]) or "s"
        letters = self.everything if "a" in letters else letters
        for letter in letters:
            if letter not in self.fields:
                return await process.complain(self.refusal.format(letter), 1)
        shown = [text or process.system.hostname for letter, text in self.fields.items() if letter in letters]
        return await process.say(" ".join(shown) + "\n")


def sunos(version: str) -> Uname:
    """Return the `uname` of a SunOS 5.11 (seen for each family; the text of the refusal is inferred)."""
    fields = {"s": "SunOS", "n": "", "r": "5.11", "v": version, "m": "i86pc", "p": "i386", "i": "i86pc"}
    return Uname(fields, "snrvmpi", "usage: uname [-aimnprsvX]\n       uname [-S system_name]\n")


def debian(number: str, version: str) -> Uname:
    """Return the `uname` of a Debian on amd64 (source: GNU coreutils uname.c)."""
    fields = {"s": "Linux", "n": "", "r": number, "v": version, "m": "x86_64", "p": "unknown", "i": "unknown"}
    refusal = "uname: invalid option -- '{}'\nTry 'uname --help' for more information.\n"
    return Uname(fields | {"o": "GNU/Linux"}, "snrvmo", refusal)
