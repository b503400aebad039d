"""View entries: numbers, LUNs and overlaps, held against a model that looks at every pair of views."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.stmf_views import View, Views
from sansim.state import State

GUIDS = [f"600144F0{n:024X}" for n in range(3)]
GROUPS = st.sampled_from([None, "a", "b"])
LUNS = st.one_of(st.none(), st.integers(0, 3))

additions = st.tuples(st.just("add"), st.sampled_from(GUIDS), LUNS, GROUPS, GROUPS)
removals = st.tuples(st.just("remove"), st.sampled_from(GUIDS), st.integers(0, 3), st.none(), st.none())
steps = st.lists(st.one_of(additions, removals), max_size=30)


class Undo(Exception):
    """What makes a change undo itself."""


def overlap(one: View, other: View) -> bool:
    hosts = None in (one.host_group, other.host_group) or one.host_group == other.host_group
    targets = None in (one.target_group, other.target_group) or one.target_group == other.target_group
    return hosts and targets


def attempt(change: Callable[[], object]) -> StmfCode | None:
    try:
        change()
    except StmfError as error:
        return error.code
    return None


def refusal(held: list[View], view: View) -> StmfCode | None:
    """What the driver says to a view, by its definition."""
    overlapping = [other for other in held if overlap(view, other)]
    if any(other.guid == view.guid for other in overlapping):
        return StmfCode.VIEW_CONFLICT
    if any(other.lun == view.lun for other in overlapping):
        return StmfCode.LUN_IN_USE
    return None


@given(steps)
def test_every_addition_is_answered_as_a_look_at_all_pairs_would(
    steps: list[tuple[str, str, int | None, str | None, str | None]],
) -> None:
    views = Views(State())
    held: list[View] = []
    for do, guid, number, host_group, target_group in steps:
        if do == "remove":
            known = [view for view in held if (view.guid, view.number) == (guid, number)]
            held = [view for view in held if view not in known]
            refused = attempt(partial(views.remove, guid, number or 0))
            assert refused is (None if known else StmfCode.NOT_FOUND)
            continue
        taken = {view.number for view in held if view.guid == guid}
        entry = min(set(range(len(taken) + 1)) - taken)
        asked = View(guid, entry, number or 0, host_group, target_group, auto=number is None)
        if number is None:
            used = {view.lun for view in held if overlap(view, asked)}
            asked = evolve(asked, lun=min(set(range(len(used) + 1)) - used))
        expected = refusal(held, asked)
        refused = attempt(partial(views.add, guid, number, host_group, target_group))
        assert refused is expected
        if expected is None:
            held.append(asked)
        assert [view for one in GUIDS for view in views.of(one)] == sorted(
            held, key=lambda view: (GUIDS.index(view.guid), view.number)
        )


@given(steps)
def test_what_is_undone_leaves_no_trace_in_the_answers(
    steps: list[tuple[str, str, int | None, str | None, str | None]],
) -> None:
    state = State()
    views = Views(state)
    kept = views.add(GUIDS[0], None, "a", "b")
    with suppress(Undo), state.change():
        views.remove(GUIDS[0], kept.number)
        for do, guid, number, host_group, target_group in steps:
            if do == "add":
                attempt(partial(views.add, guid, number, host_group, target_group))
        raise Undo
    assert [view for guid in GUIDS for view in views.of(guid)] == [kept]
    assert views.add(GUIDS[1], None, None, None).lun == 1
    assert views.uses_host_group("a")
    assert not views.uses_host_group("b")


def test_an_initiator_sees_its_group_s_views_and_those_for_all() -> None:
    views = Views(State())
    views.add(GUIDS[0], 0, "a", "b")
    views.add(GUIDS[1], 1, None, "b")
    views.add(GUIDS[2], 2, "a", None)
    assert views.visible("a", "b") == {0: GUIDS[0], 1: GUIDS[1], 2: GUIDS[2]}
    assert views.visible(None, "b") == {1: GUIDS[1]}
    assert views.visible("a", None) == {2: GUIDS[2]}
    assert views.visible(None, None) == {}
