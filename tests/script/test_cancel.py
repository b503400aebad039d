"""A call that another thread cancels returns within a second; the array undoes what it had begun."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sansdk import Cancelled, Item, Result, Step
from sansdk.executor import Executor
from sansdk.history import History
from sansdk.script import Dialect
from sansdk.scripted import Scripted
from sansdk.stepwise import Stepwise
from sansdk.transport.local import LocalTransport
from tests.script.test_program import INTENT, Sh


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def awaited(path: Path) -> None:
    until = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not appear"


def cancelled(executor: Executor, pool: ThreadPoolExecutor, tmp_path: Path) -> tuple[Result, float]:
    """The result of an item that is cancelled in its second step, and how long that took."""
    steps = (
        Step(Sh(f"echo made >{tmp_path}/made"), undo=Sh(f"rm {tmp_path}/made; : >{tmp_path}/undone")),
        Step(Sh(f": >{tmp_path}/hangs; sleep 3")),
        Step(Sh(f": >{tmp_path}/never")),
    )
    call = pool.submit(executor.run, [Item(INTENT, steps)])
    awaited(tmp_path / "hangs")
    before = time.monotonic()
    executor.cancel()
    return call.result(10)[0] if call.exception(10) is None else Result(INTENT, error=error_of(call.exception())), (
        time.monotonic() - before
    )


def error_of(error: BaseException | None) -> Cancelled:
    assert isinstance(error, Cancelled)
    return error


def test_a_program_is_told_to_stop_and_undoes_its_item(pool: ThreadPoolExecutor, tmp_path: Path) -> None:
    executor = Scripted(LocalTransport(), History(), Dialect())
    result, seconds = cancelled(executor, pool, tmp_path)
    assert isinstance(result.error, Cancelled)
    assert "sleep 3" in str(result.error)
    assert seconds < 1.5
    awaited(tmp_path / "undone")
    assert not (tmp_path / "made").exists()
    assert not (tmp_path / "never").exists()


def test_where_nothing_can_be_told_the_error_says_what_goes_on(pool: ThreadPoolExecutor, tmp_path: Path) -> None:
    result, seconds = cancelled(Stepwise(LocalTransport(), History()), pool, tmp_path)
    assert isinstance(result.error, Cancelled)
    assert "sleep 3" in str(result.error)
    assert seconds < 1.5
    assert not (tmp_path / "never").exists()


def test_a_cancel_between_two_programs_lets_no_further_one_leave(tmp_path: Path) -> None:
    executor = Scripted(LocalTransport(), History(), Dialect())
    executor.cancel()
    with pytest.raises(Cancelled, match="before anything more was sent"):
        executor.run([Item(INTENT, (Step(Sh(f": >{tmp_path}/never")),))])
    assert not (tmp_path / "never").exists()
    executor.begin()
    assert executor.run([Item(INTENT, (Step(Sh("true")),))])[0].error is None
