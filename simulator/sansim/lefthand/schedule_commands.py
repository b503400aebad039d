"""The commands of snapshot schedules."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import INVALID_VALUE, SCHEDULE_ELEMENT
from sansim.lefthand.model import Schedule
from sansim.lefthand.rendering import Element
from sansim.lefthand.results import MISSING_PARAMETER, Refusal
from sansim.lefthand.schedules import LONGEST_RETENTION, SHORTEST_PERIOD
from sansim.lefthand.words import flag, moment

__all__ = [
    "REMOTE",
    "create_snapshot_schedule",
    "delete_snapshot_schedule",
    "get_snapshot_schedule_info",
    "modify_snapshot_schedule",
]

REMOTE = ("remoteCluster", "remoteRetentionCount", "remoteVolume", "remoteIp", "remoteUserName", "remotePassword")
"""What a schedule of remote copies has beside that of local snapshots: all of it or none."""

_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_RETENTION = range(1, LONGEST_RETENTION + 1)
_PERIOD = range(SHORTEST_PERIOD, 10**9)


def create_snapshot_schedule(group: ManagementGroup, arguments: Arguments) -> None:
    """Make a schedule of local snapshots, or both ends of one of remote copies."""
    name, volume = arguments.text("scheduleName"), arguments.text("volumeName")
    period = arguments.number("recurPeriod", _PERIOD, SHORTEST_PERIOD)
    retention = arguments.number("retentionCount", _RETENTION, 1)
    start = _time(arguments, "startTime")
    description = arguments.text("description")
    if not any(parameter in arguments for parameter in REMOTE):
        group.schedules.create(name, volume, period=period, start=start, retention=retention, description=description)
        return
    for parameter in REMOTE:
        if not arguments.text(parameter):
            raise Refusal(MISSING_PARAMETER, f"Missing required parameter '{parameter}'.")
    group.remote.create_schedule(
        Schedule(0, name, volume, period, start, start, retention, description),
        address=arguments.text("remoteIp"),
        username=arguments.text("remoteUserName"),
        password=arguments.text("remotePassword"),
        cluster=arguments.text("remoteCluster"),
        volume=arguments.text("remoteVolume"),
        retention=arguments.number("remoteRetentionCount", _RETENTION, 1),
    )


def modify_snapshot_schedule(group: ManagementGroup, arguments: Arguments) -> None:
    """Pause a schedule or let it go on, or change what it does (all but the pausing inferred)."""
    group.schedules.modify(
        arguments.text("scheduleName"),
        paused=arguments.flag("paused", default=False) if "paused" in arguments else None,
        period=arguments.number("recurPeriod", _PERIOD, 0) or None,
        start=_time(arguments, "startTime") if "startTime" in arguments else None,
        retention=arguments.number("retentionCount", _RETENTION, 0) or None,
        description=arguments.text("description") if "description" in arguments else None,
    )


def delete_snapshot_schedule(group: ManagementGroup, arguments: Arguments) -> None:
    """Delete a schedule."""
    group.schedules.delete(arguments.text("scheduleName"))


def get_snapshot_schedule_info(group: ManagementGroup, arguments: Arguments, _flavour: Flavour) -> Sequence[Element]:
    """Show the named schedules."""
    return [_element(group.schedules.schedule(name)) for name in arguments.items("scheduleName")]


def _element(schedule: Schedule) -> Element:
    """Return a schedule.

    Seen are volumeName, name, period, startTime, retentionCount and paused, and that the longest name has 16
    letters; the rest is inferred.
    """
    return Element(
        SCHEDULE_ELEMENT,
        {
            "description": schedule.description,
            "id": str(schedule.id),
            "name": schedule.name,
            "paused": flag(schedule.paused),
            "period": str(schedule.period),
            "remoteVolumeName": "" if schedule.receives else schedule.partner_volume,
            "retentionCount": str(schedule.retention),
            "startTime": moment(schedule.start),
            "volumeName": schedule.volume,
        },
    )


def _time(arguments: Arguments, parameter: str) -> datetime:
    text = arguments.text(parameter)
    if _TIME.fullmatch(text):
        with suppress(ValueError):
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    raise Refusal(INVALID_VALUE, f"Parameter '{parameter}' has an invalid value '{text}'.")
