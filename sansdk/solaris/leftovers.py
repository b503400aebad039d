"""Orphans on a Solaris host: what nothing uses and no verb would make.

Not orphans: a volume without logical unit; a host group or record (it is an initiator); idle targets with their
groups; units on files or in other pools; a GUID with views whose pool may only be away.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from sansdk.commands.comstar.stmfadm import Lu, View
from sansdk.model import Orphan
from sansdk.solaris.setting import Setting, dataset_of


def idle_units(setting: Setting, units: Iterable[Lu]) -> Iterator[Orphan]:
    """Logical units on volumes of ours that no view shows."""
    for lu in units:
        volume = setting.volume(dataset_of(lu.file) or "")
        if volume is not None and lu.views == 0:
            yield Orphan("logical unit", lu.guid, f"No view shows it; it holds the volume {volume!r} open.")


def dead_views(
    own: str, units: Iterable[Lu], views: Callable[[Lu], Sequence[View]], marks: Collection[str]
) -> Iterator[Orphan]:
    """Views of a GUID without unit or volume, through a group that begins with `own`: their pool is here."""
    for lu in units:
        if lu.file is None and lu.status == "unregistered" and lu.guid not in marks:
            for view in views(lu):
                if (view.target_group or "").startswith(own):
                    yield Orphan("view", f"{lu.guid} {view.number}", "Its logical unit, and the volume, are gone.")


def groups_without_target(own: str, groups: Mapping[str, Sequence[str]], targets: Collection[str]) -> Iterator[Orphan]:
    """Target groups of ours whose target is gone."""
    for name, members in groups.items():
        if name.startswith(own) and not any(m.lower() in targets for m in members):
            yield Orphan("target group", name, "Its target is gone.")


def targets_without_group(own: str, groups: Mapping[str, Sequence[str]], targets: Collection[str]) -> Iterator[Orphan]:
    """Targets of ours that are in no target group."""
    grouped = {m.lower() for members in groups.values() for m in members}
    for name in targets:
        if own.lower() in name and name not in grouped:
            yield Orphan("target", name, "It is in no target group: what All targets show, it shows.")
