"""The program that undoes itself on the host: that the simulated login runs it as a real one does, over real SSH."""

import asyncio
from collections.abc import AsyncIterator

import asyncssh
import pytest

from sansim import Fault, Simulator
from tests.simulator.conftest import Run, connect

CLAIM = "/tmp/sansdk-0123456789abcdef"
RELAY = (
    """/bin/sh -c 'umask 077; trap "" HUP PIPE; y() { trap "" HUP PIPE TERM INT QUIT;"""
    """ exec /usr/bin/tee "$1" 2>/dev/null; };"""
    """ { /bin/sh -s RUNID 2>&1 >&3 3>&- | y CLAIM.e >&2 3>&-; } 3>&1 | y CLAIM.o'"""
).replace("CLAIM", CLAIM)

PROGRAM = """{ N='0f' J='CLAIM' done=' ' S=0
mark() { printf '@@%s %s\\n' "${N:?}" "$*"; printf '@@%s %s\\n' "${N:?}" "$*" >&2; printf '%s\\n' "$*" >&5; return 0; }
attempt() { { e=$(ulimit -t unlimited 2>/dev/null; "$@" 2>&1 >&6 6>&- 5>&-); s=$?; } 6>&1
  [ -z "$e" ] || printf '%s\\n' "$e" >&2
  return "$s"; }
step() { i=$1; shift; mark B "$i"
  if attempt "$@"; then done="$done$i "; mark E "$i" 0; return 0; fi
  mark E "$i" "$s"; return 1; }
undo() { i=$1; shift
  case $done in *" $i "*) mark B "u$i"; attempt "$@"; mark E "u$i" "$s" ;; esac; }
(set -C; : >"${J:?}") 2>/dev/null || { printf '@@%s X claimed\\n' "$N"; exit 75; }
exec 5>>"$J"
trap 'rm -f "$J.s1"' EXIT
mark P $$ "$1"
exec </dev/null
(set -C; : >"$J.s1") && printf %s 'hush hush 123' >"$J.s1" && [ -s "$J.s1" ] || mark X secret
while IFS= read -r name; do
  mark I "$name"
  if step "$name.1" /usr/sbin/zfs create -V 1g "tank/$name" &&
     step "$name.2" /usr/sbin/sbdadm create-lu "/dev/zvol/rdsk/tank/$name" &&
     step "$name.3" /usr/sbin/zfs snapshot "tank/$name@$name"; then
    mark R "$name" done
  else
    S=1
    undo "$name.1" /usr/sbin/zfs destroy "tank/$name"
    mark R "$name" undone
  fi
done <<'END'
a
b
c
END
for guid in $(/usr/sbin/stmfadm list-lu | awk '{print $3}'); do mark L "$guid"; done
mark Z $S; exit $S; }
""".replace("CLAIM", CLAIM).encode()


def marks(stream: bytes) -> list[str]:
    return [line[5:] for line in stream.decode().splitlines() if line.startswith("@@0f ")]


def test_the_program_runs_and_its_marks_are_on_both_streams(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    status, out, err = run(array, RELAY, PROGRAM)
    assert status == 0  # of the relay; the program's own is in its last mark
    assert marks(out) == marks(err)
    assert [mark for mark in marks(out) if mark[0] in "RZX"] == ["R a done", "R b done", "R c done", "Z 0"]
    assert marks(out)[0].split()[2] == "RUNID"
    assert len([mark for mark in marks(out) if mark.startswith("L 600144F0")]) == 3
    assert b"Created the following LU:" in out
    assert b"Created the following LU:" not in err
    assert run(array, f"cat {CLAIM}.o")[1] == out
    assert run(array, f"cat {CLAIM}.e")[1] == err
    assert run(array, f"ls /tmp; ls -l {CLAIM}")[1].startswith(b"sansdk-0123456789abcdef\n")
    assert run(array, f"[ -e {CLAIM}.s1 ] || echo gone")[1] == b"gone\n"


def test_a_step_that_fails_undoes_its_item_there(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    array.faults.add(Fault("error", "sbdadm create-lu *tank/b", stderr="sbdadm: no\n"))
    _, out, err = run(array, RELAY, PROGRAM)
    assert [mark for mark in marks(out) if mark[0] in "RZX"] == ["R a done", "R b undone", "R c done", "Z 1"]
    assert b"sbdadm: no\n" in err
    assert b"sbdadm: no\n" not in out
    assert run(array, "zfs list -H -o name -t volume")[1] == b"tank/a\ntank/c\n"


def test_a_claimed_run_does_nothing(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    run(array, f"(set -C; : >{CLAIM})")
    _, out, _ = run(array, RELAY, PROGRAM)
    assert marks(out) == ["X claimed"]
    assert array.log[-1].programs == ()


def test_marks_reach_the_client_while_the_program_runs(sim: Simulator) -> None:
    async def talk() -> None:
        async with connect(sim["solaris"]) as connection:
            process = await connection.create_process(RELAY)
            # The program waits for an answer to each mark, so marks held back would never be followed.
            process.stdin.write('{ while read word; do echo "out $word"; echo "err $word" >&2; done; echo end; }\n')
            for word in ("one", "two", "three"):
                process.stdin.write(f"{word}\n")
                assert await process.stdout.readline() == f"out {word}\n"
                assert await process.stderr.readline() == f"err {word}\n"
            process.stdin.write_eof()
            assert await process.stdout.readline() == "end\n"
            await process.wait()

    asyncio.run(asyncio.wait_for(talk(), 20))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "pattern",
    [f"{program}*{name}" for name in "ac" for program in ("zfs create", "sbdadm create-lu")]
    + ["zfs destroy tank/b", "stmfadm*"],
)
def test_a_lost_line_leaves_no_item_half_done(sim: Simulator, run: Run, pattern: str, when: str) -> None:
    array = sim["solaris"]
    array.faults.add(Fault("cut", pattern, when="before" if when == "before" else "after"))
    array.faults.add(Fault("error", "zfs snapshot tank/b@b", stderr="no\n"))
    status, _, _ = run(array, RELAY, PROGRAM)
    assert status is None
    assert array.log.quiet()
    _, out, _ = run(array, f"cat {CLAIM}.o")
    _, err, _ = run(array, f"cat {CLAIM}.e")
    assert [mark for mark in marks(out) if mark[0] in "RZX"] == ["R a done", "R b undone", "R c done", "Z 1"]
    assert marks(err) == marks(out)
    assert run(array, f"[ -e {CLAIM}.s1 ]; echo $?")[1] == b"1\n"


@pytest.mark.parametrize("part", [0, 1, 50, len(PROGRAM) // 2, len(PROGRAM) - 3])
def test_a_program_of_which_a_part_arrives_does_nothing(sim: Simulator, part: int) -> None:
    array = sim["solaris"]

    async def talk() -> None:
        async with connect(array) as connection:
            process = await connection.create_process(RELAY, encoding=None)
            process.stdin.write(PROGRAM[:part])
            await process.stdin.drain()
            connection.abort()

    asyncio.run(talk())
    assert array.log.quiet()
    assert all(item.programs == () for item in array.log)
    assert not array.solaris.system.files.exists(CLAIM)


def test_a_run_can_be_found_while_it_runs(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]

    async def lines(process: "asyncssh.SSHClientProcess[str]") -> AsyncIterator[str]:
        while line := await process.stdout.readline():
            yield line

    async def talk() -> None:
        async with connect(array) as connection:
            process = await connection.create_process(RELAY)
            process.stdin.write("{ echo up; read word; echo $word; }\n")
            async for line in lines(process):
                if line == "up\n":
                    found = await connection.run("pgrep -f RUNID")
                    assert found.exit_status == 0
                    process.stdin.write("over\n")
                    process.stdin.write_eof()
            await process.wait()

    asyncio.run(talk())
    assert run(array, "pgrep -f RUNID")[0] == 1
