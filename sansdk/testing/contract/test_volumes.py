"""Volumes: made, ensured, deleted; their names and sizes."""

import random

import pytest

from sansdk import AlreadyExists, Conflict, Exported, HasDependents, InvalidName, InvalidSize, NotFound, OutOfSpace
from sansdk.errors import SanError
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, nothing_changed, nothing_sent
from sansdk.testing.hand import GIB, MIB, Hand
from sansim import SimulatedArray

REFUSED_NAMES = {
    "a command": "a;reboot",
    "a substitution": "$(x)",
    "a blank": "a b",
    "an option": "-f",
    "a path": "../x",
    "a letter with an accent": "é",
    "300 characters": "n" * 300,
    "nothing": "",
    "a newline": "a\nb",
    "NUL": "a\0b",
    "a quote": "it's",
    "a double quote": 'a"b',
    "a snapshot": "v@s",
    "a nested one": "x/y",
    "64 characters": "n" * 64,
    "a leading dot": ".hidden",
}


def test_create_volume_returns_the_volume_as_the_array_shows_it(array: SimulatedArray, san: SanSession) -> None:
    volume = san.create_volume("v", GIB)
    assert volume.name == "v"
    assert volume.size == GIB
    assert volume.thin
    assert volume.pool == array.storage
    assert volume.array
    assert not volume.exported
    assert volume.origin is None
    assert volume == san.volume("v")


def test_create_volume_makes_the_volume_only(array: SimulatedArray, san: SanSession) -> None:
    volume = san.create_volume("v", GIB)
    assert san.exports() == []
    assert san.orphans() == []
    if array.kind == "solaris":
        assert volume.serial is None
    else:
        assert volume.serial


def test_create_volume_makes_it_thick_when_asked(san: SanSession) -> None:
    assert not san.create_volume("v", GIB, thin=False).thin
    assert not san.volume("v").thin


def test_values_are_frozen_comparable_and_hashable(san: SanSession) -> None:
    volume = san.create_volume("v", GIB)
    assert {volume, san.volume("v")} == {volume}
    with pytest.raises(AttributeError):
        volume.size = 1  # type: ignore[misc]


def test_create_volume_raises_already_exists_with_what_is_there(array: SimulatedArray, san: SanSession) -> None:
    volume = san.create_volume("v", GIB)
    with nothing_changed(array), pytest.raises(AlreadyExists, match="v") as caught:
        san.create_volume("v", 2 * GIB)
    assert caught.value.existing == volume


@pytest.mark.parametrize(("text", "size"), [("1GiB", GIB), ("1024 MiB", GIB), ("0.5GiB", GIB // 2), (GIB, GIB)])
def test_a_size_is_bytes_or_a_number_with_a_binary_unit(san: SanSession, text: int | str, size: int) -> None:
    assert san.create_volume("v", text).size == size


@pytest.mark.parametrize("text", ["10G", "10GB", "10g", "ten", "", "-1GiB", "10 GIB", 0, -1, True])
def test_a_size_that_is_none_is_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession, text: int | str
) -> None:
    with nothing_sent(array), pytest.raises(InvalidSize):
        san.create_volume("v", text)
    with nothing_sent(array), pytest.raises(InvalidSize):
        san.ensure_volume("v", text)


@pytest.mark.parametrize("text", ["10G", "10GB"])
def test_an_ambiguous_size_is_refused_with_the_unit_to_say(san: SanSession, text: str) -> None:
    with pytest.raises(InvalidSize, match="say 10GiB"):
        san.create_volume("v", text)


def test_a_size_is_rounded_up_once_so_that_asking_again_finds_no_difference(
    array: SimulatedArray, san: SanSession
) -> None:
    sizes = random.Random(7)  # noqa: S311 - the same on every run
    for number in range(12):
        asked = sizes.randrange(MIB, 64 * GIB)
        volume = san.ensure_volume(f"v{number}", asked)
        assert asked <= volume.size < asked + MIB
        with nothing_changed(array):
            assert san.ensure_volume(f"v{number}", asked) == volume


@pytest.mark.parametrize("name", REFUSED_NAMES.values(), ids=REFUSED_NAMES.keys())
def test_a_name_that_breaks_the_rule_is_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession, name: str
) -> None:
    rule = r"letter or digit.*63.*\[A-Za-z0-9\]\[A-Za-z0-9\._-\]\{0,62\}"
    with nothing_sent(array), pytest.raises(InvalidName, match=rule):
        san.create_volume(name, GIB)
    with nothing_sent(array), pytest.raises(InvalidName, match=rule):
        san.ensure_volume(name, GIB)


@pytest.mark.parametrize("name", ["v", "0", "A.b_c-d", "n" * 63, "v.", "reboot"])
def test_a_name_that_keeps_the_rule_is_taken_as_it_is(san: SanSession, name: str) -> None:
    assert san.create_volume(name, GIB).name == name
    assert san.volume(name).name == name


def test_a_volume_with_a_blank_in_its_name_is_listed_exported_and_deleted(san: SanSession, hand: Hand) -> None:
    hand.make_volume("a b")
    assert [v.name for v in san.volumes()] == ["a b"]
    assert san.volume("a b").size == GIB
    export = san.create_export("a b", initiators=[HOST])
    assert export.volume == "a b"
    assert hand.admits(export, HOST)
    hand.log_out(export, HOST)
    assert san.exports() == [export]
    san.remove_export("a b")
    san.delete_volume("a b")
    assert san.volumes() == []
    assert san.orphans() == []


@pytest.mark.parametrize("name", ["-f", "", "a\nb", "a\0b"])
def test_what_cannot_be_the_name_of_anything_is_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession, name: str
) -> None:
    for call in (san.volume, san.export, san.delete_volume, san.remove_export):
        with nothing_sent(array), pytest.raises(InvalidName, match="cannot be the name"):
            call(name)


def test_characters_that_the_array_gives_a_meaning_are_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession
) -> None:
    for character in "@#%" if array.kind == "solaris" else '"':
        for call in (san.volume, san.export, san.delete_volume, san.remove_export):
            with nothing_sent(array), pytest.raises(InvalidName, match="cannot be the name"):
                call(f"v{character}s")


@pytest.mark.parametrize("name", ["a;reboot", "$(reboot)", "`reboot`", "a'b", "a b; reboot", "a|reboot", "a&reboot&"])
def test_a_name_never_becomes_more_than_one_word_of_a_command(
    array: SimulatedArray, san: SanSession, name: str
) -> None:
    with nothing_changed(array):
        for call in (san.volume, san.delete_volume):
            with pytest.raises(SanError):
                call(name)
    assert not any(program.startswith("reboot") for exec_ in array.log for program in exec_.programs)
    assert not any(exec_.unsupported for exec_ in array.log)


def test_ensure_volume_makes_a_missing_one_and_leaves_a_right_one(array: SimulatedArray, san: SanSession) -> None:
    volume = san.ensure_volume("v", GIB)
    assert volume == san.volume("v")
    with nothing_changed(array):
        assert san.ensure_volume("v", GIB) == volume
        assert san.ensure_volume("v", "1024MiB") == volume


def test_ensure_volume_names_every_difference_and_changes_nothing(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    with nothing_changed(array), pytest.raises(Conflict) as caught:
        san.ensure_volume("v", 2 * GIB, thin=False)
    assert len(caught.value.differences) == 2
    assert any("size" in d.lower() or "GiB" in d for d in caught.value.differences)
    assert any("thin" in d.lower() for d in caught.value.differences)


def test_ensure_volume_does_not_shrink_either(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", 2 * GIB)
    with nothing_changed(array), pytest.raises(Conflict):
        san.ensure_volume("v", GIB)


def test_create_volume_raises_out_of_space_where_a_thick_one_does_not_fit(
    array: SimulatedArray, san: SanSession
) -> None:
    with nothing_changed(array), pytest.raises(OutOfSpace):
        san.create_volume("v", "100TiB", thin=False)
    with pytest.raises(NotFound):
        san.volume("v")


def test_delete_volume_deletes_it(san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.delete_volume("v")
    assert san.volumes() == []
    with pytest.raises(NotFound):
        san.volume("v")


def test_delete_volume_raises_not_found_unless_its_absence_is_no_error(array: SimulatedArray, san: SanSession) -> None:
    with pytest.raises(NotFound, match="v"):
        san.delete_volume("v")
    with nothing_changed(array):
        san.delete_volume("v", missing_ok=True)


def test_delete_volume_refuses_an_exported_one_and_shows_the_export(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    with nothing_changed(array), pytest.raises(Exported) as caught:
        san.delete_volume("v")
    assert caught.value.export == export
    assert caught.value.mend


def test_delete_volume_refuses_one_with_snapshots_and_names_them(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    san.create_volume("v", GIB)
    hand.make_snapshot("v", "monday")
    hand.make_snapshot("v", "tuesday")
    with nothing_changed(array), pytest.raises(HasDependents) as caught:
        san.delete_volume("v")
    assert [d.rpartition("@")[2] for d in caught.value.dependents] == ["monday", "tuesday"]


def test_delete_volume_takes_the_snapshots_along_when_told_to(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    hand.make_snapshot("v", "monday")
    hand.make_snapshot("v", "tuesday")
    san.delete_volume("v", snapshots=True)
    assert san.volumes() == []


def test_a_volume_may_be_made_again_under_the_name_of_a_deleted_one(san: SanSession) -> None:
    first = san.create_volume("v", GIB)
    san.delete_volume("v")
    second = san.create_volume("v", 2 * GIB)
    assert second.size == 2 * GIB
    assert first != second
