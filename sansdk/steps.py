"""What a planner makes of an intent: an item of a few steps, each with its undo, and the reads that prove it.

An item is done whole or not at all. Its steps run in order; when one fails, those that ran are undone backwards.
Then its `proof` is read and `confirm` turns that into the value; where the array only said that it did something,
`confirm` raises `NoEffect`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from sansdk.commands.base import Command
from sansdk.errors import ArrayError, SanError
from sansdk.intents import Intent

if TYPE_CHECKING:
    from functools import _SingleDispatchCallable

Readings = Mapping[Command[Any], Any]
"""What was read, by the command that read it; None where the array says that it is not there."""


@frozen
class Read:
    """One read of a survey.

    Attributes:
        command: What to run.
        each: For a command that runs others on the array, one for each thing that it finds there: from the
            thing's name to the command whose answer that is. None for a plain command.
    """

    command: Command[Any]
    each: Callable[[str], Command[Any]] | None = None


@frozen
class Guard:
    """What must be so for an undo to run, where no text on the array can look first.

    Attributes:
        command: What to read; its value is None where the array says that the thing is not there.
        holds: From that value to whether there is something of ours to take back.
    """

    command: Command[Any]
    holds: Callable[[Any], bool] = field(eq=False)


@frozen
class Step:
    """One command of an item.

    Attributes:
        command: What to run.
        undo: What takes its effect back; None where nothing has to, or can, be taken back.
        tolerates: The array's words for "so it is already": a refusal with them counts as done, is not undone,
            and the item's proof decides whether it is really as planned.
        irreversible: Cannot be taken back.
        guard: Read before the undo on an array without a shell; elsewhere the undo looks for itself.
    """

    command: Command[Any]
    undo: Command[Any] | None = None
    tolerates: str = ""
    irreversible: bool = False
    guard: Guard | None = None


def _nothing(_: Readings) -> None:
    return None


def _as_refused(error: ArrayError, _: Readings) -> SanError:
    return error


@frozen
class Item:
    """One intent, planned.

    Attributes:
        intent: What was wanted.
        steps: What to run; empty where it is so already.
        proof: What to read afterwards.
        confirm: From the proof to the value of the intent.
        diagnosis: What to read after a refusal.
        explain: From the refusal and the diagnosis to the error that tells it.
    """

    intent: Intent
    steps: tuple[Step, ...] = ()
    proof: tuple[Read, ...] = ()
    confirm: Callable[[Readings], Any] = field(default=_nothing, eq=False)
    diagnosis: tuple[Read, ...] = ()
    explain: Callable[[ArrayError, Readings], SanError] = field(default=_as_refused, eq=False)


def planner() -> "_SingleDispatchCallable[Item]":
    """A planner without plans: `register` gives it one function an intent, from the intent and a draft to an item.

    Such a function raises `SanError` where the intent cannot be planned, and `Widen` where it can only be planned
    once the whole array was read.
    """

    @singledispatch
    def plan(intent: Intent, _: object) -> Item:
        raise NotImplementedError(type(intent).__name__)

    return plan


@frozen
class Result:
    """What became of one intent: its value, or the error."""

    intent: Intent
    value: Any = None
    error: SanError | None = None

    def unwrap(self) -> Any:  # noqa: ANN401 - each intent has a value of its own kind
        """The value.

        Raises:
            SanError: The intent failed.
        """
        if self.error is not None:
            raise self.error
        return self.value


@frozen
class Results(Sequence[Result]):
    """One result an intent, in order."""

    results: tuple[Result, ...]

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - int or slice, as a tuple
        return self.results[index]

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    @property
    def failed(self) -> tuple[Result, ...]:
        """Those with an error."""
        return tuple(r for r in self.results if r.error is not None)
