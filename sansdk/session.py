"""A session on one array: its verbs run at once, and it reads."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Any, ClassVar, Final, Self, TypeVar

from attrs import frozen

from sansdk.capabilities import Capability
from sansdk.commands.base import Taken
from sansdk.errors import Ambiguous, Cancelled, InputError, PartialFailure, SanError
from sansdk.executor import Executor, Overtaken
from sansdk.history import History
from sansdk.intents import Intent
from sansdk.inventory import EXPORTS, HEALTH, POOLS, VOLUMES, Inventory, Scope, Widen, union
from sansdk.model import ArrayInfo, Export, Initiator, Orphan, Pool, Problem, Progress, Volume
from sansdk.names import check_existing
from sansdk.objections import no_volume, not_exported
from sansdk.plan import Plan
from sansdk.steps import Item, Read, Readings, Result, Results
from sansdk.verbs import Verbs

T = TypeVar("T")

_TRIES: Final[Mapping[type[SanError], int]] = {Taken: 8, Overtaken: 3}
_JITTER: Final = 0.05


def _tries(result: Result) -> int:
    return 1 if result.error is None else _TRIES.get(type(result.error), 1)


@frozen
class Hooks:
    """What one array brings: functions, and its abilities.

    Attributes:
        port: Where its SSH server listens unless said otherwise.
        forbidden: Characters that are in no name there.
        attach: From a transport, a place such as the pool, and its own options: a setting and an executor.
        check: Refuses what the array cannot take, before anything is sent.
        survey: What to run to read a scope.
        inventory: What was read, as an inventory of that scope.
        draft: A draft over an inventory, for one planning; the last argument says whether a race was lost before.
        plan: An intent, and the draft that it is planned on, as an item.
        capabilities: What the array can do.
    """

    port: int
    forbidden: str
    attach: Callable[..., tuple[Any, Executor]]
    check: Callable[[Any, Intent], None]
    survey: Callable[[Any, Scope], Sequence[Read]]
    inventory: Callable[[Any, Scope, Readings], Inventory]
    draft: Callable[[Any, random.Random, bool], Any]
    plan: Callable[[Intent, Any], Item]
    capabilities: frozenset[Capability]


class SanSession(Verbs[Volume, Export]):
    """One array, one connection. Any thread may call it, one call at a time; `cancel` alone comes from outside."""

    hooks: ClassVar[Hooks]

    def __init__(self, setting: object, executor: Executor, rng: random.Random | None = None) -> None:
        self._setting = setting
        self._executor = executor
        self._rng = rng or random.SystemRandom()
        self._lock = Lock()
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self._executor.transport.address}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Clear away what the session's programs left on the array, and disconnect; no further call is possible."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._executor.begin()
            try:
                self._executor.close()
            finally:
                self._executor.transport.close()

    def cancel(self) -> None:
        """Stop the call that is under way, from another thread: it undoes its item and raises `Cancelled`."""
        self._executor.cancel()

    @property
    def history(self) -> History:
        """What ran, oldest first, secrets redacted."""
        return self._executor.history

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this array can do."""
        return self.hooks.capabilities

    def check(self) -> list[Problem]:
        """What keeps the array from doing its work; empty where nothing does."""
        return self._read(Scope.all(HEALTH), lambda inventory: inventory.problems())

    def info(self) -> ArrayInfo:
        """Kind, flavour and version of the array."""
        return self._read(Scope.all(), lambda inventory: inventory.info())

    def pools(self) -> list[Pool]:
        """The pool or cluster that the session works in."""
        return self._read(Scope.all(POOLS), lambda inventory: inventory.pools())

    def volumes(self) -> list[Volume]:
        """Every volume of the pool or cluster, by name."""
        return self._read(Scope.all(VOLUMES), lambda inventory: inventory.volumes())

    def volume(self, name: str) -> Volume:
        """One volume.

        Raises:
            InvalidName: Nothing can have that name.
            NotFound: The array has none of that name.
        """
        check_existing(name, self.hooks.forbidden)
        volumes = self._read(Scope.of(name, VOLUMES), lambda inventory: inventory.volumes())
        found = next((volume for volume in volumes if volume.name == name), None)
        if found is None:
            raise no_volume(name)
        return found

    def exports(self) -> list[Export]:
        """Every export of the pool's or cluster's volumes, by volume, target and LUN."""
        return self._read(Scope.all(VOLUMES, EXPORTS), lambda inventory: inventory.exports())

    def export(self, volume: str) -> Export:
        """The export of a volume: ours, else the only one.

        Raises:
            InvalidName: Nothing can have that name.
            NotFound: There is no such volume, or it is not exported.
            Ambiguous: Others export it several times.
        """
        check_existing(volume, self.hooks.forbidden)
        scope = Scope.of(volume, VOLUMES, EXPORTS)
        there, found = self._read(scope, lambda inventory: (inventory.volumes(), inventory.exports_of(volume)))
        if not any(each.name == volume for each in there):
            raise no_volume(volume)
        if not found:
            raise not_exported(volume)
        if len(found) > 1 and found[0].maker != "sansdk":
            raise Ambiguous(f"The volume {volume!r} has {len(found)} exports, none of them ours.", candidates=found)
        return found[0]

    def initiators(self) -> list[Initiator]:
        """Every initiator that the array knows, by name."""
        return self._read(Scope.all(VOLUMES, EXPORTS), lambda inventory: inventory.initiators())

    def orphans(self) -> list[Orphan]:
        """What nothing uses and no verb would make."""
        return self._read(Scope.all(VOLUMES, EXPORTS), lambda inventory: inventory.orphans())

    def plan(self) -> Plan:
        """Collect what the same verbs would do: `with san.plan() as plan: plan.create_volume(…)`."""
        return Plan(self)

    def submit(
        self, intents: Sequence[Intent], *, on_error: str = "continue", progress: Progress | None = None
    ) -> Results:
        """Plan and run intents; every one is tried.

        Args:
            intents: What is wanted, in order.
            on_error: `stop` ends after the first failure, `continue` goes on.
            progress: Told how many items have ended.

        Raises:
            PartialFailure: Some failed; `results` has all.
        """
        with self._call():
            results = self._settled(list(intents), stop=on_error == "stop", progress=progress)
        return _all_done(results)

    def prepare(self, intents: Sequence[Intent]) -> tuple[Inventory, list[Item]]:
        """Read what these intents are about, once, and plan them.

        Raises:
            SanError: What can be known of a failure is raised before anything is sent.
        """
        with self._call():
            self._checked(intents)
            inventory, planned = self._planned(intents, _around(intents), lost=False)
        return inventory, [p if isinstance(p, Item) else p.unwrap() for p in planned]

    def script(self, items: Sequence[Item]) -> str:
        """Planned items as commands that a person can run by hand; secrets are variables of the environment."""
        return self._executor.script(items)

    def apply(
        self, items: Sequence[Item], check: Callable[[Inventory], None], progress: Progress | None = None
    ) -> Results:
        """Read the scope of planned items again, let `check` look at it, and run them.

        Raises:
            StalePlan: `check` found that the array has changed.
            PartialFailure: Some failed.
        """
        with self._call():
            check(self._surveyed(_around([item.intent for item in items])))
            results = Results(tuple(self._executor.run(items, progress=progress)))
        return _all_done(results)

    @contextmanager
    def _call(self) -> Iterator[None]:
        """One call at a time; a cancel counts for the one that it finds."""
        with self._lock:
            if self._closed:
                raise InputError("This session is closed.", mend="Connect again.")
            self._executor.begin()
            yield

    def _volume(self, intent: Intent) -> Volume:
        volume: Volume = self._one(intent)
        return volume

    def _export(self, intent: Intent) -> Export:
        export: Export = self._one(intent)
        return export

    def _nothing(self, intent: Intent) -> None:
        self._one(intent)

    def _one(self, intent: Intent) -> Any:  # noqa: ANN401 - each intent has a value of its own kind
        with self._call():
            return self._settled([intent])[0].unwrap()

    def _read(self, scope: Scope, value: Callable[[Inventory], T]) -> T:
        with self._call():
            try:
                return value(self._surveyed(scope))
            except Widen:
                return value(self._surveyed(scope.widened()))

    def _surveyed(self, scope: Scope) -> Inventory:
        reads = self.hooks.survey(self._setting, scope)
        return self.hooks.inventory(self._setting, scope, self._executor.read(reads))

    def _checked(self, intents: Sequence[Intent]) -> None:
        for intent in intents:
            self.hooks.check(self._setting, intent)

    def _settled(self, intents: list[Intent], *, stop: bool = False, progress: Progress | None = None) -> Results:
        """Plan and run; where others were faster, read and plan those again."""
        self._checked(intents)
        results: dict[int, Result] = {}
        pending = list(range(len(intents)))
        tried = 0
        while pending:
            tried += 1
            wanted = [intents[n] for n in pending]
            _, planned = self._planned(wanted, union(i.scope for i in wanted), lost=tried > 1)
            results |= zip(pending, self._run(planned, stop=stop, progress=progress), strict=True)
            pending = [n for n in pending if tried < _tries(results[n])]
            if pending:
                time.sleep(self._rng.uniform(0, _JITTER * 2**tried))
        return Results(tuple(results[n] for n in range(len(intents))))

    def _run(self, planned: Sequence[Item | Result], *, stop: bool, progress: Progress | None) -> list[Result]:
        """Run what could be planned; what could not stays the failure it is."""
        failure = next((n for n, p in enumerate(planned) if isinstance(p, Result)), len(planned))
        tried = planned[: failure + 1] if stop else planned
        items = [p for p in tried if isinstance(p, Item)]
        ran = iter(self._executor.run(items, stop=stop, progress=progress))
        results = [p if isinstance(p, Result) else next(ran) for p in tried]
        return results + [Result(p.intent, error=_not_tried(p.intent)) for p in planned[len(tried) :]]

    def _planned(self, intents: Sequence[Intent], scope: Scope, *, lost: bool) -> tuple[Inventory, list[Item | Result]]:
        inventory = self._surveyed(scope)
        try:
            return inventory, self._drafted(inventory, intents, lost=lost)
        except Widen:
            inventory = self._surveyed(scope.widened())
            return inventory, self._drafted(inventory, intents, lost=lost)

    def _drafted(self, inventory: Inventory, intents: Sequence[Intent], *, lost: bool) -> list[Item | Result]:
        draft = self.hooks.draft(inventory, self._rng, lost)
        planned: list[Item | Result] = []
        for intent in intents:
            try:
                planned.append(self.hooks.plan(intent, draft))
            except SanError as error:
                planned.append(Result(intent, error=error))
        return planned


def _not_tried(intent: Intent) -> Cancelled:
    return Cancelled(f"{intent}: not tried, for one before it failed.")


def _all_done(results: Results) -> Results:
    if results.failed:
        raise PartialFailure(
            f"{len(results.failed)} of {len(results)} failed; the first: {results.failed[0].error}", results=results
        )
    return results


def _around(intents: Sequence[Intent]) -> Scope:
    """What a plan reads: the volumes it is about, and whoever uses them."""
    return Scope(frozenset(i.volume for i in intents), frozenset({VOLUMES, EXPORTS}))
