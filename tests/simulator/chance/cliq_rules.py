"""What each command should make of a management group, told from its line alone and knowing nothing of the simulator.

It is the rules of the wire reference in small: names are unique among volumes and snapshots, a volume with snapshots
or sessions stays, a snapshot that is a clone point stays, an assignment to initiators or by CHAP replaces what was
there and one to a server is added, a server's permissions go with it.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import attrs

from tests.simulator.chance.cliq_model import Grant, Model, Schedule, Server, Snapshot, Volume

__all__ = ["Impossible", "after"]

V = TypeVar("V")

PAGE: Final = 262144
NODES: Final = 2
_UNITS: Final = {"KB": 10, "MB": 20, "GB": 30, "TB": 40}
_TRUE: Final = ("1", "true")

Values = Mapping[str, str]
Busy = frozenset[str]
"""The names of the volumes and snapshots that somebody is logged in to."""


class Impossible(Exception):
    """The group must refuse the command, or find that there is nothing to do."""


def after(model: Model, verb: str, values: Values, busy: Busy) -> Model:
    """Return the group as the command must leave it.

    Raises:
        Impossible: The command must not have any effect.
    """
    return _RULES[verb](model, values, busy)


def _must(holds: object, why: str) -> None:
    if not holds:
        raise Impossible(why)


def _pages(size: str) -> int:
    return -(-(int(size[:-2]) << _UNITS[size[-2:].upper()]) // PAGE) * PAGE


def _free(model: Model, name: str) -> None:
    _must(name not in model.volumes and name not in model.snapshots, f"{name} exists")


def _create_volume(model: Model, values: Values, _: Busy) -> Model:
    _must(values["clusterName"] == "Cluster01", "no such cluster")
    _free(model, values["volumeName"])
    volume = Volume(
        values["clusterName"],
        _pages(values["size"]),
        values.get("thinProvision", "0") == "1",
        int(values.get("replication", NODES)),
        values.get("description", ""),
    )
    return attrs.evolve(model, volumes={**model.volumes, values["volumeName"]: volume})


def _modify_volume(model: Model, values: Values, _: Busy) -> Model:
    name = values["volumeName"]
    _must(name in model.volumes, "no such volume")
    old = model.volumes[name]
    new = attrs.evolve(
        old,
        size=_pages(values["size"]) if "size" in values else old.size,
        description=values.get("description", old.description),
        thin=values.get("thinProvision", "01"[old.thin]) == "1",
    )
    copies = int(values.get("replication", old.replication))
    _must(new != old or copies != old.replication, "nothing to change")
    changed = attrs.evolve(model, volumes={**model.volumes, name: new})
    return changed if copies == old.replication else _protected(changed, name, copies)


def _protected(model: Model, name: str, copies: int) -> Model:
    """Change the copies of a volume and of all that hangs together with it through snapshots and clones."""
    family, open_ends = set[str](), [name]
    while open_ends:
        found = open_ends.pop()
        if found in family:
            continue
        family.add(found)
        origin = model.volumes[found].clone_of
        open_ends += [model.snapshots[origin].volume] if origin else []
        open_ends += [
            clone
            for snapshot, held in model.snapshots.items()
            if held.volume == found
            for clone in model.clones(snapshot)
        ]
    return attrs.evolve(
        model,
        volumes={
            key: attrs.evolve(volume, replication=copies) if key in family else volume
            for key, volume in model.volumes.items()
        },
        snapshots={
            key: attrs.evolve(snapshot, replication=copies) if snapshot.volume in family else snapshot
            for key, snapshot in model.snapshots.items()
        },
    )


def _delete_volume(model: Model, values: Values, busy: Busy) -> Model:
    name = values["volumeName"]
    _must(name in model.volumes, "no such volume")
    _must(all(snapshot.volume != name for snapshot in model.snapshots.values()), "it has snapshots")
    _must(name not in model.automatic.values(), "it has scheduled snapshots")
    _must(name not in busy, "somebody is logged in")
    schedules = {key: schedule for key, schedule in model.schedules.items() if schedule.volume != name}
    return attrs.evolve(model, volumes=_without(model.volumes, name), schedules=schedules)


def _create_snapshot(model: Model, values: Values, _: Busy) -> Model:
    names, volumes = values["snapshotName"].split(";"), values["volumeName"].split(";")
    count = max(len(names), len(volumes))
    for name, volume in zip(_stretched(names, count), _stretched(volumes, count), strict=True):
        _must(volume in model.volumes, "no such volume")
        _free(model, name)
        parent = model.volumes[volume]
        _must(parent.primary, "a remote volume")
        snapshot = Snapshot(
            volume,
            parent.size,
            parent.replication,
            values.get("description", ""),
            model.made + 1,
            parent.grants if values.get("inheritAccess", "0").lower() in _TRUE else (),
        )
        model = attrs.evolve(model, snapshots={**model.snapshots, name: snapshot}, made=model.made + 1)
    return model


def _delete_snapshot(model: Model, values: Values, busy: Busy) -> Model:
    name = values["snapshotName"]
    _must(name in model.snapshots, "no such snapshot")
    return _gone(model, name, busy)


def _gone(model: Model, name: str, busy: Busy) -> Model:
    _must(len(model.clones(name)) <= 1, f"{name} is a clone point")
    _must(name not in busy, "somebody is logged in")
    parted = {clone: attrs.evolve(model.volumes[clone], clone_of="") for clone in model.clones(name)}
    return attrs.evolve(model, snapshots=_without(model.snapshots, name), volumes={**model.volumes, **parted})


def _clone_snapshot(model: Model, values: Values, _: Busy) -> Model:
    name = values["snapshotName"]
    _must(name in model.snapshots, "no such snapshot")
    _free(model, values["volumeName"])
    snapshot = model.snapshots[name]
    volume = Volume(
        model.volumes[snapshot.volume].cluster,
        snapshot.size,
        thin=True,
        replication=snapshot.replication,
        description=values.get("description", ""),
        clone_of=name,
    )
    return attrs.evolve(model, volumes={**model.volumes, values["volumeName"]: volume})


def _roll_back(model: Model, values: Values, busy: Busy) -> Model:
    name = values["snapshotName"]
    _must(name in model.snapshots, "no such snapshot")
    snapshot = model.snapshots[name]
    _must(snapshot.volume not in busy, "somebody is logged in")
    _must(model.volumes[snapshot.volume].primary, "a remote volume")
    for other, later in model.snapshots.items():
        if later.volume == snapshot.volume and later.number > snapshot.number:
            model = _gone(model, other, busy)
    volume = attrs.evolve(model.volumes[snapshot.volume], size=snapshot.size)
    return attrs.evolve(model, volumes={**model.volumes, snapshot.volume: volume})


def _make_remote(model: Model, values: Values, busy: Busy) -> Model:
    name = values["volumeName"]
    _must(name not in busy, "somebody is logged in")
    model = _create_snapshot(model, {"volumeName": name, "snapshotName": values["snapshotName"]}, busy)
    return attrs.evolve(model, volumes={**model.volumes, name: attrs.evolve(model.volumes[name], primary=False)})


def _make_primary(model: Model, values: Values, _: Busy) -> Model:
    name = values["volumeName"]
    _must(name in model.volumes and not model.volumes[name].primary, "no remote volume")
    return attrs.evolve(model, volumes={**model.volumes, name: attrs.evolve(model.volumes[name], primary=True)})


def _create_schedule(model: Model, values: Values, _: Busy) -> Model:
    name, volume = values["scheduleName"], values["volumeName"]
    _must(name not in model.schedules, "it exists")
    _must(volume in model.volumes and model.volumes[volume].primary, "no primary volume")
    schedule = Schedule(volume, values["recurPeriod"], values["startTime"], values["retentionCount"])
    return attrs.evolve(model, schedules={**model.schedules, name: schedule})


def _modify_schedule(model: Model, values: Values, _: Busy) -> Model:
    name, paused = values["scheduleName"], values["paused"].lower() in _TRUE
    _must(name in model.schedules, "no such schedule")
    _must(model.schedules[name].paused != paused, "nothing to change")
    changed = attrs.evolve(model.schedules[name], paused=paused)
    return attrs.evolve(model, schedules={**model.schedules, name: changed})


def _delete_schedule(model: Model, values: Values, _: Busy) -> Model:
    _must(values["scheduleName"] in model.schedules, "no such schedule")
    return attrs.evolve(model, schedules=_without(model.schedules, values["scheduleName"]))


def _create_server(model: Model, values: Values, _: Busy) -> Model:
    name, initiators = values["serverName"], tuple(dict.fromkeys(values["initiator"].split(";")))
    _must(name not in model.servers, "it exists")
    for server in model.servers.values():
        _must(not set(server.initiators) & set(initiators), "another server has the initiator")
    server = Server(initiators, values.get("description", ""))
    return attrs.evolve(model, servers={**model.servers, name: server})


def _modify_server(model: Model, values: Values, _: Busy) -> Model:
    name = values["serverName"]
    _must(name in model.servers, "no such server")
    old = model.servers[name]
    initiators = tuple(dict.fromkeys(values["initiator"].split(";"))) if "initiator" in values else old.initiators
    new = Server(initiators, values.get("description", old.description))
    _must(new != old, "nothing to change")
    for other, server in model.servers.items():
        _must(other == name or not set(server.initiators) & set(initiators), "another server has the initiator")
    return attrs.evolve(model, servers={**model.servers, name: new})


def _delete_server(model: Model, values: Values, _: Busy) -> Model:
    name = values["serverName"]
    _must(name in model.servers, "no such server")
    for target in (*model.volumes, *model.snapshots):
        grants = _grants(model, target)
        model = _granted(model, target, tuple(grant for grant in grants if grant.server != name))
    return attrs.evolve(model, servers=_without(model.servers, name))


def _assign(model: Model, values: Values, _: Busy) -> Model:
    access = values.get("accessRights", "rw")
    grants = {}
    for iqn in values["initiator"].split(";"):
        server = next((name for name, found in model.servers.items() if iqn in found.initiators), "")
        grants[server or iqn] = Grant(access, server=server) if server else Grant(access, iqn=iqn)
    return _granted(model, values["volumeName"], tuple(grants.values()))


def _assign_chap(model: Model, values: Values, _: Busy) -> Model:
    chap = (values["chapName"], values["targetSecret"], values.get("initiatorSecret", ""))
    return _granted(model, values["volumeName"], (Grant(values.get("accessRights", "rw"), chap=chap),))


def _assign_server(model: Model, values: Values, _: Busy) -> Model:
    target, name = values["volumeName"], values["serverName"]
    _must(name in model.servers, "no such server")
    grants = _grants(model, target)
    _must(all(grant.server != name for grant in grants), "assigned already")
    return _granted(model, target, (*grants, Grant("rw", server=name)))


def _unassign(model: Model, values: Values, _: Busy) -> Model:
    return _fewer(model, values, lambda _: True)


def _unassign_chap(model: Model, values: Values, _: Busy) -> Model:
    return _fewer(model, values, lambda grant: bool(grant.chap[0]))


def _unassign_server(model: Model, values: Values, _: Busy) -> Model:
    _must(values["serverName"] in model.servers, "no such server")
    return _fewer(model, values, lambda grant: grant.server == values["serverName"])


def _fewer(model: Model, values: Values, goes: Callable[[Grant], bool]) -> Model:
    grants = _grants(model, values["volumeName"])
    _must(any(map(goes, grants)), "not assigned so")
    return _granted(model, values["volumeName"], tuple(grant for grant in grants if not goes(grant)))


def _grants(model: Model, target: str) -> tuple[Grant, ...]:
    found = model.volumes.get(target) or model.snapshots.get(target)
    _must(found, "no such volume or snapshot")
    assert found is not None
    return found.grants


def _granted(model: Model, target: str, grants: tuple[Grant, ...]) -> Model:
    _grants(model, target)
    if target in model.volumes:
        changed = attrs.evolve(model.volumes[target], grants=grants)
        return attrs.evolve(model, volumes={**model.volumes, target: changed})
    return attrs.evolve(
        model, snapshots={**model.snapshots, target: attrs.evolve(model.snapshots[target], grants=grants)}
    )


def _without(items: Mapping[str, V], name: str) -> dict[str, V]:
    return {key: value for key, value in items.items() if key != name}


def _stretched(items: list[str], count: int) -> list[str]:
    return items + items[-1:] * (count - len(items))


_RULES: Final[Mapping[str, Callable[[Model, Values, Busy], Model]]] = {
    "createVolume": _create_volume,
    "modifyVolume": _modify_volume,
    "deleteVolume": _delete_volume,
    "createSnapshot": _create_snapshot,
    "deleteSnapshot": _delete_snapshot,
    "cloneSnapshot": _clone_snapshot,
    "rollbackSnapshot": _roll_back,
    "makeRemote": _make_remote,
    "makePrimary": _make_primary,
    "createSnapshotSchedule": _create_schedule,
    "modifySnapshotSchedule": _modify_schedule,
    "deleteSnapshotSchedule": _delete_schedule,
    "createServer": _create_server,
    "modifyServer": _modify_server,
    "deleteServer": _delete_server,
    "assignVolume": _assign,
    "assignVolumeChap": _assign_chap,
    "assignVolumeToServer": _assign_server,
    "unassignVolume": _unassign,
    "unassignVolumeChap": _unassign_chap,
    "unassignVolumeToServer": _unassign_server,
}
