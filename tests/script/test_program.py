"""The program that travels: its marks, its undo, its relay and its secrets, under every shell that is here."""

import os
import random
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sansdk.commands.base import Command, SilentChange, register_templates
from sansdk.intents import CreateVolume
from sansdk.script import Dialect, Program, Run, changing, reading, recovering
from sansdk.secrets import Secret
from sansdk.steps import Item, Read, Step
from sansdk.transcript import Ended, Transcript

register_templates(Path(__file__).parent / "templates")

INTENT = CreateVolume("v", "1GiB")
SHELLS = [
    pytest.param(
        shell, marks=pytest.mark.skipif(shutil.which(shell[0]) is None, reason=f"no {shell[0]} here"), id=shell[0]
    )
    for shell in (("dash",), ("bash",), ("ksh93",), ("mksh",), ("busybox", "sh"))
]


@frozen
class Sh(SilentChange):
    """Any text, as a step."""

    template = "test/sh.j2"

    text: str
    values: tuple[str | Secret, ...] = ()


@frozen
class Each(Command[None]):
    """A function that frames reads of its own."""

    template = "test/each.j2"

    names: tuple[str, ...]

    def parse(self, output: str) -> None:
        """Nothing."""


EACH = Dialect(prelude='sd_each() { t_id=$sd_i; for t_n; do sd_read "$t_id:$t_n" echo "in $t_n"; done; echo outer; }')


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(secrets.token_hex(8), secrets.token_hex(16), str(tmp_path))


def item(*steps: Step, proof: tuple[Read, ...] = (), diagnosis: tuple[Read, ...] = ()) -> Item:
    return Item(INTENT, steps, proof=proof, diagnosis=diagnosis)


def started(program: Program, shell: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """The program under way: its login shell is sh, the /bin/sh of the text is `shell`."""
    text = program.text.replace("/bin/sh", " ".join(shell))
    return subprocess.Popen(
        ["/bin/sh", "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ran(program: Program, run: Run, shell: tuple[str, ...]) -> Transcript:
    with started(program, shell) as process:
        out, err = process.communicate(program.stdin, timeout=30)
    return heard(run, out, err)


def heard(run: Run, out: bytes, err: bytes) -> Transcript:
    transcript = Transcript(run.nonce)
    transcript.feed("stdout", out)
    transcript.feed("stderr", err)
    return transcript


@pytest.mark.parametrize("shell", SHELLS)
def test_steps_are_told_apart_and_a_failed_item_is_undone_backwards(shell: tuple[str, ...], run: Run) -> None:
    items = [
        item(Step(Sh("echo out; echo err >&2"), undo=Sh("echo never")), Step(Sh("printf tail"))),
        item(
            Step(Sh("echo a"), undo=Sh("echo un-a")),
            Step(Sh("echo b"), undo=Sh("echo un-b")),
            Step(Sh("echo no >&2; exit 3"), undo=Sh("echo never")),
            diagnosis=(Read(Sh("echo why")),),
        ),
    ]
    transcript = ran(changing(items, run, Dialect()), run, shell)
    assert transcript.complete
    assert transcript.items == {0: Ended.DONE, 1: Ended.UNDONE}
    first, tail, refused, why = (transcript.answer(n) for n in ("0.0", "0.1", "1.2", "d1.0"))
    assert first is not None
    assert (first.status, first.stdout, first.stderr) == (0, "out\n", "err\n")
    assert tail is not None
    assert tail.stdout == "tail"
    assert refused is not None
    assert (refused.status, refused.stderr) == (3, "no\n")
    assert why is not None
    assert why.stdout == "why\n"
    undone = [name for name in transcript.statuses if name.startswith("u")]
    assert undone == ["u1.1", "u1.0"]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_so_already_counts_as_done_and_is_not_undone(shell: tuple[str, ...], run: Run) -> None:
    items = [
        item(
            Step(Sh("echo 'x: already exists' >&2; exit 1"), undo=Sh("echo never"), tolerates="already exists"),
            Step(Sh("exit 1"), undo=Sh("echo never")),
        )
    ]
    transcript = ran(changing(items, run, Dialect()), run, shell)
    assert transcript.items == {0: Ended.UNDONE}
    assert transcript.tolerated == {"0.0"}
    assert not [name for name in transcript.statuses if name.startswith("u")]


@pytest.mark.parametrize("shell", SHELLS)
def test_an_undo_that_fails_ends_the_program_and_names_itself(shell: tuple[str, ...], run: Run) -> None:
    items = [item(Step(Sh("true"), undo=Sh("exit 9")), Step(Sh("false"))), item(Step(Sh("true")))]
    transcript = ran(changing(items, run, Dialect()), run, shell)
    assert transcript.items == {0: Ended.UNDO_FAILED, 1: Ended.STOPPED}
    assert transcript.statuses["u0.0"] == 9


@pytest.mark.parametrize("shell", SHELLS)
def test_a_read_may_frame_reads_of_its_own(shell: tuple[str, ...], run: Run) -> None:
    program = reading([Read(Each(("x", "y")), each=Sh), Read(Sh("echo after"))], run, EACH)
    transcript = ran(program, run, shell)
    assert {name: a.stdout for name, a in transcript.inside("r.0").items()} == {"x": "in x\n", "y": "in y\n"}
    outer, after = transcript.answer("r.0"), transcript.answer("r.1")
    assert outer is not None
    assert (outer.stdout, outer.stderr) == ("outer\n", "")
    assert after is not None
    assert after.stdout == "after\n"


@pytest.mark.skipif(shutil.which("ps") is None, reason="no ps here, to look at arguments with")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_secret_lies_in_a_private_file_for_one_step_only(shell: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    look = 'stat -c %a "$1"; cat "$1"; ps -eo args | grep -c "[$]ecret" || true'
    items = [item(Step(Sh(look, (Secret("it's $ecret"),))), Step(Sh(f"ls {tmp_path}")))]
    transcript = ran(changing(items, run, Dialect()), run, shell)
    shown, after = transcript.answer("0.0"), transcript.answer("0.1")
    assert shown is not None
    assert shown.stdout == "600\nit's $ecret0\n"
    assert after is not None
    assert ".s1" not in after.stdout
    assert not list(tmp_path.glob("*.s*"))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_link_planted_for_the_secret_is_not_followed(shell: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    Path(f"{run.claim}.s1").symlink_to(target)
    items = [item(Step(Sh("echo made")), Step(Sh("cat", (Secret("hidden"),))))]
    transcript = ran(changing(items, run, Dialect()), run, shell)
    assert transcript.items == {0: Ended.UNDONE}
    assert transcript.trouble == ["secret file 1 exists"]
    assert not target.exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_stop_file_ends_the_program_after_its_step_and_undoes_the_item(shell: tuple[str, ...], run: Run) -> None:
    items = [
        item(Step(Sh(f": >{run.claim}.c"), undo=Sh("echo undone")), Step(Sh("echo never"))),
        item(Step(Sh("true"))),
    ]
    transcript = ran(changing(items, run, Dialect()), run, shell)
    assert transcript.items == {0: Ended.UNDONE, 1: Ended.STOPPED}
    assert transcript.statuses == {"0.0": 0, "u0.0": 0}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_second_program_of_the_same_run_does_nothing(shell: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    program = changing([item(Step(Sh(f"echo x >>{tmp_path}/effects")))], run, Dialect())
    ran(program, run, shell)
    again = ran(program, run, shell)
    assert again.trouble == ["claimed"]
    assert (tmp_path / "effects").read_text() == "x\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_noise_of_the_login_and_of_steps_is_no_mark(shell: tuple[str, ...], run: Run) -> None:
    noise = "@@0000 R 0 undone"
    program = changing([item(Step(Sh(f"echo '{noise}'; printf '@@'")))], run, Dialect())
    process_text = Program(f"echo 'Welcome @@'; {program.text}", program.stdin, program.paces)
    transcript = ran(process_text, run, shell)
    answer = transcript.answer("0.0")
    assert transcript.items == {0: Ended.DONE}
    assert answer is not None
    assert answer.stdout == f"{noise}\n@@"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_lost_run_is_found_whole_and_cleared_away(shell: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    ran(changing([item(Step(Sh("echo done")))], run, Dialect()), run, shell)
    again = Run(secrets.token_hex(8), secrets.token_hex(16), str(tmp_path))
    found = ran(recovering(run, again), again, shell)
    was, out, err = (found.answer(name) for name in ("was", "stdout", "stderr"))
    assert was is not None
    assert was.stdout.strip() == "over"
    assert out is not None
    assert err is not None
    kept = heard(run, out.stdout.encode(), err.stdout.encode())
    answer = kept.answer("0.0")
    assert kept.complete
    assert answer is not None
    assert answer.stdout == "done\n"
    # Not before somebody has heard all of it: the answer may be lost, too, and asked for again.
    ran(reading((), again, Dialect(), seen=[run]), again, shell)
    assert not list(tmp_path.glob("sansdk-*"))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_run_that_never_came_never_will(shell: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    again = Run(secrets.token_hex(8), secrets.token_hex(16), str(tmp_path))
    was = ran(recovering(run, again), again, shell).answer("was")
    assert was is not None
    assert was.stdout == "never\n"
    late = ran(changing([item(Step(Sh(f"echo x >>{tmp_path}/effects")))], run, Dialect()), run, shell)
    assert late.trouble == ["claimed"]
    assert not (tmp_path / "effects").exists()


def transfer(tmp_path: Path, number: int, *, fails: bool) -> Item:
    """Five steps that each make a file; the fourth of some fails."""

    def path(step: int) -> str:
        return f"{tmp_path}/{number}.{step}"

    steps = [Step(Sh(f"echo {n} >{path(n)}"), undo=Sh(f"rm {path(n)}")) for n in range(5)]
    if fails:
        steps[3] = Step(Sh("echo refused >&2; exit 1"))
    return item(*steps)


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), heard_bytes=st.integers(0, 3000))
def test_a_line_cut_anywhere_leaves_no_half_done_item(
    shell: tuple[str, ...], tmp_path: Path, seed: int, heard_bytes: int
) -> None:
    """Rows 2 and 4: the peer goes away after so many bytes; what was begun is finished or undone all the same."""
    place = Path(f"{tmp_path}/{secrets.token_hex(4)}")
    place.mkdir()
    run = Run(secrets.token_hex(8), secrets.token_hex(16), str(place))
    rng = random.Random(seed)
    fails = [rng.random() < 0.35 for _ in range(4)]
    program = changing([transfer(place, n, fails=f) for n, f in enumerate(fails)], run, Dialect())
    process = started(program, shell)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(program.stdin)
    process.stdin.close()
    os.read(process.stdout.fileno(), heard_bytes or 1)
    process.stdout.close()
    process.stderr.close()
    os.kill(process.pid, signal.SIGHUP)
    process.wait(timeout=30)
    again = Run(secrets.token_hex(8), secrets.token_hex(16), str(place))
    for _ in range(200):
        was = ran(recovering(run, again), again, ("sh",)).answer("was")
        assert was is not None
        if was.stdout.strip() != "running":
            break
    assert was is not None
    assert was.stdout.strip() == "over"
    for number, failed in enumerate(fails):
        assert len(list(place.glob(f"{number}.*"))) == (0 if failed else 5)
