"""What a client does to a LeftHand group, and how the facts are read there."""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from tests.simulator.killing.load import Command, Fact, Facts, named, step

__all__ = ["choices", "facts_of_server", "facts_of_volumes"]

_MANY: Final = 6
"""Volumes of one client, from which on it rather removes some."""
_GIB: Final = 1 << 30
_IQN: Final = "iqn.2026-01.org.example"


def facts_of_volumes(answer: str) -> Iterator[Fact]:
    """Yield the facts that `getVolumeInfo` for all volumes shows."""
    for volume in ET.fromstring(answer).iter("volume"):  # noqa: S314 - our own simulator wrote it
        name = volume.attrib["name"]
        yield "volume", name, volume.attrib["size"], volume.attrib["description"]
        for permission in volume.findall("permission"):
            yield "access", name, permission.attrib["authGroup"]
        for snapshot in volume.findall("snapshot"):
            yield "snapshot", snapshot.attrib["name"], snapshot.attrib["volumeName"]


def facts_of_server(answer: str) -> Iterator[Fact]:
    """Yield the fact that `getServerInfo` shows, if the server is there."""
    for server in ET.fromstring(answer).iter("server"):  # noqa: S314 - our own simulator wrote it
        yield "server", server.attrib["name"]


def choices(client: str, number: int, facts: Facts) -> Sequence[Command]:
    """Return what a client may do next."""
    volumes = named(facts, "volume")
    may = [*_servers(client, number, facts)]
    if len(volumes) < _MANY:
        may += _making(f"{client}-v{number}", number)
    for fact in volumes:
        may += _with_volume(fact, f"{client}-s{number}", facts)
    if len(volumes) > 1:
        pairs = [(f"{client}-m{number}-{place}", fact[1]) for place, fact in enumerate(volumes[:3])]
        names, parents = (";".join(part) for part in zip(*pairs, strict=True))
        taken = [("snapshot", name, parent) for name, parent in pairs]
        may.append(Command(f'createSnapshot snapshotName="{names}" volumeName="{parents}"', (step(come=taken),)))
    for fact in named(facts, "snapshot"):
        may.append(Command(f"deleteSnapshot snapshotName={fact[1]} prompt=0", (step([fact]),)))
    return may


def _making(name: str, number: int) -> Iterator[Command]:
    size = number % 3 + 1
    for thin in (0, 1):
        yield Command(
            f"createVolume volumeName={name} clusterName=Cluster01 size={size}GB thinProvision={thin} description=new",
            (step(come=[("volume", name, str(size * _GIB), "new")]),),
        )


def _with_volume(volume: Fact, snapshot: str, facts: Facts) -> Iterator[Command]:
    _, name, size, description = volume
    larger = int(size) // _GIB + 1
    yield Command(
        f"modifyVolume volumeName={name} size={larger}GB description={snapshot}",
        (step([volume], [("volume", name, str(larger * _GIB), snapshot)]),),
    )
    yield Command(
        f"createSnapshot snapshotName={snapshot} volumeName={name} description={description}",
        (step(come=[("snapshot", snapshot, name)]),),
    )
    access = [fact for fact in named(facts, "access") if fact[1] == name]
    if not any(fact[2] == name for fact in named(facts, "snapshot")):
        yield Command(f"deleteVolume volumeName={name} prompt=0", (step([volume, *access]),))
    if access:
        yield Command(f"unassignVolumeToServer volumeName={name} serverName={access[0][2]}", (step(access[:1]),))
    for server in named(facts, "server"):
        if ("access", name, server[1]) not in facts:
            yield Command(
                f"assignVolumeToServer volumeName={name} serverName={server[1]}",
                (step(come=[("access", name, server[1])]),),
            )


def _servers(client: str, number: int, facts: Facts) -> Iterator[Command]:
    name = f"{client}-h{number}"
    if len(named(facts, "server")) < _MANY // 2:
        yield Command(f"createServer serverName={name} initiator={_IQN}:{name}", (step(come=[("server", name)]),))
    assigned = {fact[2] for fact in named(facts, "access")}
    for server in named(facts, "server"):
        if server[1] not in assigned:
            yield Command(f"deleteServer serverName={server[1]} prompt=0", (step([server]),))
