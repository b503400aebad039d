"""What the tests of Solaris hosts share."""

from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, STRANGER
from sansdk.testing.hand import Hand
from sansim import SimulatedArray
from sansim.solaris.stmf.units import UnitProperties

DEVICE = "/dev/zvol/rdsk/tank/v"
OTHER_DEVICE = "/dev/zvol/rdsk/tank/w"
GUID = "600144F0AAAABBBBCCCCDDDDEEEEFFFF"


def sees_only(hand: Hand, san: SanSession, *initiators: str) -> None:
    """The one export of `v` shows it to these, and to nobody else; nothing is left over."""
    export = san.export("v")
    for initiator in (HOST, OTHER_HOST, STRANGER):
        assert hand.admits(export, initiator) == (initiator in initiators), initiator
    assert san.orphans() == []


def word_after(option: str, line: str) -> str:
    """The argument of an option on a program line."""
    words = line.split()
    return words[words.index(option) + 1]


def make_unit(array: SimulatedArray, device: str, guid: str) -> None:
    """Make a logical unit, as another program would."""
    array.solaris.comstar.stmf.units.create(device, UnitProperties(guid=guid))
