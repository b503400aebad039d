"""A plan: intents collected by the same verbs that a session has, shown before anything is sent.

with san.plan() as plan:
    plan.create_volume("db1", "100GiB")
    plan.create_export("db1", initiators=["iqn.…"])
print(plan)
plan.apply()
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final, Protocol, Self

from sansdk.commands.base import hidden
from sansdk.errors import InputError, StalePlan
from sansdk.intents import Intent
from sansdk.inventory import Inventory
from sansdk.model import Progress
from sansdk.steps import Item, Results, Step
from sansdk.verbs import Verbs

_LEFT: Final = 'style="text-align:left"'
"""Jupyter puts cells of tables to the right."""


class Planning(Protocol):
    """What a plan needs of its session."""

    def prepare(self, intents: Sequence[Intent]) -> tuple[Inventory, list[Item]]:
        """Read once and plan."""
        ...

    def apply(self, items: Sequence[Item], check: "Check", progress: Progress | None = None) -> Results:
        """Read again, check, and run."""
        ...

    def script(self, items: Sequence[Item]) -> str:
        """What a person could run by hand."""
        ...


class Check(Protocol):
    """Looks at an inventory before items run."""

    def __call__(self, inventory: Inventory, /) -> None:
        """Raises `StalePlan` where it has changed."""
        ...


class Plan(Verbs[None, None]):
    """Intents, planned when the `with` block ends. Its verbs return None and send nothing."""

    def __init__(self, session: Planning) -> None:
        self._session = session
        self._intents: list[Intent] = []
        self._items: tuple[Item, ...] | None = None
        self._facts: dict[str, Mapping[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            inventory, items = self._session.prepare(self._intents)
            self._items = tuple(items)
            self._facts = {i.volume: inventory.facts(i.volume) for i in self._intents}

    @property
    def items(self) -> tuple[Item, ...]:
        """One item an intent, in order.

        Raises:
            InputError: The `with` block has not ended.
        """
        if self._items is None:
            raise InputError("The plan is made when its `with` block ends; look at it after that.")
        return self._items

    def apply(self, *, progress: Progress | None = None) -> Results:
        """Read again what the plan touches and, where nothing of it has changed, run it.

        Raises:
            StalePlan: Existence, identity, size, views, groups or authentication differ from when it was planned.
            PartialFailure: Some items failed; each of those was undone.
        """
        return self._session.apply(self.items, self._check, progress)

    def script(self) -> str:
        """The plan as commands that a person can run by hand; secrets are variables of the environment."""
        return self._session.script(self.items)

    def _check(self, inventory: Inventory) -> None:
        changes = [
            f"{volume}: {thing} was {before.get(thing, 'absent')}, is {now.get(thing, 'absent')}"
            for volume, before in self._facts.items()
            for now in [inventory.facts(volume)]
            for thing in sorted({*before, *now})
            if before.get(thing) != now.get(thing)
        ]
        if changes:
            raise StalePlan(
                f"The array has changed since this was planned: {'; '.join(changes)}.",
                changes=changes,
                mend="Plan again.",
            )

    def _volume(self, intent: Intent) -> None:
        self._collect(intent)

    def _export(self, intent: Intent) -> None:
        self._collect(intent)

    def _nothing(self, intent: Intent) -> None:
        self._collect(intent)

    def _collect(self, intent: Intent) -> None:
        if self._items is not None:
            raise InputError("This plan is made; begin a new one.")
        self._intents.append(intent)

    def __repr__(self) -> str:
        return "Plan (made when its with block ends)" if self._items is None else str(self)

    def __str__(self) -> str:
        return "\n".join(line for item in self.items for line in _lines(item)) or "nothing to do"

    def _repr_html_(self) -> str:
        rows = "".join(_row(item) for item in self.items)
        return (
            '<table class="sansdk-plan" style="text-align:left"><thead><tr>'
            f"<th {_LEFT}>intent</th><th {_LEFT}>step</th><th {_LEFT}>undo</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def _lines(item: Item) -> Iterator[str]:
    yield f"{item.intent}{'' if item.steps else ': nothing to do'}"
    for step in item.steps:
        yield f"  {step.command.render(hidden)}{'   (irreversible)' if step.irreversible else ''}"


def _row(item: Item) -> str:
    cells = [_cells(step) for step in item.steps] or ["<td><em>nothing to do</em></td><td></td>"]
    head = (
        f'<td rowspan="{len(cells)}" style="vertical-align:top; text-align:left">{html.escape(str(item.intent))}</td>'
    )
    return "".join(f"<tr>{head if n == 0 else ''}{cell}</tr>" for n, cell in enumerate(cells))


def _cells(step: Step) -> str:
    command = f"<code>{html.escape(step.command.render(hidden))}</code>"
    undo = "<em>irreversible</em>" if step.irreversible else ""
    if step.undo is not None:
        undo = f"<code>{html.escape(step.undo.render(hidden))}</code>"
    return f"<td {_LEFT}>{command}</td><td {_LEFT}>{undo}</td>"
