"""Snapshot schedules: what they are, and what they have to make by the group's clock.

Nothing runs by itself. Whoever is about to read or change the group lets its schedules catch up first; each run
then leaves what it would have left at its time. Runs whose snapshots would be gone again by now leave nothing, so
that a clock that jumps by years makes no more snapshots than are kept. A run that finds no space, or
a volume that is not available, or is remote instead of primary, makes nothing; the next one tries again (inferred,
as the names of the snapshots).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from sansim.lefthand import inferred
from sansim.lefthand.model import Schedule
from sansim.lefthand.names import check_name
from sansim.lefthand.results import NOTHING_DONE, Refusal

if TYPE_CHECKING:
    from sansim.lefthand.group import ManagementGroup

__all__ = ["LONGEST_RETENTION", "SHORTEST_PERIOD", "Schedules"]

SHORTEST_PERIOD = 1800
"""Seconds (seen)."""
LONGEST_RETENTION = 50
"""Snapshots (seen)."""


@frozen(order=True)
class _Run:
    """A run that is due: when, of which schedule, and its number."""

    time: datetime
    id: int
    schedule: str
    number: int


class Schedules:
    """The schedules of one group."""

    def __init__(self, group: "ManagementGroup") -> None:
        self._group = group
        self._tables = group.tables
        self._state = group.tables.state

    def schedule(self, name: str) -> Schedule:
        """Return a schedule.

        Raises:
            Refusal: There is none of that name.
        """
        schedule = self._tables.schedules.get(name)
        if schedule is None:
            raise Refusal(inferred.SCHEDULE_NOT_FOUND, f"Snapshot schedule '{name}' not found.")
        return schedule

    def check_free(self, name: str) -> None:
        """Refuse a name that no new schedule can have."""
        check_name("scheduleName", name)
        if name in self._tables.schedules:
            raise Refusal(inferred.SCHEDULE_EXISTS, f"Snapshot schedule '{name}' already exists.")

    def create(
        self, name: str, volume_name: str, *, period: int, start: datetime, retention: int, description: str = ""
    ) -> Schedule:
        """Make a schedule of a primary volume, and return it. A start in the past means at once (seen)."""
        self.check_free(name)
        volume = self._group.volume(volume_name)
        if not volume.primary:
            raise Refusal(inferred.GENERAL_ERROR, f"Volume '{volume_name}' is a remote volume.")
        with self._state.change():
            due = max(start, self._group.clock.now())
            schedule = Schedule(self._tables.next_id(), name, volume_name, period, start, due, retention, description)
            self._tables.schedules[name] = schedule
        return schedule

    def modify(
        self,
        name: str,
        *,
        paused: bool | None = None,
        period: int | None = None,
        start: datetime | None = None,
        retention: int | None = None,
        description: str | None = None,
    ) -> None:
        """Change what is given. A new period counts from the last run; what went by in a pause is not made up for."""
        schedule = self.schedule(name)
        changed = attrs.evolve(
            schedule,
            paused=schedule.paused if paused is None else paused,
            period=schedule.period if period is None else period,
            start=schedule.start if start is None else start,
            retention=schedule.retention if retention is None else retention,
            description=schedule.description if description is None else description,
        )
        if changed == schedule:
            raise Refusal(NOTHING_DONE, f"Snapshot schedule '{name}' is already in the requested state.")
        with self._state.change():
            self._tables.schedules[name] = attrs.evolve(changed, due=self._due(schedule, changed))

    def delete(self, name: str) -> None:
        """Delete a schedule; its snapshots stay, and so does the schedule at the other end."""
        self.schedule(name)
        with self._state.change():
            del self._tables.schedules[name]

    def catch_up(self) -> None:
        """Leave what the schedules would have left by now."""
        if not self._tables.schedules:
            return
        schedules = tuple(self._tables.schedules.values())
        with self._state.change():
            for run in sorted(run for schedule in schedules for run in self._due_runs(schedule)):
                self._run(run)

    def retire(self, schedule: Schedule) -> None:
        """Delete the snapshots of a schedule beyond those it keeps.

        One that cannot be deleted, being a clone point or in use, stays until it can.
        """
        for snapshot in self._tables.snapshots_by[str(schedule.id)][: -schedule.retention]:
            if self._group.deletable(snapshot):
                self._group.delete_snapshot(snapshot.name)

    def _due(self, old: Schedule, new: Schedule) -> datetime:
        now = self._group.clock.now()
        if new.start != old.start:
            return max(new.start, now)
        due = old.due + timedelta(seconds=new.period - old.period)
        if due >= now:
            return due
        # Only a pause lets a run go by; the next one keeps the step.
        return due + -((due - now) // timedelta(seconds=new.period)) * timedelta(seconds=new.period)

    def _due_runs(self, schedule: Schedule) -> list[_Run]:
        """Return the runs of a schedule that are due and leave something, and set it to the one after them."""
        now = self._group.clock.now()
        if schedule.receives or schedule.paused or schedule.due > now:
            return []
        period = timedelta(seconds=schedule.period)
        count = (now - schedule.due) // period + 1
        # The other end of a remote schedule may keep more than this one does.
        kept = LONGEST_RETENTION if schedule.partner else schedule.retention
        self._tables.schedules[schedule.name] = attrs.evolve(
            schedule, due=schedule.due + count * period, runs=schedule.runs + count
        )
        return [
            _Run(schedule.due + missed * period, schedule.id, schedule.name, schedule.runs + missed + 1)
            for missed in range(max(count - kept, 0), count)
        ]

    def _run(self, run: _Run) -> None:
        schedule = self._tables.schedules[run.schedule]
        volume = self._tables.volumes[schedule.volume]
        name = inferred.SCHEDULED_NAME.format(schedule=schedule.name, number=run.number)
        if not volume.primary or self._group.taken(name):
            return
        try:
            self._group.nodes.check_available("Volume", volume)
            with self._state.change():
                snapshot = attrs.evolve(self._group.snapshot_of(volume, name), created=run.time, schedule=schedule.id)
                self._group.add_snapshot(snapshot)
        except Refusal:
            # There is no space, or too many nodes are down: this run is missed.
            return
        if schedule.partner:
            self._group.remote.send(schedule, snapshot, run.number)
        self.retire(schedule)
