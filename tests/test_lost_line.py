"""A line that is lost, and what is asked of the array after that: also when that is lost, too."""

import threading
from collections.abc import Callable

import pytest
from attrs import define

import sansdk
from sansdk import (
    Cancelled,
    ConnectionLost,
    CreateVolume,
    LeftBehind,
    NoEffect,
    PartialFailure,
    Refused,
    Timeout,
    scripted,
)
from sansdk.session import SanSession
from sansdk.transcript import ScriptWatch
from sansdk.transport.base import Answer, Transport, Watch, Within
from sansim import Fault, SimulatedArray, Simulator

GIB = 1 << 30


@define
class Line:
    """A line to an array: what happens on it is decided by the exec's number."""

    inner: Transport
    happens: Callable[[int], None]
    execs: int = 0

    @property
    def address(self) -> str:
        return self.inner.address

    def exec(self, text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        """Run it, unheard: what happens is raised after that."""
        self.execs += 1
        quiet = Within(10) if isinstance(watch, ScriptWatch) else watch
        answer = self.inner.exec(text, stdin, watch=quiet)
        self.happens(self.execs)
        watch.saw("stdout", answer.stdout.encode())
        watch.saw("stderr", answer.stderr.encode())
        return answer

    def close(self) -> None:
        self.inner.close()


def on(san: SanSession, happens: Callable[[int], None]) -> Line:
    line = Line(san._executor.transport, happens)
    san._executor.transport = line
    return line


def files(array: SimulatedArray) -> str:
    """What of ours lies in /tmp of the host."""
    with sansdk.connect(array.url, **array.connect_args) as san:
        return san._executor.transport.exec("ls /tmp", watch=Within(10)).stdout


def test_what_a_lost_program_did_is_told_though_the_first_answer_about_it_is_lost_too(
    solaris_array: SimulatedArray, solaris_san: SanSession
):
    def happens(number: int) -> None:
        if number <= 2:
            raise ConnectionLost("The line was cut.")

    on(solaris_san, happens)
    assert solaris_san.create_volume("v", GIB).name == "v"
    solaris_san.close()
    assert "sansdk-" not in files(solaris_array)


def test_an_array_that_is_gone_after_a_change_was_sent_is_no_refusal(solaris_san: SanSession):
    def happens(number: int) -> None:
        raise ConnectionLost("The line was cut.") if number == 1 else Refused("Nobody is there.")

    on(solaris_san, happens)
    with pytest.raises(ConnectionLost, match=r"Nobody is there\..*cannot be told"):
        solaris_san.create_volume("v", GIB)


def test_closing_does_not_hide_why_the_block_ended():
    with Simulator(arrays=("solaris",)) as sim:
        san = sansdk.connect(sim["solaris"].url, **sim["solaris"].connect_args)
        san.create_volume("v", GIB)
    with pytest.raises(KeyError), san:
        raise KeyError


def test_a_read_that_is_cancelled_or_late_leaves_no_file_on_the_array(
    solaris_array: SimulatedArray, solaris_san: SanSession
):
    def cancelled(number: int) -> None:
        if number == 1:
            other = threading.Thread(target=solaris_san.cancel)
            other.start()
            other.join()
        raise Timeout("It is late.")

    on(solaris_san, cancelled)
    with pytest.raises(Cancelled, match="nothing was changed"):
        solaris_san.volumes()
    with pytest.raises(Timeout, match="It is late"):
        solaris_san.volumes()
    assert "sansdk-" not in files(solaris_array)


def test_what_stops_one_batch_stops_those_after_it(solaris_san: SanSession, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scripted, "_BATCH", 2)
    solaris_san.create_volume("a", GIB)
    with pytest.raises(PartialFailure) as told:
        solaris_san.submit([CreateVolume(name, GIB) for name in "abcd"], on_error="stop")
    assert all(result.error for result in told.value.results)
    assert [v.name for v in solaris_san.volumes()] == ["a"]


def test_a_step_that_cannot_be_sent_takes_back_those_before_it(
    hp_array: SimulatedArray, hp_san: SanSession, monkeypatch: pytest.MonkeyPatch
):
    hp_san.create_volume("v", GIB)
    send = hp_san._executor.transport.exec

    def sent(text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        if text.startswith("assignVolumeToServer"):
            raise Refused("Nobody is there.")
        return send(text, stdin, watch=watch)

    monkeypatch.setattr(hp_san._executor.transport, "exec", sent)
    with pytest.raises(Refused):
        hp_san.create_export("v", initiators=["iqn.1993-08.org.debian:01:host"])
    assert [e.text.split()[0] for e in hp_array.log][-2:] == ["createServer", "deleteServer"]


def test_an_undo_that_cannot_be_sent_leaves_what_it_would_have_taken_back(
    solaris_array: SimulatedArray, solaris_san: SanSession, monkeypatch: pytest.MonkeyPatch
):
    solaris_san.create_volume("v", GIB)
    send = solaris_san._executor.transport.exec
    changes: list[str] = []

    def sent(text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        if "tee" in text:
            changes.append(text)
            if len(changes) > 1:
                raise Refused("Nobody is there.")
        return send(text, stdin, watch=watch)

    monkeypatch.setattr(solaris_san._executor.transport, "exec", sent)
    solaris_array.faults.add(Fault("error", "stmfadm add-view*", status=0))
    with pytest.raises(LeftBehind) as told:
        solaris_san.create_export("v", initiators=["iqn.1993-08.org.debian:01:host"])
    assert isinstance(told.value.cause, NoEffect)
    assert any("create-lu" in what for what in told.value.what)
