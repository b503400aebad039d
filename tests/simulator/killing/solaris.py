"""What a client does to a Solaris host, and how the facts are read there."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tests.simulator.killing.load import Command, Fact, Facts, named, step

__all__ = ["QUESTIONS", "choices", "facts_of"]

_MANY: Final = 8
"""Volumes of one client, from which on it rather removes some."""
_GIB: Final = 1 << 30
_DEVICES: Final = "/dev/zvol/rdsk"
_IQN: Final = "iqn.2026-01.org.example"

QUESTIONS: Final = (
    "zfs list -Hp -t all -o name,type,volsize",
    "stmfadm list-lu -v",
    "itadm list-target",
    "stmfadm list-hg -v",
)
"""What shows all facts."""

_UNIT: Final = re.compile(r"View Entry Count +: (\d+)\n +Data File +: (\S+)")
_GROUP: Final = re.compile(r"Host Group: (\S+)((?:\n\tMember: \S+)*)")


def facts_of(answers: Sequence[str]) -> Iterator[Fact]:
    """Yield the facts that the answers to all questions show."""
    listed, units, targets, groups = answers
    for line in listed.splitlines():
        name, kind, size = line.split("\t")
        yield (kind, name, size) if kind == "volume" else (kind, name)
    for views, path in _UNIT.findall(units):
        yield "unit", path
        yield from (("view", path, str(number)) for number in range(int(views)))
    for line in targets.splitlines()[1:]:
        yield "target", line.split()[0]
    for name, members in _GROUP.findall(groups):
        yield "group", name
        yield from (("member", name, member) for member in re.findall(r"Member: (\S+)", members))


def choices(client: str, number: int, facts: Facts) -> Sequence[Command]:
    """Return what a client may do next; nobody but the first meddles with targets, whose configuration is one."""
    top = f"tank/{client}"
    if ("filesystem", top) not in facts:
        return [Command(f"zfs create {top}", (step(come=[("filesystem", top)]),))]
    volumes = named(facts, "volume")
    may = [] if len(volumes) >= _MANY else [*_making(f"{top}/v{number}", number)]
    for fact in volumes:
        may += _with_volume(fact, f"{top}/v{number}", number, facts)
    may += _snapshots_of_all(top, number, facts)
    may += _groups(client, number, facts)
    if client == "c0":
        may += _targets(f"{_IQN}:{client}-{number}", facts)
    return may


def _making(name: str, number: int) -> Iterator[Command]:
    size = (number % 3 + 1) * _GIB
    volume: Fact = ("volume", name, str(size))
    unit: Fact = ("unit", f"{_DEVICES}/{name}")
    view: Fact = ("view", f"{_DEVICES}/{name}", "0")
    yield Command(f"zfs create -V {size} {name}", (step(come=[volume]),))
    yield Command(f"zfs create -s -V {size} {name}", (step(come=[volume]),))
    yield Command(
        f"zfs create -V {size} {name} && g=$(stmfadm create-lu {_DEVICES}/{name} | sed 's/.*: //')"
        ' && stmfadm add-view "$g"',
        (step(come=[volume]), step(come=[unit]), step(come=[view])),
    )


def _with_volume(volume: Fact, other: str, number: int, facts: Facts) -> Iterator[Command]:
    _, name, size = volume
    path = f"{_DEVICES}/{name}"
    unit: Fact = ("unit", path)
    view: Fact = ("view", path, "0")
    snapshots = [fact for fact in named(facts, "snapshot") if fact[1].startswith(f"{name}@")]
    guid = f"g=$(sbdadm list-lu | grep '{path}$' | cut -d' ' -f1)"
    yield Command(f"zfs snapshot {name}@s{number}", (step(come=[("snapshot", f"{name}@s{number}")]),))
    larger = int(size) + _GIB
    yield Command(f"zfs set volsize={larger} {name}", (step([volume], [("volume", name, str(larger))]),))
    if unit in facts:
        yield Command(
            f'{guid} && stmfadm delete-lu "$g" && zfs destroy -r {name}',
            (step([unit, view]), step(snapshots), step([volume])),
        )
        if view not in facts:
            yield Command(f'{guid} && stmfadm add-view "$g"', (step(come=[view]),))
        return
    yield Command(f"sbdadm create-lu {path}", (step(come=[unit]),))
    yield Command(f"zfs destroy -r {name}", (step(snapshots), step([volume])))
    moved = [("snapshot", other + fact[1].removeprefix(name)) for fact in snapshots]
    yield Command(f"zfs rename {name} {other}", (step([volume, *snapshots], [("volume", other, size), *moved]),))


def _snapshots_of_all(top: str, number: int, facts: Facts) -> Iterator[Command]:
    names = [top, *(fact[1] for fact in named(facts, "volume"))]
    taken = [("snapshot", f"{name}@r{number}") for name in names]
    yield Command(f"zfs snapshot -r {top}@r{number}", (step(come=taken),))
    for _, snapshot in (fact for fact in named(facts, "snapshot") if fact[1].startswith(f"{top}@")):
        mark = snapshot.partition("@")[2]
        gone = [fact for fact in named(facts, "snapshot") if fact[1].endswith(f"@{mark}")]
        yield Command(f"zfs destroy -r {snapshot}", (step(gone),))


def _groups(client: str, number: int, facts: Facts) -> Iterator[Command]:
    groups = named(facts, "group")
    name, initiator = f"{client}-g{number}", f"{_IQN}:{client}-i{number}"
    if len(groups) < _MANY:
        yield Command(
            f"stmfadm create-hg {name} && stmfadm add-hg-member -g {name} {initiator}",
            (step(come=[("group", name)]), step(come=[("member", name, initiator)])),
        )
    for group in groups[:1]:
        members = [fact for fact in named(facts, "member") if fact[1] == group[1]]
        yield Command(f"stmfadm delete-hg {group[1]}", (step([group, *members]),))


def _targets(name: str, facts: Facts) -> Iterator[Command]:
    targets = named(facts, "target")
    if len(targets) < _MANY:
        yield Command(f"itadm create-target -n {name}", (step(come=[("target", name)]),))
    for target in targets[:1]:
        yield Command(f"itadm delete-target -f {target[1]}", (step([target]),))
