"""Plans: the same verbs, shown before anything is sent."""

import pytest

from sansdk import (
    ANYONE,
    AlreadyExists,
    Capability,
    Chap,
    Conflict,
    InputError,
    InvalidName,
    NotFound,
    Secret,
    StalePlan,
)
from sansdk.errors import PartialFailure, SanError
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, nothing_changed, nothing_sent
from sansdk.testing.hand import GIB, MIB, Hand
from sansim import SimulatedArray

SECRET = Secret("correct-horse-1")


def whom(san: SanSession) -> tuple[str, ...]:
    return (HOST,) if Capability.CHAP_WITH_MASK in san.capabilities else ()


def test_the_verbs_of_a_plan_return_none_and_send_nothing(array: SimulatedArray, san: SanSession) -> None:
    plan = san.plan()
    plan.__enter__()
    with nothing_sent(array):
        returned: list[object] = [
            plan.create_volume("v", GIB),
            plan.create_export("v", initiators=[HOST]),
            plan.ensure_volume("w", GIB),
            plan.ensure_export("w", initiators=[HOST]),
        ]
        plan.remove_export("x", missing_ok=True)
        plan.delete_volume("x", missing_ok=True)
    plan.__exit__(None, None, None)
    assert returned == [None] * 4
    assert len(plan.items) == 6


def test_a_plan_changes_neither_the_array_nor_the_session(array: SimulatedArray, san: SanSession) -> None:
    with nothing_changed(array), san.plan() as plan:
        plan.create_volume("v", GIB)
    assert san.create_volume("w", GIB) == san.volume("w")
    with pytest.raises(NotFound):
        san.volume("v")


def test_a_plan_checks_its_input_at_once(array: SimulatedArray, san: SanSession) -> None:
    with nothing_sent(array), pytest.raises(InvalidName), san.plan() as plan:
        plan.create_volume("a b", GIB)


def test_a_block_that_fails_plans_nothing(array: SimulatedArray, san: SanSession) -> None:
    plan = san.plan()

    def block() -> None:
        with plan:
            plan.create_volume("v", GIB)
            raise ZeroDivisionError

    with nothing_sent(array), pytest.raises(ZeroDivisionError):
        block()
    with pytest.raises(InputError):
        plan.apply()


def test_a_plan_has_one_item_for_each_verb_in_their_order(san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("b", GIB)
        plan.create_volume("a", GIB)
        plan.create_export("b", initiators=[HOST])
    assert [item.intent.volume for item in plan.items] == ["b", "a", "b"]


def test_a_plan_cannot_be_looked_at_before_its_block_ends(san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
        with pytest.raises(InputError, match="block"):
            _ = plan.items


def test_applying_a_plan_makes_what_the_session_itself_would_have_made(san: SanSession, hand: Hand) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
        plan.create_export("v", initiators=[HOST])
    results = plan.apply()
    assert [result.intent for result in results] == [item.intent for item in plan.items]
    assert [result.error for result in results] == [None, None]
    assert results[1].value == san.export("v")
    assert (results[0].value.name, results[0].value.size) == ("v", GIB)
    assert hand.admits(san.export("v"), HOST)


def test_one_plan_removes_an_export_and_its_volume(san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    with san.plan() as plan:
        plan.remove_export("v")
        plan.delete_volume("v")
    plan.apply()
    assert san.volumes() == []
    assert san.orphans() == []


def test_a_plan_shows_each_intent_and_each_command(san: SanSession) -> None:
    san.create_volume("v", GIB)
    with san.plan() as plan:
        plan.create_export("v", initiators=[HOST])
    text = str(plan)
    assert str(plan.items[0].intent) in text
    assert len(text.splitlines()) == 1 + len(plan.items[0].steps)


def test_a_plan_of_what_is_so_already_has_nothing_to_do(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    with san.plan() as plan:
        plan.ensure_volume("v", GIB)
        plan.ensure_export("v", initiators=[HOST])
    assert [item.steps for item in plan.items] == [(), ()]
    assert "nothing to do" in str(plan)
    with nothing_changed(array):
        results = plan.apply()
    assert [result.value for result in results] == [san.volume("v"), export]


def test_an_empty_plan_does_nothing(array: SimulatedArray, san: SanSession) -> None:
    with san.plan() as plan:
        pass
    assert list(plan.items) == []
    assert str(plan) == "nothing to do"
    with nothing_changed(array):
        assert list(plan.apply()) == []


def test_planning_raises_what_can_be_known_already(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    with nothing_changed(array):
        with pytest.raises(NotFound, match="absent"), san.plan() as plan:
            plan.create_export("absent", initiators=[HOST])
        with pytest.raises(Conflict), san.plan() as plan:
            plan.ensure_volume("v", 2 * GIB)
        with pytest.raises(NotFound), san.plan() as plan:
            plan.remove_export("v")
        with pytest.raises(AlreadyExists), san.plan() as plan:
            plan.create_volume("v", GIB)


def test_a_plan_is_shown_as_html_with_its_text_escaped(san: SanSession, hand: Hand) -> None:
    hand.make_volume("a b")
    with san.plan() as plan:
        plan.create_export("a b", initiators=[HOST])
        plan.create_volume("v", GIB)
    html = plan._repr_html_()
    assert html.startswith("<table")
    assert html.count("<tr>") >= len(plan.items)
    assert "a b" in html
    assert "'" not in html.replace("&#x27;", "")


def test_no_text_of_a_plan_shows_a_secret(san: SanSession) -> None:
    san.create_volume("v", GIB)
    with san.plan() as plan:
        plan.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    for text in (str(plan), repr(plan), plan._repr_html_(), plan.script(), repr(plan.items)):
        assert SECRET.reveal() not in text
    assert "***" in str(plan)


def test_the_script_of_a_plan_takes_its_secrets_from_the_environment(san: SanSession) -> None:
    san.create_volume("v", GIB)
    with san.plan() as plan:
        plan.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    assert '"${SANSDK_SECRET_1:?}"' in plan.script()


def test_the_script_of_a_plan_does_by_hand_what_applying_it_does(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
        plan.create_export("v", initiators=[HOST])
    script = plan.script()
    with nothing_changed(array):
        assert plan.script() == script
    if array.kind == "solaris":
        hand.run("/bin/sh -s", script)
    else:
        for line in script.splitlines():
            if line and not line.startswith("#"):
                hand.run(line)
    export = san.export("v")
    assert export.initiators == (HOST,)
    assert hand.admits(export, HOST)
    with nothing_changed(array):
        assert san.ensure_volume("v", GIB) == san.volume("v")
        assert san.ensure_export("v", initiators=[HOST]) == export


def stale(array: SimulatedArray, plan_san: SanSession, change: str, hand: Hand) -> None:
    """Plan an export of `v`, let somebody change something, and see that the plan is stale."""
    with plan_san.plan() as plan:
        plan.ensure_export("v", initiators=[HOST])
    if change == "the size":
        hand.resize_volume("v", 2 * GIB)
    elif change == "the identity":
        hand.delete_volume("v")
        hand.make_volume("v", GIB)
    elif change == "the existence":
        hand.delete_volume("v")
    with nothing_changed(array), pytest.raises(StalePlan, match="v") as caught:
        plan.apply()
    assert caught.value.changes
    assert caught.value.mend


@pytest.mark.parametrize("change", ["the size", "the identity", "the existence"])
def test_a_plan_is_stale_once_the_volume_is_another(
    array: SimulatedArray, san: SanSession, hand: Hand, change: str
) -> None:
    san.create_volume("v", GIB)
    stale(array, san, change, hand)


def test_a_plan_is_stale_once_the_volume_is_exported_otherwise(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    with san.plan() as plan:
        plan.create_export("v", initiators=[HOST])
    san.create_export("v", initiators=[OTHER_HOST])
    with nothing_changed(array), pytest.raises(StalePlan) as caught:
        plan.apply()
    assert caught.value.changes


def test_a_plan_is_stale_once_what_it_would_make_is_there(array: SimulatedArray, san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
    san.create_volume("v", GIB)
    with nothing_changed(array), pytest.raises(StalePlan):
        plan.apply()


def test_a_plan_is_applied_once(array: SimulatedArray, san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
        plan.create_export("v", initiators=[HOST])
    plan.apply()
    with nothing_changed(array), pytest.raises(StalePlan):
        plan.apply()


def test_a_plan_is_not_stale_for_what_it_does_not_touch_nor_for_counters(san: SanSession, hand: Hand) -> None:
    for name in ("v", "w"):
        san.create_volume(name, GIB)
    with san.plan() as plan:
        plan.create_export("v", initiators=[HOST])
    hand.write("v", 10 * MIB)
    hand.resize_volume("w", 2 * GIB)
    hand.make_volume("x")
    (result,) = plan.apply()
    assert result.value == san.export("v")


def test_an_item_that_fails_leaves_the_others_and_says_which_it_was(san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("huge", "100TiB", thin=False)
        plan.create_volume("v", GIB)
    with pytest.raises(PartialFailure) as caught:
        plan.apply()
    huge, small = caught.value.results
    assert isinstance(huge.error, SanError)
    assert huge.value is None
    assert small.error is None
    assert small.value == san.volume("v")
    assert [v.name for v in san.volumes()] == ["v"]


def test_a_plan_tells_how_many_items_have_ended(san: SanSession) -> None:
    with san.plan() as plan:
        for number in range(3):
            plan.create_volume(f"v{number}", GIB)
    told: list[tuple[int, int]] = []
    plan.apply(progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_is_known_only_after_applying_is_not_invented_before(san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
        plan.create_export("v", initiators=[HOST])
    assert "iqn.2003-10.com.lefthandnetworks" not in str(plan)
    export = plan.apply()[1].value
    assert export.initiators is not ANYONE
    assert export.target_iqn in {e.target_iqn for e in san.exports()}
