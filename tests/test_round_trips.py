"""How many times a call goes to the array: the log of the simulator counts them."""

from collections.abc import Callable

import pytest

from sansdk import ANYONE, Chap, Secret
from sansdk.session import SanSession
from sansim import SimulatedArray

HOST = "iqn.1993-08.org.debian:01:host"
OTHER_HOST = "iqn.1998-01.com.vmware:other"
GIB = 1 << 30
CHAP = Chap("db", Secret("correct-horse-1"))

Call = Callable[[SanSession], object]


def prepare(san: SanSession) -> None:
    """What the calls below find: `old` exported, `plain` not, `chapped` with CHAP where that is of the volume."""
    san.create_volume("old", GIB)
    san.create_volume("plain", GIB)
    san.create_export("old", initiators=[HOST])


def execs(array: SimulatedArray, san: SanSession, call: Call) -> int:
    assert array.log.quiet()
    before = len(array.log)
    call(san)
    assert array.log.quiet()
    return len(array.log) - before


SOLARIS: dict[str, tuple[Call, int]] = {
    "create_volume": (lambda san: san.create_volume("v", GIB), 1),
    "create_volume thick": (lambda san: san.create_volume("v", GIB, thin=False), 1),
    "ensure_volume of what is right": (lambda san: san.ensure_volume("old", GIB), 1),
    "ensure_volume of a missing one": (lambda san: san.ensure_volume("v", GIB), 2),
    "create_export": (lambda san: san.create_export("plain", initiators=[HOST]), 2),
    "create_export to several": (lambda san: san.create_export("plain", initiators=[HOST, OTHER_HOST]), 2),
    "create_export to anyone": (lambda san: san.create_export("plain", initiators=ANYONE), 2),
    "create_export with CHAP": (lambda san: san.create_export("plain", initiators=[OTHER_HOST], chap=CHAP), 2),
    "ensure_export of what is right": (lambda san: san.ensure_export("old", initiators=[HOST]), 1),
    "ensure_export of a missing initiator": (lambda san: san.ensure_export("old", initiators=[OTHER_HOST]), 2),
    "remove_export": (lambda san: san.remove_export("old"), 2),
    "delete_volume": (lambda san: san.delete_volume("plain"), 2),
    "volumes": (lambda san: san.volumes(), 1),
    "volume": (lambda san: san.volume("old"), 1),
    "exports": (lambda san: san.exports(), 1),
    "export": (lambda san: san.export("old"), 1),
    "initiators": (lambda san: san.initiators(), 1),
    "orphans": (lambda san: san.orphans(), 1),
    "pools": (lambda san: san.pools(), 1),
    "check": (lambda san: san.check(), 1),
    "info": (lambda san: san.info(), 0),
}

HP: dict[str, tuple[Call, int]] = {
    "create_volume": (lambda san: san.create_volume("v", GIB), 2),
    "ensure_volume of what is right": (lambda san: san.ensure_volume("old", GIB), 2),
    "ensure_volume of a missing one": (lambda san: san.ensure_volume("v", GIB), 3),
    "create_export with CHAP": (lambda san: san.create_export("plain", chap=CHAP), 4),
    "ensure_export of what is right": (lambda san: san.ensure_export("old", initiators=[HOST]), 2),
    "volumes": (lambda san: san.volumes(), 1),
    "volume": (lambda san: san.volume("old"), 1),
}


@pytest.mark.parametrize(("call", "most"), SOLARIS.values(), ids=SOLARIS.keys())
def test_solaris_takes_at_most(solaris_array: SimulatedArray, solaris_san: SanSession, call: Call, most: int):
    prepare(solaris_san)
    assert execs(solaris_array, solaris_san, call) <= most


@pytest.mark.parametrize(("call", "most"), HP.values(), ids=HP.keys())
def test_lefthand_takes_at_most(hp_array: SimulatedArray, hp_san: SanSession, call: Call, most: int):
    prepare(hp_san)
    assert execs(hp_array, hp_san, call) <= most


def test_the_first_export_on_a_fresh_solaris_host_makes_everything_in_two(
    solaris_array: SimulatedArray, solaris_san: SanSession
):
    solaris_san.create_volume("v", GIB)
    call: Call = lambda san: san.create_export("v", initiators=[HOST], chap=CHAP)  # noqa: E731 - as in the tables
    assert execs(solaris_array, solaris_san, call) == 2


def test_connecting_takes_one_exec(array: SimulatedArray):
    import sansdk  # noqa: PLC0415 - the one test that opens a session itself

    before = len(array.log)
    with sansdk.connect(array.url, **array.connect_args):
        assert array.log.quiet()
        assert len(array.log) == before + 1


@pytest.mark.parametrize("volumes", [1, 20])
def test_a_listing_takes_one_exec_however_many_volumes_there_are(array: SimulatedArray, san: SanSession, volumes: int):
    for number in range(volumes):
        san.create_volume(f"v{number}", GIB)
        san.create_export(f"v{number}", initiators=[HOST])
    assert execs(array, san, lambda san: san.volumes()) == 1
