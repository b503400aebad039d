"""View entries: numbers, LUNs and overlaps, held against a model that looks at every pair of views."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.pools.pool import Pools
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmf.views import View, Views
from sansim.solaris.stmfadm import program as stmfadm
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


def test_the_last_free_lun_is_found_and_there_is_none_beyond() -> None:
    views = Views(State())
    for lun in range(1 << 14):
        assert views.add(f"6{lun:031X}", None).lun == lun
    with pytest.raises(StmfError) as error:
        views.add(GUIDS[0], None)
    assert error.value.code is StmfCode.STATUS_ERROR
    views.remove(f"6{77:031X}", 0)
    assert views.add(GUIDS[0], None).lun == 77


class Console:
    """stmfadm typed at a host with two groups of each kind, and its views as it lists them."""

    def __init__(self) -> None:
        state = State()
        clock = Clock(datetime(2010, 4, 17, 9, 39, 56, tzinfo=UTC))
        self.stmf = Stmf(state, Pools(state, clock, Random(1)), clock, Random(1))
        self.program = stmfadm.program(self.stmf)
        for name in ("a", "b"):
            self.type("create-hg", name)
            self.type("create-tg", name)

    def type(self, *words: str) -> Answer:
        async def once() -> Answer:
            return await self.program(Call(("stmfadm", *words), Credentials("root", root=True), _no_file))

        return asyncio.run(once())

    def views(self) -> list[View]:
        listed = [line.removeprefix("LU Name: ") for line in self.type("list-lu").printed.splitlines()]
        return [view for guid in listed for view in _read(guid, self.type("list-view", "-l", guid).printed)]


def _no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


_ENTRY = re.compile(
    r"View Entry: (\d+)\n    Host group   : (\S+)\n    Target group : (\S+)\n    LUN          : (\d+)\n"
)


def _read(guid: str, text: str) -> list[View]:
    assert not _ENTRY.sub("", text)
    return [
        View(guid, int(number), int(lun), _group(host), _group(target))
        for number, host, target, lun in _ENTRY.findall(text)
    ]


def _group(name: str) -> str | None:
    return None if name == "All" else name


def _options(lun: int | None, host: str | None, target: str | None) -> list[str]:
    pairs = (("-n", None if lun is None else str(lun)), ("-h", host), ("-t", target))
    return [word for option, value in pairs if value is not None for word in (option, value)]


typed = st.lists(
    st.one_of(
        st.builds(
            lambda guid, *chosen: ["add-view", *_options(*chosen), guid], st.sampled_from(GUIDS), LUNS, GROUPS, GROUPS
        ),
        st.builds(
            lambda guid, number: ["remove-view", "-l", guid, str(number)], st.sampled_from(GUIDS), st.integers(0, 3)
        ),
        st.sampled_from(
            [["remove-view", "-a", "-l", GUIDS[0]], ["delete-lu", GUIDS[1]], ["delete-lu", "-k", GUIDS[1]]]
        ),
        st.builds(
            lambda verb, name: [verb, name],
            st.sampled_from(["delete-hg", "delete-tg", "create-hg", "create-tg"]),
            st.sampled_from(["a", "b"]),
        ),
    ),
    max_size=25,
)


@given(typed)
def test_whatever_is_typed_views_keep_apart(lines: list[list[str]]) -> None:
    console = Console()
    before: list[View] = []
    for words in lines:
        answer = console.type(*words)
        after = console.views()
        _check(after)
        if answer.status:
            assert answer.stderr.startswith("stmfadm: ")
            assert words[0] == "remove-view" or after == before, words
        elif words[0] == "add-view":
            (added,) = [view for view in after if view not in before]
            _check_added(added, before, words)
        elif words[0] in ("delete-hg", "delete-tg"):
            assert all(
                words[1] != (view.host_group if words[0] == "delete-hg" else view.target_group) for view in after
            )
        before = after


def _check(views: list[View]) -> None:
    """No two views of a unit share a number or overlap, and no two units share a LUN where their views do."""
    for place, one in enumerate(views):
        for other in views[:place]:
            if one.guid == other.guid:
                assert one.number != other.number
                assert not overlap(one, other)
            elif overlap(one, other):
                assert one.lun != other.lun


def _check_added(added: View, before: list[View], words: list[str]) -> None:
    """A new view has the lowest free number, and the lowest free LUN if none was asked for."""
    numbers = {view.number for view in before if view.guid == added.guid}
    assert added.number == min(set(range(len(numbers) + 1)) - numbers)
    if "-n" not in words:
        luns = {view.lun for view in before if overlap(view, added)}
        assert added.lun == min(set(range(len(luns) + 1)) - luns)
