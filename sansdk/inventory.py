"""What a planner may know of an array, and how far that knowledge goes.

An inventory holds what was read of a scope. Asking it for something outside is a mistake of the caller's and
raises `NotRead`: unknown is never absent.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from enum import Enum, auto

from attrs import frozen

from sansdk.model import ArrayInfo, Export, Initiator, Orphan, Pool, Problem, Volume


class Part(Enum):
    """A side of an array that a survey reads or leaves out."""

    VOLUMES = auto()
    EXPORTS = auto()
    POOLS = auto()
    HEALTH = auto()


VOLUMES, EXPORTS, POOLS, HEALTH = Part


class NotRead(LookupError):
    """The inventory was asked for something outside its scope: a mistake in the SDK, not on the array."""


class Widen(Exception):
    """Raised by a planner that cannot decide without all volumes: read them and plan again."""


@frozen
class Scope:
    """What is, or must be, read: these parts, of these volumes (None: of all; of those `named` also the details)."""

    volumes: frozenset[str] | None = frozenset()
    parts: frozenset[Part] = frozenset()
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, volume: str, *parts: Part) -> "Scope":
        """These parts of one volume."""
        return cls(frozenset({volume}), frozenset(parts))

    @classmethod
    def all(cls, *parts: Part) -> "Scope":
        """These parts of every volume."""
        return cls(None, frozenset(parts))

    def widened(self) -> "Scope":
        """All that there is to know of every volume, the same parts at least."""
        return Scope(None, self.parts | {VOLUMES, EXPORTS}, self.named | (self.volumes or frozenset()))

    def __or__(self, other: "Scope") -> "Scope":
        names = (self.volumes or frozenset()) | (other.volumes or frozenset())
        parts, named = self.parts | other.parts, self.named | other.named
        everything = self.volumes is None or other.volumes is None
        return Scope(None, parts, named | names) if everything else Scope(names, parts, named)

    def has(self, volume: str) -> bool:
        """Whether that volume lies inside."""
        return self.volumes is None or volume in self.volumes


NOTHING = Scope()


def union(scopes: Iterable[Scope]) -> Scope:
    """The least scope that holds them all."""
    whole = NOTHING
    for scope in scopes:
        whole |= scope
    return whole


class Inventory(ABC):
    """What was read of an array, as values. One subclass an array, beside its planner."""

    @abstractmethod
    def volumes(self) -> list[Volume]:
        """Every volume in scope, by name."""

    @abstractmethod
    def exports(self) -> list[Export]:
        """Every export in scope, by volume, target and LUN."""

    @abstractmethod
    def exports_of(self, volume: str) -> list[Export]:
        """The exports of one volume, ours first."""

    @abstractmethod
    def initiators(self) -> list[Initiator]:
        """Every initiator that the array knows, by name."""

    @abstractmethod
    def pools(self) -> list[Pool]:
        """The pool or cluster of the session."""

    @abstractmethod
    def orphans(self) -> list[Orphan]:
        """What nothing uses and no verb would make."""

    @abstractmethod
    def problems(self) -> list[Problem]:
        """What keeps the array from doing its work."""

    @abstractmethod
    def info(self) -> ArrayInfo:
        """What answers at the other end."""

    @abstractmethod
    def facts(self, volume: str) -> Mapping[str, str]:
        """What a plan about that volume relies on, as comparable sentences; no counters."""
