"""What a release of ZFS says and allows, where releases differ: texts, tables and rules, as data.

The engine and the programs read the release; they never ask which one it is.
"""

from collections.abc import Mapping

from attrs import frozen

from sansim.solaris.pools.errors import Reason
from sansim.solaris.synopses import Synopses
from sansim.solaris.zfs.accounts import ILLUMOS_ACCOUNTS
from sansim.solaris.zfs.catalogues import ILLUMOS_PROPERTIES
from sansim.solaris.zfs.mount_rules import MountRules
from sansim.solaris.zfs.names import NameRules
from sansim.solaris.zfs.options import ILLUMOS_OPTIONS, OptionTable
from sansim.solaris.zfs.properties import Catalogue
from sansim.solaris.zfs.stream_rules import StreamRules

__all__ = ["ILLUMOS", "BlockTree", "HoldRules", "ListRules", "Slop", "VolumeRules", "Wording", "ZfsRelease"]

_KIB = 1 << 10
_MIB = 1 << 20
_NAMES = NameRules()
_LARGEST_BLOCKS = {"volblocksize": (128 * _KIB, "128KB"), "recordsize": (_MIB, "1024KB")}
_STREAMS = StreamRules()
_MOUNTS = MountRules()


@frozen
class BlockTree:
    """The tree of blocks that points to a volume's data, as the formula of the refreservation sees it.

    Attributes:
        block: Bytes of one indirect block.
        pointers: How many blocks one of them points to.
        raidz: Whether the data are reckoned with the parity and padding that raidz gives small blocks.
    """

    block: int
    pointers: int
    raidz: bool = True


@frozen
class VolumeRules:
    """How volumes are made.

    Attributes:
        default_block: Bytes of a block where none is asked for.
        rounds_up: Whether a size that is no multiple of the block is rounded up; else it is refused.
        fits_blocks: Whether blocks are made to fit the pool's disks, and smaller ones warned about.
        opens_pool: Whether the pool is opened first for a thin volume too.
        capped: Whether a refreservation beyond the volume's size is refused.
        renames_open: Whether a volume whose device is open can be renamed.
        auto: Whether `refreservation=auto` asks for what the volume's size takes.
        tree: What the metadata of a thick volume are reckoned by; None reserves for the data alone.
    """

    default_block: int = 8 * _KIB
    rounds_up: bool = False
    fits_blocks: bool = False
    opens_pool: bool = False
    capped: bool = True
    renames_open: bool = True
    auto: bool = True
    tree: BlockTree | None = BlockTree(128 * _KIB, 1024)


@frozen
class ListRules:
    """How `zfs list` and `zfs get` choose and lay out.

    Attributes:
        types: The words that -t takes.
        snapshots_of_operand: Whether `list -t snapshot VOLUME` means the snapshots just below the operand, not the
            operand itself; bookmarks likewise.
        nothing_on_stderr: Whether `no datasets available` goes to stderr.
        value_as_wide_as_title: Whether VALUE of `get` is at least as wide as the property's column in a list.
        received: Whether `get` has a column for what was received, and a word for all columns.
        missing: The complaint of `list` about an option without its argument.
        all_by_name: Whether `get all` lists by name; else in the order of the catalogue.
    """

    types: frozenset[str] = frozenset({"filesystem", "volume", "snapshot", "snap", "bookmark", "all"})
    snapshots_of_operand: bool = False
    nothing_on_stderr: bool = False
    received: bool = True
    missing: str = "invalid option '{}'"
    value_as_wide_as_title: bool = True
    all_by_name: bool = False


@frozen
class Wording:
    """Sentences, or parts of some, that changed over the years.

    Attributes:
        pair: What an argument without `=` is called.
        block: The refusal of a block size: `{}` are the property and the largest size.
        nothing_to_destroy: The complaint about `zfs destroy` without operand.
        newer: The refusal to roll back over newer snapshots.
        held: Why a snapshot that is held cannot be destroyed.
        nothing_to_set: The complaint about `zfs set` without arguments.
        label: The refusal of a sensitivity label.
        no_pair: The complaint about `zfs set` with one argument that is no property.
        nobody_to_set: The complaint about `zfs set` without a dataset.
    """

    pair: str = "property=value argument"
    block: str = "'{}' must be power of 2 from 512B to {}"
    nothing_to_destroy: str = "missing dataset argument"
    newer: str = (
        "more recent snapshots or bookmarks exist\nuse '-r' to force deletion of the following snapshots and bookmarks:"
    )
    held: str = Reason.BUSY
    nothing_to_set: str = "missing arguments"
    label: str = "invalid mlslabel '{}'"
    no_pair: str = "missing property=value argument(s)"
    nobody_to_set: str = "missing dataset name(s)"


@frozen
class HoldRules:
    """How `zfs holds` lays out.

    Attributes:
        seconds: Whether times have seconds.
        padded: Whether the last column is padded too.
        scripted_padded: Whether columns are padded with -H too.
    """

    seconds: bool = False
    padded: bool = False
    scripted_padded: bool = True


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

    def of(self, size: int) -> int:
        """Return what a pool of so many bytes keeps back."""
        share = size >> self.shift if self.most is None else min(size >> self.shift, self.most)
        return max(share, min(size // 2, self.least))


@frozen(eq=False, kw_only=True)
class ZfsRelease:
    """One release of ZFS, kernel and programs.

    Attributes:
        version: What `zfs version` prints, on releases that have it.
        byte: The letter behind a number of bytes below 1024, where a sentence names one: `0B`. What a property's
            number has is said with the property.
        binary_suffixes: Whether sizes may be typed with `GiB`.
        devices: The directories in which the devices of volumes appear, each with a trailing slash.
        names: Which names it takes.
        properties: Which properties there are.
        synopses: Which sub-commands zfs has, and how they are used.
        options: Which options these take.
        options_anywhere: Whether options may stand after operands.
        accounts: How the usage ends that lists the properties.
        largest_blocks: The largest block that a property may ask for, in bytes and as a refusal names it.
        snapshots_as_datasets: Whether a snapshot lacks the properties that its dataset cannot have.
        many_snapshots: Whether snapshots are taken several at a time, and destroyed by lists and ranges of names.
        many_properties: Whether `zfs set` takes several properties.
        wording: What it says.
        volumes: How volumes are made.
        lists: How `zfs list` and `zfs get` choose and lay out.
        holds: How `zfs holds` lays out.
        slop: What a pool keeps back.
        streams: How it bookmarks, sends and receives.
        mounts: How it words mounts and shares.
    """

    version: str = ""
    byte: str = ""
    binary_suffixes: bool = False
    devices: tuple[str, ...] = ("/dev/zvol/rdsk/", "/dev/zvol/dsk/")
    names: NameRules = _NAMES
    properties: Catalogue = ILLUMOS_PROPERTIES
    synopses: Synopses = Synopses.of("zfs", "illumos")  # noqa: RUF009 - it does not change
    options: OptionTable = ILLUMOS_OPTIONS
    options_anywhere: bool = False
    accounts: str = ILLUMOS_ACCOUNTS
    largest_blocks: Mapping[str, tuple[int, str]] = _LARGEST_BLOCKS
    snapshots_as_datasets: bool = False
    many_snapshots: bool = True
    many_properties: bool = True
    wording: Wording = Wording()
    volumes: VolumeRules = VolumeRules()
    lists: ListRules = ListRules()
    holds: HoldRules = HoldRules()
    slop: Slop = Slop()
    streams: StreamRules = _STREAMS
    mounts: MountRules = _MOUNTS


ILLUMOS = ZfsRelease()
"""illumos of 2023, as OmniOS r151048 ships it."""
