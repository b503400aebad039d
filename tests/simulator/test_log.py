"""The log: each exec with all that is known of it, in Python and as JSON lines, and as it grows."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO
from threading import Event

import pytest

from sansim import Fault, Simulator
from sansim.faults import Intervention, Latency
from sansim.log import Exec, Log, Recording
from tests.simulator.conftest import Run, connect, exec_over_ssh

KEYS = [
    "format", "number", "at", "user", "interactive", "text", "stdin", "status", "signal", "stdout", "stderr",
    "stdin_size", "stdout_size", "stderr_size", "programs", "faults", "unsupported", "latency", "took", "elapsed",
    "holds",
]  # fmt: skip


def test_an_exec_is_told_whole(sim: Simulator, run: Run):
    array = sim["solaris"]
    array.faults.slow(Latency("zpool*", 0.01))
    array.faults.add(Fault("status", "zfs list*", status=3))
    array.faults.add(Fault("condition", "zpool*", condition=Intervention(lambda _line: array.clock.advance(90))))
    text = "cat; zpool list -H -o name; zfs list -H -o name; ifconfig -a"
    status, stdout, stderr = run(array, text, b"some input\n")
    (item,) = array.log
    assert (item.number, item.user, item.text, item.interactive) == (1, "admin", text, False)
    assert item.at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (item.stdin, item.status, item.stdout, item.stderr) == (b"some input\n", status, stdout, stderr)
    assert (item.stdin_size, item.stdout_size, item.stderr_size) == (11, len(stdout), len(stderr))
    assert item.programs == ("zpool list -H -o name", "zfs list -H -o name")
    assert item.faults == ("condition", "status")
    assert item.unsupported == ("ifconfig",)
    assert (item.latency, item.took, item.signal, item.holds, item.running) == (0.01, 90, None, (), False)
    assert 0.01 <= item.elapsed < 10


@pytest.mark.parametrize(("kind", "typed"), [("solaris", "uname\nexit 4\n"), ("hp", "getSystemInfo\nexit\n")])
def test_an_interactive_login_is_one_item_with_all_that_was_typed_and_printed(kind: str, typed: str, sim: Simulator):
    array = sim[kind]

    async def talk() -> str:
        async with connect(array) as connection:
            process = await connection.create_process(term_type=None)
            process.stdin.write(typed)
            process.stdin.write_eof()
            return str((await process.wait()).stdout)

    printed = asyncio.run(talk())
    (item,) = array.log
    assert (item.interactive, item.text, item.stdout.decode()) == (True, "", printed)
    assert item.stdin.decode().startswith(typed.rstrip("\n"))
    assert item.status == (4 if kind == "solaris" else 0)


def test_a_signal_that_ended_it_stands_in_the_place_of_a_status(sim: Simulator, run: Run):
    array = sim["solaris"]
    run(array, "kill -TERM $$")
    assert (array.log[-1].status, array.log[-1].signal) == (None, "TERM")


def test_numbers_go_on_over_a_clear_and_follow_the_order_of_the_ends(sim: Simulator, run: Run):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs list*"))
    with ThreadPoolExecutor() as elsewhere:
        first = elsewhere.submit(exec_over_ssh, array, "zfs list")
        array.log.held()
        run(array, "echo second")
        array.log.clear()
        array.faults.remove(fault)
        first.result()
    assert [(item.number, item.text) for item in array.log] == [(2, "zfs list")]
    assert array.log.number == 2
    assert array.log.since(1) == tuple(array.log)
    assert array.log.since(2) == ()


def test_a_line_of_json_has_every_key_and_is_one_line(sim: Simulator, run: Run):
    array = sim["solaris"]
    run(array, "printf 'ünï\u2028code\\n'; uname")
    file = StringIO()
    array.log.json_lines(file)
    (line,) = file.getvalue().splitlines()
    told = json.loads(line)
    assert list(told) == KEYS
    assert told["format"] == 1
    assert told["stdout"] == "ünï\u2028code\nSunOS\n"
    assert datetime.fromisoformat(told["at"]) == array.log[-1].at
    assert {name for name in dir(Exec) if name in Exec.__annotations__} | {"format"} == set(KEYS)


def test_bytes_that_are_no_text_are_told_without_loss(sim: Simulator, run: Run):
    array = sim["solaris"]
    every = bytes(range(256))
    run(array, "cat; zfs list tank/$(printf 'ü' | head -c 1)", every)
    told = json.loads(array.log[-1].json())
    assert b64decode(told["stdin"]["base64"]) == every
    assert b64decode(told["stdout"]["base64"]) == every
    assert b64decode(told["programs"][0]["base64"]) == b"zfs list 'tank/\xc3'"
    assert told["text"] == array.log[-1].text
    # No lone surrogates, which not every reader of JSON takes.
    assert json.dumps(told, ensure_ascii=False).encode().decode()


def test_who_follows_the_log_gets_each_exec_once_and_the_end_when_the_array_stops():
    texts = [f"echo {number}" for number in range(5)]
    with ThreadPoolExecutor() as elsewhere:
        with Simulator(["solaris"], seed=1) as simulator:
            array = simulator["solaris"]
            exec_over_ssh(array, "echo before")
            new, from_the_first = (elsewhere.submit(followed, array.log.follow(number)) for number in (None, 0))
            for text in texts:
                exec_over_ssh(array, text)
        assert new.result() == texts
        assert from_the_first.result() == ["echo before", *texts]
    assert array.log.closed
    assert array.log.since(99, timeout=None) == ()


def followed(items: Iterator[Exec]) -> list[str]:
    return [item.text for item in items]


def recorded(log: Log, text: str, *unsupported: str) -> None:
    recording = Recording(text=text, unsupported=list(unsupported))
    log.begin(recording)
    log.end(recording)


def test_since_waits_for_the_first_and_gives_up_after_a_time():
    log = Log()
    assert log.since(0, timeout=0.01) == ()
    began = Event()

    def wait() -> list[str]:
        began.set()
        return [item.text for item in log.since(0, timeout=10)]

    with ThreadPoolExecutor() as elsewhere:
        waiting = elsewhere.submit(wait)
        assert began.wait(10)
        recorded(log, "one")
        assert waiting.result() == ["one"]


def test_what_is_not_simulated_outlives_a_clear_and_the_bounds_of_the_log():
    log = Log(keep=2)
    recorded(log, "a", "zonecfg", "zonecfg")
    recorded(log, "b", "pkg")
    log.clear()
    for number in range(5):
        recorded(log, str(number))
    assert [item.number for item in log] == [6, 7]
    assert list(log.unsupported) == ["zonecfg", "pkg"]
    under_way = Recording(unsupported=["dladm"])
    log.begin(under_way)
    assert list(log.unsupported) == ["zonecfg", "pkg", "dladm"]


def test_a_stream_is_kept_to_16_mib_and_counted_to_its_end(sim: Simulator, run: Run):
    array = sim["solaris"]
    data = bytes(17 << 20)
    assert run(array, "cat", data)[1] == data
    item = array.log[-1]
    assert (len(item.stdin), len(item.stdout)) == (16 << 20, 16 << 20)
    assert (item.stdin_size, item.stdout_size) == (17 << 20, 17 << 20)
