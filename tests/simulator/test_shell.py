"""The shell of the simulated host against the real one of the machine: same program, same output and status."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from sansim.clock import Clock
from sansim.log import Recording
from sansim.program import Credentials
from sansim.shell.accounts import Accounts, Group, User
from sansim.shell.columns import columns
from sansim.shell.dialect import BASH, DASH
from sansim.shell.driving import run_text
from sansim.shell.files import Files
from sansim.shell.interpreter import Shell
from sansim.shell.parser import Parser
from sansim.shell.processes import Running
from sansim.shell.shells import SHELLS
from sansim.shell.streams import BytesReader, Collector
from sansim.shell.syntax import Incomplete, SyntaxProblem
from sansim.shell.system import Process, System
from sansim.shell.tools import TOOLS


class NoLine:
    def __init__(self) -> None:
        self.recording = Recording()
        self.lost = False

    def cut(self) -> None:
        raise AssertionError("no fault is set")

    async def left(self) -> None:
        await asyncio.Event().wait()


def simulated(text: str, stdin: bytes = b"", name: str = "sh") -> tuple[int, bytes, bytes]:
    files = Files()
    for directory in ("/tmp", "/usr/bin", "/dev"):
        files.mkdir(directory)
    tools = {**TOOLS, **SHELLS}
    executables = {f"/usr/bin/{name}": tool for name, tool in tools.items()}
    executables |= {f"/bin/{name}": tool for name, tool in tools.items()}
    credentials = Credentials("admin", root=True)
    user = User(
        name="admin",
        number=1001,
        groups=(Group("staff", 10),),
        home="/tmp",
        login_shell="/bin/sh",
        credentials=credentials,
    )
    dialects = {"bash": BASH, "dash": DASH}
    system = System("host", Accounts((user,)), clock=Clock(), files=files, executables=executables, dialects=dialects)
    out, err = Collector(), Collector()
    process = Process(
        system=system,
        line=NoLine(),
        argv=(name,),
        env={"PATH": "/usr/bin", "HOME": "/tmp"},
        cwd="/tmp",
        umask=0o022,
        fds={0: BytesReader(stdin), 1: out, 2: err},
        credentials=credentials,
        number=system.processes.next_number(),
        login="admin",
    )
    running = Running(process.number, 1, "admin", "sh", system.clock.now())

    async def run() -> int:
        with system.processes.entered(running):
            return await running.run(asyncio.ensure_future(run_text(Shell(process, name), text)))

    return asyncio.run(run()), bytes(out.data), bytes(err.data)


PROGRAMS = {path.stem: path for path in sorted((Path(__file__).parent / "shell_programs").glob("*.sh"))}

REAL = [shell for shell in ("ksh93", "dash") if shutil.which(shell)]
"""Shells to compare with: the one that illumos' /bin/sh is, and a plain one."""

NOT_POSIX = {
    "dash": {"missing", "nounset", "descriptors"},  # a failing expansion or redirection ends with 2, in ksh93 with 1
}


@pytest.mark.skipif(not REAL, reason="needs a POSIX shell to compare with")
@pytest.mark.parametrize("shell", REAL)
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_does_as_a_real_shell_does(name: str, shell: str) -> None:
    if name in NOT_POSIX.get(shell, ()) or (name.startswith("ksh-") and shell != "ksh93"):
        pytest.skip("POSIX leaves this open")
    real = subprocess.run(
        [shell, "-c", PROGRAMS[name].read_text()],
        input=b"",
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LC_ALL": "C"},
    )
    status, stdout, _ = simulated(PROGRAMS[name].read_text())
    assert (stdout.decode(), status) == (real.stdout.decode(), real.returncode)


def test_the_last_stage_of_a_pipeline_is_this_shell_as_in_ksh93() -> None:
    assert simulated("echo a | read x; echo $x") == (0, b"a\n", b"")


def test_the_file_mode_mask_holds() -> None:
    assert simulated(
        "umask 077; : >/tmp/a; umask 022; : >/tmp/b; echo x | tee /tmp/c >/dev/null; ls -l /tmp | cut -c1-10"
    )[1] == (b"total 1\n-rw-------\n-rw-r--r--\n-rw-r--r--\n")


@pytest.mark.parametrize(
    ("text", "message", "status"),
    [
        ("nosuch", b"sh: nosuch: not found [No such file or directory]\n", 127),
        ("/usr/bin/nosuch", b"sh: /usr/bin/nosuch: not found [No such file or directory]\n", 127),
        ("cat <none", b"sh: none: cannot open [No such file or directory]\n", 1),
        (": >/none/x", b"sh: /none/x: cannot create [No such file or directory]\n", 1),
        (": ${x:?}", b"sh: x: parameter not set\n", 1),
        ("x=; : ${x:?}", b"sh: x: parameter null\n", 1),
        (": ${x:?say why}", b"sh: x: say why\n", 1),
        ("readonly x=1; x=2; echo never", b"sh: x: is read only\n", 1),
        ("echo a >&7", b"sh: 7: bad file unit number [Bad file descriptor]\n", 1),
        ("echo )", b"sh: syntax error at line 1: `)' unexpected\n", 3),
        ("echo $((1/0))", b"sh: 1/0: divide by zero\n", 1),
        (": >/tmp/f; /tmp/f", b"sh: /tmp/f: cannot execute [Permission denied]\n", 126),
    ],
)
def test_what_goes_wrong_is_said_as_ksh93_says_it(text: str, message: bytes, status: int) -> None:
    assert simulated(text) == (status, b"", message)


def test_getopts_begins_anew_where_its_place_is_no_number() -> None:
    assert simulated("OPTIND=x; getopts ab o -b; echo $o") == (0, b"b\n", b"")


def test_a_text_tool_reads_a_file_that_stands_where_it_would_have_a_directory() -> None:
    assert simulated("cd /; rm -r /tmp; echo a b >/tmp; awk '{print $2}' /tmp") == (0, b"b\n", b"")


@pytest.mark.parametrize("text", ["xargs -n -o", "xargs -n 0", "shift \u00b2", "(exit \u00b2)", "kill \u00b2"])
def test_what_is_no_number_is_taken_for_none(text: str) -> None:
    assert simulated(text)[0] < 70


def test_a_text_tool_does_not_write_a_directory() -> None:
    status, _, stderr = simulated("cd /tmp; echo a >in; mkdir out; uniq in out; sort -o out in")
    assert status != 0
    assert b"out" in stderr


@pytest.mark.parametrize(
    ("names", "width", "fits", "shown"),
    [
        ((), 80, True, ""),
        (("one",), 2, True, "one\n"),
        (("a", "bbbbbb", "c", "d"), 80, True, "a  bbbbbb  c  d\n"),
        (("a", "bbbbbb", "c", "d"), 80, False, "a       bbbbbb  c       d\n"),
        (("a", "bbbbbb", "c", "d"), 12, True, "a       c\nbbbbbb  d\n"),
        (("a", "bbbbbb", "c", "d"), 5, True, "a\nbbbbbb\nc\nd\n"),
    ],
)
def test_names_stand_in_columns(names: tuple[str, ...], width: int, fits: bool, shown: str) -> None:
    assert columns(names, width, fits=fits) == shown


WRONG = [
    "nosuch; nosuch2",
    "true\n nosuch\nif true; then\nnosuch; fi",
    "./nosuch",
    "/usr",
    "cat < /nosuch; echo go",
    "echo x > /nosuch/y",
    "echo x > /usr",
    "echo x >&9",
    "if then",
    "echo 'a\nb' )",
    'echo "unterminated',
    "echo 'unterminated",
    "x=1; readonly x; x=2; echo after",
    "set -u; echo $nope; echo after",
    "echo ${nope:?}; echo after",
    "echo ${nope:?bad thing}",
    "echo $((1/0)); echo after",
    "echo $((1+)); echo after",
    "cd /nosuch",
    "type nosuch cd if",
    "command -V nosuch; command -v nosuch",
    "test 1 -eq a",
    "[ a",
    ". /nosuch; echo after",
    "shift 5; echo after",
    "local x=1",
    "echo a | while read x; do y=$x; done; echo y=$y",
    "x=1; f() { local x=2 y; y=3; echo $x; }; f; echo $x$y",
    r"echo 'a\tb'; echo -e 'a\tb'; echo -n x; echo -en 'y\n'",
    "print a",
    "{ local x; } | cat; nosuch | cat",
    "f() { local x; return 3; }; f || echo $?",
]


def _as_this_version_says(said: bytes, shell: str) -> bytes:
    # bash before 5.2 leaves the first line's number out.
    return said.replace(b": line 1: ", b": ") if shell == "bash" else said


@pytest.mark.parametrize("shell", [shell for shell in ("bash", "dash") if shutil.which(shell)])
@pytest.mark.parametrize("text", WRONG)
def test_what_goes_wrong_is_said_as_the_shells_of_debian_say_it(text: str, shell: str) -> None:
    real = subprocess.run(
        [shell, "-c", text],
        input=b"",
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LC_ALL": "C"},
    )
    status, stdout, stderr = simulated(text, name=shell)
    assert (status, stdout) == (real.returncode, real.stdout)
    assert _as_this_version_says(stderr, shell) == _as_this_version_says(real.stderr, shell)


@pytest.mark.parametrize(
    "text",
    [
        "{ echo a",
        "if true; then",
        "echo 'a",
        'echo "a',
        "x=$(echo",
        "cat <<E\na\n",
        "case x in",
        "a &&",
        "(",
        "f() {",
        "echo ${x",
    ],
)
def test_a_command_cut_anywhere_is_incomplete(text: str) -> None:
    with pytest.raises(Incomplete):
        Parser(text).whole()


@pytest.mark.parametrize(
    "text", [")", "fi", "a | | b", "; a", "if; then a; fi", "do", "a && ; b", "for 1 in a; do :; done", "}"]
)
def test_what_can_never_be_a_command_is_a_problem(text: str) -> None:
    with pytest.raises(SyntaxProblem) as raised:
        Parser(text + "\n").whole()
    assert not isinstance(raised.value, Incomplete)
