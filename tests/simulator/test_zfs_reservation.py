"""What a thick volume reserves, in numbers from the wire reference and from vdev_raidz.c."""

import pytest

from sansim.solaris.pools.reservation import thick_reservation
from sansim.solaris.pools.vdevs import Disk, Vdev
from sansim.solaris.zfs.release import ILLUMOS
from sansim.solaris.zfs.releases import SOLARIS_11

GIB = 1 << 30
TREE = ILLUMOS.volumes.tree


def raidz(disks: int, parity: int, ashift: int) -> Vdev:
    members = tuple(Disk(f"c0t{number}d0", number, 1 << 40) for number in range(disks))
    return Vdev(f"raidz{parity}", 0, members, disks << 40, ashift=ashift)


@pytest.mark.parametrize(
    ("size", "reserved"),
    [
        (GIB, 1109393408),
        (10 * GIB, 11075584000),
        (100 * GIB, 110735130624),
        (1 << 40, 1133907017728),
    ],
)
def test_data_and_block_pointers_are_reserved(size: int, reserved: int) -> None:
    assert thick_reservation(TREE, size, 8192) == reserved


def test_small_blocks_on_raidz_count_with_parity_and_padding() -> None:
    metadata = thick_reservation(TREE, GIB, 8192) - GIB
    on_five = thick_reservation(TREE, GIB, 8192, vdevs=[raidz(5, 1, 12)])
    assert on_five == GIB * 16 // 10 + metadata


def test_the_group_on_which_the_data_take_most_counts() -> None:
    vdevs = [raidz(5, 1, 9), raidz(5, 1, 12)]
    assert thick_reservation(TREE, GIB, 8192, vdevs=vdevs) == thick_reservation(TREE, GIB, 8192, vdevs=vdevs[1:])


def test_large_blocks_on_raidz_count_as_they_are() -> None:
    assert thick_reservation(TREE, GIB, 128 << 10, vdevs=[raidz(5, 1, 12)]) == thick_reservation(TREE, GIB, 128 << 10)


def test_copies_multiply_the_data() -> None:
    once, twice = (thick_reservation(TREE, GIB, 8192, copies) for copies in (1, 2))
    assert twice - once == GIB + (once - GIB) // 2


def test_old_releases_do_not_know_raidz() -> None:
    tree = SOLARIS_11.volumes.tree
    assert thick_reservation(tree, GIB, 8192, vdevs=[raidz(5, 1, 12)]) == 1107820544
