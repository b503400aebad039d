"""The shell of the simulated host against the real one of the machine: same program, same output and status."""

import asyncio
import shutil
import subprocess

import pytest
from sansim.clock import Clock
from sansim.log import Recording
from sansim.shell.files import Files
from sansim.shell.interpreter import Shell
from sansim.shell.parser import Parser
from sansim.shell.streams import BytesReader, Collector
from sansim.shell.syntax import Incomplete, SyntaxProblem
from sansim.shell.system import Process, System
from sansim.shell.tools import TOOLS


class NoLine:
    def __init__(self) -> None:
        self.recording = Recording()

    def cut(self) -> None:
        raise AssertionError("no fault is set")


def simulated(text: str, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
    files = Files()
    for directory in ("/tmp", "/usr/bin", "/dev"):  # noqa: S108 - in the simulated tree
        files.mkdir(directory)
    executables = {f"/usr/bin/{name}": tool for name, tool in TOOLS.items()}
    executables |= {f"/bin/{name}": tool for name, tool in TOOLS.items()}
    system = System("host", "admin", root=True, clock=Clock(), files=files, executables=executables)
    out, err = Collector(), Collector()
    env = {"PATH": "/usr/bin", "HOME": "/tmp"}  # noqa: S108 - in the simulated tree
    process = Process(
        system,
        NoLine(),
        ("sh",),
        env,
        "/tmp",
        0o022,
        {0: BytesReader(stdin), 1: out, 2: err},  # noqa: S108 - as above
    )
    status = asyncio.run(Shell(process).run_text(text))
    return status, bytes(out.data), bytes(err.data)


PROGRAMS = {
    "quotes": """x='a  b' y="c 'd'"; echo $x "$x" $y "$y" 'it'"'"'s' a\\ b "\\$x \\q \\\\" ''""",
    "splitting": """x=' a  b '; set -- $x; echo $#; set -- "$x"; echo $#; set -- $none; echo $#; set -- "$none"; echo $#""",
    "splitting by IFS": """IFS=:; x=a:b::c; set -- $x; echo $# "$*"; x=:a; set -- $x; echo $# "$1"; IFS=' :'; x='a : b:c'; set -- $x; echo $#""",
    "positional": """set -- 'a b' c; for i in "$@"; do echo "[$i]"; done; for i in $*; do echo "<$i>"; done; echo "$*" $#; shift; echo $1""",
    "nothing quoted": """f() { echo $#; }; f "$@"; set -- ''; f "$@"; f "$*"; set --; f "$*"; f x"$@"y""",
    "defaults": """unset a; b=; echo ${a-1} ${b-2} ${a:-3} ${b:-4} ${b+5} ${b:+6} "${a:-x  y}" ${a:-"x  y"}; : ${a:=7}; echo $a""",
    "missing": """(: ${a:?}) 2>/dev/null; echo $?; b=; (: ${b:?}) 2>/dev/null; echo $?; (: ${b?}) && echo set""",
    "trimming": """p=/a/b/c.tar.gz; echo ${p#*/} ${p##*/} ${p%.*} ${p%%.*} "${p%/*}" ${#p}; x='a*b'; echo "${x#a"*"}" ${x%'*b'}""",
    "arithmetic": """a=5; echo $((a*2+1)) $((7/2)) $((-7/2)) $((-7%3)) $((a>3&&a<6)) $((1<<4)) $((a==5?10:20)) $(( (1+2)*3 )) $((0x1f)); : $((b=a+1)); echo $b""",
    "substitution": """x=$(echo a; echo; echo); echo "[$x]"; echo "$(echo "a  b")" $(echo "c  d") `echo e \\`echo f\\``; y=$(exit 3); echo $?""",
    "and or": """true && echo a || echo b; false && echo a || echo b; false || false; echo $?; ! true; echo $?; ! false && echo c""",
    "if": """if false; then echo a; elif true; then echo b; else echo c; fi; if false; then :; fi; echo $?""",
    "loops": """i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; until true; do :; done; for a in 1 2; do for b in x y; do [ $b = y ] && continue 2; echo $a$b; done; done""",
    "case": """for x in abc a b '*' 'x y' ''; do case $x in a) echo one;; a*|z) echo two;; \\*) echo star;; "x y") echo space;; [b-d]) echo range;; '') echo empty;; esac; done""",
    "functions": """f() { echo "$1" $#; return 4; }; f 'a b' c; echo $?; g() (x=2; exit 5); x=1; g; echo $? $x; h() { set -- q; echo $1; }; set -- p; h; echo $1""",
    "function redirects": """f() { echo a; echo b >&2; }; f 2>&1 >/dev/null | cat; { f 2>&1 >&3 | cat; } 3>&1""",
    "here-documents": "x=1\ncat <<E\na $x $(echo b) \\$x \"q\"\nE\ncat <<'E'\na $x\nE\ncat <<-E\n\ttab\n\tE\ncat <<A; cat <<B\n1\nA\n2\nB\n",
    "read": """printf 'a b  c\\nd\\\\ e\\nlast' | while read x y; do echo "[$x][$y]"; done; printf '  lead\\n' | { IFS= read -r l; echo "[$l]"; }; read z </dev/null; echo $?""",
    "read shares its input": """printf '1\\n2\\n3\\n' | { read a; read b; echo $a$b; cat; }""",
    "descriptors": """exec 3>&1; echo a >&3; { echo b >&2; } 2>&3; exec 3>&-; (echo c >&3) 2>/dev/null; echo $?""",
    "capture of stderr alone": """f() { echo out; echo err >&2; return 7; }; { e=$(f 2>&1 >&6 6>&-); s=$?; } 6>&1; echo "[$e]" $s""",
    "files": """cd /tmp; echo a >sansimtest$$; echo b >>sansimtest$$; cat <sansimtest$$; [ -s sansimtest$$ ] && [ -f sansimtest$$ ] && [ ! -d sansimtest$$ ] && echo yes; rm -f sansimtest$$; [ -e sansimtest$$ ] || echo gone""",
    "noclobber": """cd /tmp; rm -f sansimq$$; (set -C; : >sansimq$$) 2>/dev/null && echo made; (set -C; : >sansimq$$) 2>/dev/null || echo kept; rm sansimq$$""",
    "trap": """trap 'echo bye $?' EXIT; (exit 3)""",
    "trap in a subshell": """trap 'echo outer' EXIT; (trap 'echo inner' EXIT; exit 2); echo $?; trap - EXIT""",
    "exit": """(exit 9); echo $?; { exit 6; }; echo never""",
    "exec": """(exec echo replaced; echo never); echo after; exec cat /dev/null; echo never""",
    "errexit": """set -e; false || true; if false; then :; fi; ! true; (set +e; false; echo on); false; echo never""",
    "nounset": """(set -u; echo $nope) 2>/dev/null; echo $?; (set -u; echo ${nope-ok})""",
    "noglob": """set -f; echo *; set +f; case - in [a-]) echo dash;; esac""",
    "pipelines": """echo a | cat | sed s/a/b/; false | true; echo $?; true | false; echo $?; echo x | { read y; echo $y; } | cat""",
    "a reader that leaves early": """while :; do echo y; done | head -n 2; echo $?""",
    "eval and dot": """eval 'x=1; echo $x'; eval "echo \\$x"; echo 'y=2' >/tmp/sansimdot$$; . /tmp/sansimdot$$; echo $y; rm /tmp/sansimdot$$""",
    "environment": """A=1 sh -c 'echo $A'; echo ${A-none}; export B=2; sh -c 'echo $B'; C=3; sh -c 'echo ${C-none}'; f() { echo $D; }; D=4 f""",
    "sh": """sh -c 'echo $0 $1 $#' name a b; echo 'echo $1' | sh -s arg; sh -c 'exit 8'; echo $?; sh -ec 'false; echo never'; echo $?""",
    "printf": """printf '%s-%d|%5s|%-5s|%05d|%x\\n' a 3 b c 42 255; printf '%s\\n' a b c; printf 'no newline'; printf '\\n%b' 'a\\tb\\n'; printf '%%\\n'; printf '\\101\\n'""",
    "test": """[ a = a ] && [ a != b ] && [ -n a ] && [ -z '' ] && [ 2 -gt 1 ] && [ ! 1 -gt 2 ] && [ a ] && ! [ '' ] && [ 1 -eq 1 -a 2 -eq 2 ] && [ \\( a = b \\) -o c ] && echo all; [ '!' = '!' ] && [ '(' = '(' ] && echo words""",
    "comments and continuation": "echo a # b\necho a#b \\\n c # d\n# only\necho 'x # y'\n",
    "background": """(echo later) & wait; (exit 3) & wait $!; echo $?""",
    "names": """A_b1=x; echo $A_b1 ${A_b1}y $A_b1-z "$A_b1"'$A_b1'; echo $1a "$"; a=~; echo $a""",
    "tools": """printf 'b 2\\na 1\\nc 3\\n' | sort | awk '{print $2}' | tail -n +2; echo a.b.c | cut -d. -f2; printf '1\\n1\\n2\\n' | uniq -c | tr -s ' '; expr 3 + 4; basename /a/b.c .c; dirname /a/b""",
}


REAL = [shell for shell in ("ksh93", "dash") if shutil.which(shell)]
"""Shells to compare with: the one that illumos' /bin/sh is, and a plain one."""

NOT_POSIX = {
    "dash": {"missing", "nounset", "descriptors"},  # a failing expansion or redirection ends with 2, in ksh93 with 1
}


@pytest.mark.skipif(not REAL, reason="needs a POSIX shell to compare with")
@pytest.mark.parametrize("shell", REAL)
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_does_as_a_real_shell_does(name: str, shell: str) -> None:
    if name in NOT_POSIX.get(shell, ()):
        pytest.skip("POSIX leaves this status open")
    real = subprocess.run(  # noqa: S603 - texts of our own
        [shell, "-c", PROGRAMS[name]],
        input=b"",
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LC_ALL": "C"},  # noqa: S108 - as the simulated one
    )
    status, stdout, _ = simulated(PROGRAMS[name])
    assert (stdout.decode(), status) == (real.stdout.decode(), real.returncode)


def test_the_last_stage_of_a_pipeline_is_this_shell_as_in_ksh93() -> None:
    assert simulated("echo a | read x; echo $x") == (0, b"a\n", b"")


def test_the_file_mode_mask_holds() -> None:
    assert simulated(
        "umask 077; : >/tmp/a; umask 022; : >/tmp/b; echo x | tee /tmp/c >/dev/null; ls -l /tmp | cut -c1-10"
    )[1] == (b"-rw-------\n-rw-r--r--\n-rw-r--r--\n")


@pytest.mark.parametrize(
    ("text", "message", "status"),
    [
        ("nosuch", b"sh: nosuch: not found\n", 127),
        ("/usr/bin/nosuch", b"sh: /usr/bin/nosuch: not found\n", 127),
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
