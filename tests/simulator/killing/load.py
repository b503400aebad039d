"""Clients that change an array without pause, and what each knows to have changed.

What an array holds is a set of facts. A command is a row of steps, each of which takes facts away and adds some,
whole or not at all; a client applies them to its own record once the command has been acknowledged. Names are
made of the client's and of a number that is never used again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import TypeAlias

from attrs import define, frozen

__all__ = ["Client", "Command", "Fact", "Facts", "Step", "named", "step"]

Fact: TypeAlias = tuple[str, ...]
"""What a thing is, its name, and more of it."""
Facts: TypeAlias = frozenset[Fact]


@frozen
class Step:
    """One effect of a command."""

    gone: Facts
    come: Facts

    def applied(self, facts: Facts) -> Facts:
        """Return the facts after it."""
        return facts - self.gone | self.come


def step(gone: Iterable[Fact] = (), come: Iterable[Fact] = ()) -> Step:
    """Make a step of the facts that go and come."""
    return Step(frozenset(gone), frozenset(come))


@frozen
class Command:
    """A command line and what it does."""

    text: str
    steps: tuple[Step, ...]

    def stages(self, facts: Facts) -> Iterator[Facts]:
        """Yield what may be there when nobody knows how far it came: the facts after none, one, … of its steps."""
        yield facts
        for each in self.steps:
            facts = each.applied(facts)
            yield facts


Choices: TypeAlias = Callable[[str, int, Facts], Sequence[Command]]
"""What somebody may do next, by their name, a number that was not used yet, and what is theirs."""


@define
class Client:
    """Somebody who changes an array, one command after the other.

    Attributes:
        array: Which.
        name: Part of the names of all that is theirs.
        choices: What they may do.
        random: What decides between that.
        facts: What is theirs, as far as it was acknowledged.
        pending: What they have sent and not seen the end of.
        acknowledged: How many commands were.
        number: The last number that they used.
    """

    array: str
    name: str
    choices: Choices
    random: Random
    facts: Facts = frozenset()
    pending: Command | None = None
    acknowledged: int = 0
    number: int = 0

    def begin(self) -> Command:
        """Return the command to send now."""
        self.number += 1
        self.pending = self.random.choice(self.choices(self.name, self.number, self.facts))
        return self.pending

    def acknowledge(self) -> None:
        """Note that the command was carried out."""
        if self.pending is not None:
            *_, self.facts = self.pending.stages(self.facts)
            self.pending = None
            self.acknowledged += 1

    def settle(self, found: Facts) -> str:
        """Compare with what is there after a restart, and go on from that; return what is wrong, or nothing."""
        stages = [self.facts] if self.pending is None else list(self.pending.stages(self.facts))
        wrong = ""
        if found not in stages:
            text = "nothing" if self.pending is None else self.pending.text
            wrong = (
                f"{self.name} on {self.array}: lost {sorted(self.facts - found)}, there besides "
                f"{sorted(found - self.facts)}; under way was: {text}"
            )
        self.facts, self.pending = found, None
        return wrong


def named(facts: Facts, what: str) -> list[Fact]:
    """Return the facts about things of a kind, in an order that does not depend on the run."""
    return sorted(fact for fact in facts if fact[0] == what)
