"""What `sansim faults`, `latency` and `conditions` have in common: list, remove, clear."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from sansim.cli.output import show, table
from sansim.cli.verbs import Verbs, client, group, verb

__all__ = ["Ill"]


@frozen
class Ill:
    """One kind of what goes wrong, as the command line has it.

    Attributes:
        name: How a request calls one.
        plural: How it calls them.
        word: The word of the command line.
        columns: The headings of their table.
        row: Makes a row of what a request answers about one.
        remove: The verb that takes one away.
        about: What they are, for the help.
        removed: What is said when they were taken away.
    """

    name: str
    plural: str
    word: str
    columns: Sequence[str]
    row: Callable[[Mapping[str, Any]], Sequence[object]] = field(repr=False)
    remove: str
    removed: str
    about: str

    def add(self, verbs: Verbs) -> Verbs:
        """Add the word and its verbs, but for the one that adds; that belongs to what is returned."""
        below = group(verbs, self.word, self._list, f"list, add and {self.remove} {self.about}", _ALONE)
        parser = verb(below, "list", self._list, f"list the {self.plural} that are set, with how often they struck")
        parser.add_argument("array", nargs="?", metavar="ARRAY", help="only those of this array")
        parser = verb(below, self.remove, self._remove, f"{self.remove} {self.plural} by their numbers")
        parser.add_argument("number", nargs="+", type=int, metavar="NUMBER", help=f"as `sansim {self.word}` lists it")
        parser = verb(below, "clear", self._clear, f"{self.remove} all {self.plural} of an array, or of all arrays")
        parser.add_argument("array", nargs="?", metavar="ARRAY", help="only those of this array")
        return below

    def set(self, options: Namespace, value: Mapping[str, Any]) -> int:
        """Set one on an array."""
        with client(options) as simulator:
            answer = simulator.ask(f"add-{self.name}", array=options.array, **{self.name: value})
        return show(options, answer, f"{self.name} {answer['number']} is set on {answer['array']}")

    def _list(self, options: Namespace) -> int:
        with client(options) as simulator:
            answer = simulator.ask(self.plural, array=options.array)
        rows = [(one["number"], one["array"], *self.row(one), one["struck"]) for one in answer[self.plural]]
        headings = ("number", "array", *self.columns, "struck")
        return show(options, answer, table(headings, rows, f"no {self.plural} are set"))

    def _remove(self, options: Namespace) -> int:
        with client(options) as simulator:
            answer = simulator.ask(f"remove-{self.name}", numbers=options.number)
        return show(options, answer, f"{answer['removed']} {self.removed}")

    def _clear(self, options: Namespace) -> int:
        with client(options) as simulator:
            answer = simulator.ask(f"clear-{self.plural}", array=options.array)
        stay = f", {answer['stay']} stay, which nothing takes back" if answer["stay"] else ""
        return show(options, answer, f"{answer['removed']} {self.removed}{stay}")


_ALONE = "Without a verb it lists."
