"""What can be asked of an array."""

import pytest

from sansdk import ANYONE, Capability, NotFound
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, nothing_changed
from sansdk.testing.hand import GIB, Hand
from sansim import SimulatedArray


def test_info_names_the_kind_and_the_release_of_the_array(array: SimulatedArray, san: SanSession) -> None:
    info = san.info()
    assert info.kind == array.kind
    assert info.name
    assert info.flavour
    assert info.version


def test_check_finds_nothing_wrong_with_an_array_that_works(san: SanSession) -> None:
    assert san.check() == []


def test_an_empty_array_lists_nothing(san: SanSession) -> None:
    assert san.volumes() == []
    assert san.exports() == []
    assert san.initiators() == []
    assert san.orphans() == []


def test_pools_tells_the_space_of_the_one_pool_or_cluster_of_the_session(
    array: SimulatedArray, san: SanSession
) -> None:
    (pool,) = san.pools()
    assert pool.name == array.storage
    assert 0 < pool.free <= pool.size
    assert pool.provisioned == 0
    assert pool.health


def test_a_thin_volume_is_provisioned_at_once_and_takes_its_space_only_as_it_is_written(san: SanSession) -> None:
    (empty,) = san.pools()
    san.create_volume("thin", 100 * GIB)
    (after,) = san.pools()
    assert after.provisioned == empty.provisioned + 100 * GIB
    assert empty.free - after.free < 10 * GIB


def test_a_thick_volume_takes_its_space_at_once(san: SanSession) -> None:
    (empty,) = san.pools()
    san.create_volume("thick", 100 * GIB, thin=False)
    (after,) = san.pools()
    assert after.provisioned == empty.provisioned + 100 * GIB
    assert empty.free - after.free >= 100 * GIB


def test_volumes_are_listed_by_name_and_each_as_volume_returns_it(san: SanSession) -> None:
    made = [san.create_volume(name, GIB) for name in ("b", "c", "a")]
    assert san.volumes() == sorted(made, key=lambda volume: volume.name)
    assert [san.volume(v.name) for v in made] == made


def test_volume_raises_not_found_for_one_that_is_not_there(san: SanSession) -> None:
    with pytest.raises(NotFound, match="absent"):
        san.volume("absent")


def test_export_raises_not_found_for_a_volume_that_is_not_there(san: SanSession) -> None:
    with pytest.raises(NotFound, match="absent"):
        san.export("absent")


def test_export_raises_not_found_for_a_volume_that_is_not_exported(san: SanSession) -> None:
    san.create_volume("v", GIB)
    with pytest.raises(NotFound, match="not exported"):
        san.export("v")


def test_initiators_lists_who_was_named_in_an_export_with_the_group_that_it_is_in(san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    (initiator,) = san.initiators()
    assert initiator.iqn == HOST
    assert initiator.group
    assert initiator.chap_user is None
    assert not initiator.secret_set


def test_reads_change_nothing(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    with nothing_changed(array):
        san.check()
        san.info()
        san.pools()
        san.volumes()
        san.volume("v")
        san.exports()
        san.export("v")
        san.initiators()
        san.orphans()


def test_a_volume_that_somebody_else_made_is_seen_at_once(san: SanSession, hand: Hand) -> None:
    assert san.volumes() == []
    hand.make_volume("theirs")
    assert [v.name for v in san.volumes()] == ["theirs"]
    hand.delete_volume("theirs")
    assert san.volumes() == []


def test_history_tells_each_command_that_ran_and_how_it_ended(san: SanSession) -> None:
    before = len(san.history)
    san.create_volume("v", GIB)
    with pytest.raises(NotFound):
        san.volume("absent")
    ran = san.history[before:]
    assert any("v" in entry.command for entry in ran)
    assert all(entry.at.tzinfo is not None for entry in ran)
    assert {entry.status == 0 for entry in ran} == {True, False}


def test_capabilities_tells_in_what_the_arrays_differ(array: SimulatedArray, san: SanSession) -> None:
    told = {
        Capability.CHAP,
        Capability.CHAP_READABLE,
        Capability.CHAP_PER_VOLUME,
        Capability.CHAP_WITH_MASK,
        Capability.MASK,
        Capability.ANYONE,
        Capability.HOST_GROUPS,
        Capability.CHOOSE_LUN,
        Capability.UNDO_ON_ARRAY,
    }
    solaris = {
        Capability.CHAP,
        Capability.CHAP_WITH_MASK,
        Capability.MASK,
        Capability.ANYONE,
        Capability.HOST_GROUPS,
        Capability.CHOOSE_LUN,
        Capability.UNDO_ON_ARRAY,
    }
    hp = {Capability.CHAP, Capability.CHAP_READABLE, Capability.CHAP_PER_VOLUME, Capability.MASK}
    assert isinstance(san.capabilities, frozenset)
    found = san.capabilities & told
    # Whether a server is a host group is a matter of words.
    assert found - {Capability.HOST_GROUPS} == (solaris if array.kind == "solaris" else hp) - {Capability.HOST_GROUPS}


def test_anyone_prints_as_what_it_is() -> None:
    assert repr(ANYONE) == str(ANYONE) == "ANYONE"
