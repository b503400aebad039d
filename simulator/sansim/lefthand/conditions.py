"""How a LeftHand group comes into its conditions, and out of them again.

What the group keeps of a condition lies in its state, so that a restart or an image brings it along; to come into a
condition that holds already changes nothing, and whoever lifts it finds what there is then.
"""

from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from sansim.faults import (
    ClockJump,
    Condition,
    ConnectedInitiator,
    FullStorage,
    Lift,
    MovedVip,
    NodeDown,
    OtherAdmin,
    unattended,
)
from sansim.lefthand.access import LoginRefused
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.model import Session

if TYPE_CHECKING:
    from sansim.lefthand.array import LeftHandArray

__all__ = ["CONDITIONS", "befall"]

CONDITIONS = (ClockJump, ConnectedInitiator, FullStorage, MovedVip, NodeDown, OtherAdmin)
"""What a group can be in."""


async def befall(array: "LeftHandArray", condition: Condition) -> Lift | None:
    """Let a condition befall a group, and return how to lift it; None when nothing can.

    Raises:
        ValueError: This kind of array does not know the condition, or has not what it names.
    """
    lift: Lift | None = None
    match condition:
        case ClockJump(seconds=seconds):
            array.clock.jump(seconds)
        case OtherAdmin(command=command):
            with unattended(array.log, command) as line:
                await array.carry_out(command, line)
        case FullStorage(storage=storage, free=free):
            lift = _full(array.group, storage or array.group.nodes.first.name, free)
        case ConnectedInitiator(volume=volume, initiator=initiator):
            lift = partial(array.group.access.logout, _session(array.group, volume, initiator))
        case NodeDown(node=node):
            lift = _node_down(array, node)
        case MovedVip(node=node):
            lift = _moved_vip(array, node)
        case _:
            raise ValueError(f"a LeftHand group knows no condition {type(condition).__name__}")
    return lift


def _full(group: ManagementGroup, name: str, free: int) -> Lift:
    clusters = group.tables.clusters
    if name not in clusters:
        raise ValueError(f"there is no cluster {name!r}; there is {', '.join(clusters)}")
    size = group.unprovisioned(clusters[name]) - free
    if size > 0:
        _take(group, name, clusters[name].taken + size)
    return partial(_take, group, name, 0)


def _take(group: ManagementGroup, name: str, taken: int) -> None:
    cluster = group.tables.clusters.get(name)
    if cluster is not None and cluster.taken != taken:
        with group.tables.state.change():
            group.tables.clusters[name] = evolve(cluster, taken=taken)


def _session(group: ManagementGroup, volume: str, initiator: str) -> Session:
    """Return the session of an initiator, which logs in if it has none; it knows the secret that admits it."""
    target = group.tables.volumes.get(volume) or group.tables.snapshots.get(volume)
    if target is None:
        raise ValueError(f"there is no volume or snapshot {volume!r}")
    for session in group.tables.sessions_of[volume]:
        if session.initiator.lower() == initiator.lower():
            return session
    chap = next((row for row in target.permissions if row.chap_required), None)
    try:
        if chap is not None:
            return group.access.login(volume, initiator, chap_name=chap.chap_name, target_secret=chap.target_secret)
        return group.access.login(volume, initiator)
    except LoginRefused as error:
        raise ValueError(f"{initiator} cannot log in: {error}; assign the volume to it first") from error


def _node_down(array: "LeftHandArray", name: str) -> Lift:
    nodes = array.group.nodes
    if not name:
        down = nodes.down(nodes.first)
        # A group that comes up again with a node down is in that condition.
        name = (down[0] if down and array.returns else nodes.answering).name
    if nodes.take_down(name):
        _lose(array)
    return partial(nodes.bring_up, name)


def _moved_vip(array: "LeftHandArray", name: str) -> Lift:
    nodes = array.group.nodes
    cluster = nodes.find(name)[0] if name else nodes.first
    before, home = nodes.holder(cluster), cluster.nodes[0]
    # A group that comes up again with a virtual IP that had moved is in that condition.
    if before != home and ((not name and array.returns) or before.name == name):
        return partial(_move_back, array, home.name)
    if nodes.move(name):
        _lose(array)
    return partial(_move_back, array, before.name)


def _move_back(array: "LeftHandArray", name: str) -> None:
    """Let the node that had the virtual IP have it again, unless it is down."""
    nodes = array.group.nodes
    if nodes.find(name)[1].up and nodes.move(name):
        _lose(array)


def _lose(array: "LeftHandArray") -> None:
    if array.lose_connections is not None:
        array.lose_connections()
