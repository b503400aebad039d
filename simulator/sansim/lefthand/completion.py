"""What the Tab key does at the prompt: it completes a command, then its parameters.

Parameters come in the table's order, the required ones first, then the optional ones (source: manual). None is offered
that the line has already: a parameter excludes itself, and no others exclude each other on a node. That a single
candidate is completed and several are listed is inferred.
"""

from collections.abc import Sequence
from os.path import commonprefix

from attrs import field, frozen

from sansim.lefthand.commands import COMMANDS
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import parse

__all__ = ["Completion", "complete"]

_WITHOUT_TABLE = ("exit", "help")


@frozen
class Completion:
    """What a Tab adds to the line.

    Attributes:
        added: The letters that follow what is typed.
        offered: What there is to choose from, when nothing can be added.
    """

    added: str = ""
    offered: tuple[str, ...] = field(default=())


def complete(line: str, flavour: Flavour) -> Completion:
    """Complete the last word of a line."""
    if not parse(line).closed:
        return Completion()
    before, blank, word = line.rpartition(" ")
    if not before.strip():
        return _among(word, sorted((*(one.name for one in COMMANDS.values()), *_WITHOUT_TABLE), key=str.lower), " ")
    if "=" in word:
        return Completion()
    return _among(word, _parameters(before + blank, flavour), "=")


def _parameters(line: str, flavour: Flavour) -> Sequence[str]:
    """Return the parameters that may follow a line."""
    request = parse(line)
    command = COMMANDS.get(request.command.lower())
    if command is None:
        return ()
    given = {name.lower() for name, _ in request.pairs}
    prompt = ("prompt",) if command.asks else ()
    every = (*command.required, *command.parameters(flavour), *prompt, "output")
    return [name for name in every if name.lower() not in given]


def _among(word: str, names: Sequence[str], end: str) -> Completion:
    """Complete a word to the one name that begins with it, or as far as all that do go together."""
    found = [name for name in names if name.lower().startswith(word.lower())]
    if len(found) == 1:
        return Completion(found[0][len(word) :] + end)
    together = commonprefix([name.lower() for name in found])  # noqa: RUF071 - words, letter by letter
    if len(together) > len(word):
        return Completion(found[0][len(word) : len(together)])
    return Completion(offered=tuple(found))
