"""The releases of ZFS beside that of illumos, each as what differs from it."""

from attrs import evolve

from sansim.solaris.synopses import Synopses
from sansim.solaris.zfs.accounts import OLD_ACCOUNTS, OPENZFS_ACCOUNTS, SIZES
from sansim.solaris.zfs.catalogues import OPENZFS_PROPERTIES
from sansim.solaris.zfs.catalogues_old import OPENSOLARIS_PROPERTIES, SOLARIS_11_PROPERTIES
from sansim.solaris.zfs.mount_rules import LINUX_MOUNTS
from sansim.solaris.zfs.names import NameRules
from sansim.solaris.zfs.options import OLD_OPTIONS, OLDEST_OPTIONS, OPENZFS_OPTIONS
from sansim.solaris.zfs.release import BlockTree, HoldRules, ListRules, Slop, VolumeRules, Wording, ZfsRelease
from sansim.solaris.zfs.stream_rules import LINUX_STREAMS, OLD_STREAMS, OLDEST_STREAMS

__all__ = ["OPENSOLARIS", "OPENZFS", "SOLARIS_11"]

_KIB = 1 << 10
_MIB = 1 << 20
_GIB = 1 << 30

OPENZFS = ZfsRelease(
    version="2.1.11-1",
    byte="B",
    binary_suffixes=True,
    devices=("/dev/zvol/",),
    names=NameRules(empty="empty component or misplaced '@' or '#' delimiter in name"),
    properties=OPENZFS_PROPERTIES,
    synopses=Synopses.of("zfs", "openzfs"),
    options=OPENZFS_OPTIONS,
    options_anywhere=True,
    accounts=OPENZFS_ACCOUNTS,
    largest_blocks={"volblocksize": (_MIB, "1M"), "recordsize": (_MIB, "1M")},
    snapshots_as_datasets=True,
    volumes=VolumeRules(rounds_up=True, fits_blocks=True, opens_pool=True, capped=False),
    lists=ListRules(snapshots_of_operand=True, nothing_on_stderr=True),
    holds=HoldRules(scripted_padded=False),
    slop=Slop(most=128 * _GIB),
    streams=LINUX_STREAMS,
    wording=Wording(label="mlslabels are unsupported"),
    mounts=LINUX_MOUNTS,
)
"""OpenZFS 2.1.11 on Linux, as Debian 12 ships it."""

_UNENDED = frozenset({"rename"})
_OLD_TYPES = frozenset({"filesystem", "volume", "snapshot", "all"})
_OLD_BLOCKS = {"volblocksize": (128 * _KIB, "128k"), "recordsize": (128 * _KIB, "128k")}
_OLD_NAMES = NameRules(
    bookmarks=False,
    components_first=True,
    references=False,
    unexpected_at="snapshot delimiter '@' in filesystem name",
    many="multiple '@' delimiters in name",
)
_NEWER = "more recent snapshots exist\nuse '-r' to force deletion of the following snapshots:"
_OLD_WORDING = Wording(
    pair="-o option",
    block="'{}' must be power of 2 from 512 to {}",
    nothing_to_destroy="missing path argument",
    newer=_NEWER,
    nothing_to_set="missing property=value argument",
    no_pair="missing dataset name",
    nobody_to_set="missing dataset name",
)

OPENSOLARIS = ZfsRelease(
    names=_OLD_NAMES,
    properties=OPENSOLARIS_PROPERTIES,
    synopses=Synopses.of("zfs", "opensolaris", _UNENDED),
    options=OLDEST_OPTIONS,
    accounts=SIZES,
    largest_blocks=_OLD_BLOCKS,
    many_snapshots=False,
    many_properties=False,
    volumes=VolumeRules(renames_open=False, auto=False, tree=None),
    lists=ListRules(types=_OLD_TYPES, received=False, missing="missing argument for '{}' option"),
    slop=Slop(shift=6, least=32 * _MIB),
    streams=OLDEST_STREAMS,
    wording=_OLD_WORDING,
)
"""ZFS of OpenSolaris 2009.06 (source: build 108 of early 2009; that 111b is the same is inferred)."""

SOLARIS_11 = ZfsRelease(
    names=_OLD_NAMES,
    properties=SOLARIS_11_PROPERTIES,
    synopses=Synopses.of("zfs", "solaris11", _UNENDED),
    options=OLD_OPTIONS,
    accounts=OLD_ACCOUNTS,
    largest_blocks=dict.fromkeys(_OLD_BLOCKS, (_MIB, "1M")),
    many_snapshots=False,
    many_properties=False,
    volumes=VolumeRules(renames_open=False, auto=False, tree=BlockTree(16 * _KIB, 128, raidz=False)),
    lists=ListRules(
        types=_OLD_TYPES, missing="missing argument for '{}' option", value_as_wide_as_title=False, all_by_name=True
    ),
    holds=HoldRules(seconds=True, padded=True),
    slop=Slop(shift=6, least=32 * _MIB),
    streams=OLD_STREAMS,
    wording=evolve(_OLD_WORDING, held="snapshot is busy"),
)
"""ZFS of Oracle Solaris 11.3.

Seen: the order of `get all`, the layout of get and holds, the refusals of rollback and of held snapshots. The rest is
inferred from illumos of 2011.
"""
