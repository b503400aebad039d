"""What each release of ZFS says and allows, where releases differ: texts, tables and rules, as data.

The engine and the programs read the release; they never ask which one it is.
"""

from attrs import frozen

from sansim.solaris.zfs_catalogues import ILLUMOS_PROPERTIES, OPENZFS_PROPERTIES
from sansim.solaris.zfs_names import NameRules
from sansim.solaris.zfs_properties import Catalogue
from sansim.solaris.zfs_stream_rules import LINUX_STREAMS, StreamRules
from sansim.solaris.zfs_synopses import ILLUMOS_SYNOPSES, OPENZFS_SYNOPSES, Synopses

__all__ = ["ILLUMOS", "OPENZFS", "BlockTree", "HoldRules", "ListRules", "Slop", "VolumeRules", "ZfsRelease"]

_KIB = 1 << 10
_MIB = 1 << 20
_GIB = 1 << 30
_NAMES = NameRules()
_STREAMS = StreamRules()


@frozen
class BlockTree:
    """The tree of blocks that points to a volume's data, as the formula of the refreservation sees it.

    Attributes:
        block: Bytes of one indirect block.
        pointers: How many blocks one of them points to.
    """

    block: int
    pointers: int


@frozen
class VolumeRules:
    """How volumes are made.

    Attributes:
        blocks: The smallest and the largest block size, in bytes.
        largest_block: The largest as a refusal names it.
        default_block: Bytes of a block where none is asked for.
        rounds_up: Whether a size that is no multiple of the block is rounded up; else it is refused.
        warns: Whether a block smaller than the default is warned about.
        opens_pool: Whether the pool is opened first for a thin volume too.
        tree: What the metadata of a thick volume are reckoned by.
    """

    blocks: tuple[int, int] = (512, 128 * _KIB)
    largest_block: str = "128KB"
    default_block: int = 8 * _KIB
    rounds_up: bool = False
    warns: bool = False
    opens_pool: bool = False
    tree: BlockTree = BlockTree(128 * _KIB, 1024)


@frozen
class ListRules:
    """How `zfs list` and `zfs get` choose and lay out.

    Attributes:
        types: The words that -t takes.
        snapshots_of_operand: Whether `list -t snapshot VOLUME` means the snapshots just below the operand, not the
            operand itself; bookmarks likewise.
        nothing_on_stderr: Whether `no datasets available` goes to stderr.
        value_as_wide_as_title: Whether VALUE of `get` is at least as wide as the property's column in a list.
        all_by_name: Whether `get all` lists by name; else in the order of the catalogue.
    """

    types: frozenset[str] = frozenset({"filesystem", "volume", "snapshot", "snap", "bookmark", "all"})
    snapshots_of_operand: bool = False
    nothing_on_stderr: bool = False
    value_as_wide_as_title: bool = True
    all_by_name: bool = False


@frozen
class HoldRules:
    """How `zfs holds` lays out.

    Attributes:
        seconds: Whether times have seconds.
        padded: Whether the last column is padded too.
    """

    seconds: bool = False
    padded: bool = False


@frozen
class Slop:
    """What a pool keeps back for itself.

    Attributes:
        shift: It is the pool's size shifted right by so many bits,
        least: but not less than these bytes (nor than half the pool, where that is smaller),
        most: and not more than these.
    """

    shift: int = 5
    least: int = 128 * _MIB
    most: int | None = None


@frozen(eq=False, kw_only=True)
class ZfsRelease:
    """One release of ZFS, kernel and programs.

    Attributes:
        byte: The letter behind a number of bytes below 1024, where a sentence names one: `0B`. What a property's
            number has is said with the property.
        binary_suffixes: Whether sizes may be typed with `GiB`.
        devices: The directories in which the devices of volumes appear, each with a trailing slash.
        names: Which names it takes.
        properties: Which properties there are.
        synopses: Which sub-commands zfs has, and how they are used.
        volumes: How volumes are made.
        lists: How `zfs list` and `zfs get` choose and lay out.
        holds: How `zfs holds` lays out.
        slop: What a pool keeps back.
        streams: How it bookmarks, sends and receives.
    """

    byte: str = ""
    binary_suffixes: bool = False
    devices: tuple[str, ...] = ("/dev/zvol/rdsk/", "/dev/zvol/dsk/")
    names: NameRules = _NAMES
    properties: Catalogue = ILLUMOS_PROPERTIES
    synopses: Synopses = ILLUMOS_SYNOPSES
    volumes: VolumeRules = VolumeRules()
    lists: ListRules = ListRules()
    holds: HoldRules = HoldRules()
    slop: Slop = Slop()
    streams: StreamRules = _STREAMS


ILLUMOS = ZfsRelease()
"""illumos of 2023, as OmniOS r151048 ships it."""

OPENZFS = ZfsRelease(
    byte="B",
    binary_suffixes=True,
    devices=("/dev/zvol/",),
    names=NameRules(empty="empty component or misplaced '@' or '#' delimiter in name"),
    properties=OPENZFS_PROPERTIES,
    synopses=OPENZFS_SYNOPSES,
    volumes=VolumeRules(blocks=(512, _MIB), largest_block="1M", rounds_up=True, warns=True, opens_pool=True),
    lists=ListRules(snapshots_of_operand=True, nothing_on_stderr=True),
    slop=Slop(most=128 * _GIB),
    streams=LINUX_STREAMS,
)
"""OpenZFS 2.1.11 on Linux, as Debian 12 ships it."""
