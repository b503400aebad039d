"""Several programs on one array at once: each ends right, or with an error that says so; nothing is left half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sansdk
from sansdk import AlreadyExists, Conflict, Export, SanError
from sansdk.model import named
from sansdk.session import SanSession
from sansdk.testing.hand import Hand
from sansim import SimulatedArray

GIB = 1 << 30
HOST = "iqn.1993-08.org.debian:01:host"
MANY = 8

T = TypeVar("T")


def at_once(array: SimulatedArray, call: Callable[[SanSession, int], T]) -> list[T | SanError]:
    """What becomes of `call` in many sessions at the same time."""

    def one(number: int) -> T | SanError:
        with sansdk.connect(array.url, **array.connect_args) as san:
            try:
                return call(san, number)
            except SanError as error:
                return error

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_many_volumes_exported_to_one_host_get_a_place_each(array: SimulatedArray, san: SanSession, hand: Hand):
    for number in range(MANY):
        san.create_volume(f"v{number}", GIB)
    exports = at_once(array, lambda san, number: san.create_export(f"v{number}", initiators=[HOST]))
    places = {(e.target_iqn, e.lun) for e in exports if isinstance(e, Export)}
    assert [e for e in exports if not isinstance(e, Export)] == []
    assert len(places) == MANY
    assert san.exports() == exports
    assert san.orphans() == []
    assert all(hand.admits(e, HOST) for e in exports if isinstance(e, Export))


def test_one_volume_ensured_by_many_is_exported_once(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)
    exports = at_once(array, lambda san, _: san.ensure_export("v", initiators=[HOST]))
    assert [e for e in exports if not isinstance(e, Export)] == []
    assert set(exports) == {san.export("v")}
    assert san.orphans() == []


def test_one_volume_ensured_for_many_hosts_is_seen_by_all_of_them(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)
    hosts = [f"{HOST}{number}" for number in range(MANY)]
    exports = at_once(array, lambda san, number: san.ensure_export("v", initiators=[hosts[number]]))
    assert [e for e in exports if not isinstance(e, Export)] == []
    (export,) = san.exports()
    assert sorted(named(export.initiators)) == hosts
    assert san.orphans() == []


def test_one_volume_made_by_many_is_made_once(array: SimulatedArray, san: SanSession):
    made = at_once(array, lambda san, _: san.create_volume("v", GIB))
    assert len([m for m in made if not isinstance(m, SanError)]) == 1
    assert all(isinstance(m, AlreadyExists) for m in made if isinstance(m, SanError))
    assert [v.name for v in san.volumes()] == ["v"]


def test_exporting_and_removing_at_once_ends_in_a_state_that_ensure_completes(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)

    def call(san: SanSession, number: int) -> None:
        if number % 2:
            san.ensure_export("v", initiators=[HOST])
        else:
            san.remove_export("v", missing_ok=True)

    for error in at_once(array, call):
        assert error is None or isinstance(error, Conflict | sansdk.NotFound | sansdk.NoEffect), repr(error)
    export = san.ensure_export("v", initiators=[HOST])
    assert san.exports() == [export]
    assert san.orphans() == []
