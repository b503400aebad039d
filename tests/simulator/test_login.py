"""The login of the Solaris host, over real SSH: plain commands, sessions, and processes."""

import asyncio
import re
import time

import asyncssh
import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from tests.simulator.conftest import Run, connect


@pytest.mark.parametrize(
    ("text", "stdout"),
    [
        ("zfs list -H -o name", b"tank\n"),
        ("/usr/sbin/zfs list -H -o name", b"tank\n"),
        ("/sbin/zpool list -H -o name", b"tank\n"),
        ("LC_ALL=C /usr/sbin/zfs list -H -o name", b"tank\n"),
        ("pfexec zfs list | grep tank | awk '{print $1}'", b"tank\n"),
        ("pfexec /usr/sbin/zfs list -H -o name", b"tank\n"),
        ("sudo -n /usr/sbin/zfs list -H -o name", b"tank\n"),
        ("/usr/bin/env LC_ALL=C zfs list -H -o name", b"tank\n"),
        ('for p in $(zpool list -H -o name); do echo "<$p>"; done', b"<tank>\n"),
        ("/usr/bin/svcs -H -o state stmf", b"online\n"),
        ("echo tank | xargs zfs list -H -o name", b"tank\n"),
        ("command -v zfs; [ -x /usr/sbin/stmfadm ] && echo yes", b"/usr/sbin/zfs\nyes\n"),
        ("hostname; id -un; uname -snr", b"solaris\nadmin\nSunOS solaris 5.11\n"),
        ("head -1 /etc/release", b"  OmniOS v11 r151048\n"),
    ],
)
def test_a_plain_command(sim: Simulator, run: Run, text: str, stdout: bytes) -> None:
    assert run(sim["solaris"], text) == (0, stdout, b"")


def test_uname_is_an_illumos_one(sim: Simulator, run: Run) -> None:
    _, stdout, _ = run(sim["solaris"], "uname -a")
    assert stdout.startswith(b"SunOS solaris 5.11 omnios-r151048-")
    assert stdout.endswith(b" i86pc i386 i86pc\n")


def test_programs_are_recorded_by_base_name_in_the_order_they_ran(sim: Simulator, run: Run) -> None:
    run(
        sim["solaris"], "pfexec /usr/sbin/zfs create -V 1G 'tank/a b' ; for i in 1 2; do zpool list; done; echo x | cat"
    )
    (item,) = sim["solaris"].log
    assert item.programs == ("zfs create -V 1G 'tank/a b'", "zpool list", "zpool list")


def test_a_command_needs_no_end_of_input(sim: Simulator) -> None:
    array = sim["solaris"]
    with paramiko.SSHClient() as client:
        client.get_host_keys().add(f"[{array.host}]:{array.port}", "ssh-ed25519", _key(array))
        client.connect(
            array.host, array.port, array.username, array.password, look_for_keys=False, allow_agent=False, timeout=10
        )
        for text in ("umask 077; zfs list -H -o name", "f() { zfs list -H -o name; }; f", "zfs list -H -o name | sort"):
            _, stdout, _ = client.exec_command(text, timeout=10)
            assert (stdout.read(), stdout.channel.recv_exit_status()) == (b"tank\n", 0)


def _key(array: SimulatedArray) -> paramiko.PKey:
    return paramiko.Ed25519Key(data=asyncssh.import_public_key(array.host_key).public_data)


def test_files_live_on_between_logins_and_devices_come_and_go(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    assert run(array, "cat >/var/run/x", b"kept") == (0, b"", b"")
    assert run(array, "cat /var/run/x") == (0, b"kept", b"")
    look = "ls /dev/zvol/rdsk/tank; [ -b /dev/zvol/dsk/tank/v ]; echo $?"
    run(array, "zfs create -V 1G tank/v")
    assert run(array, look)[1] == b"v\n0\n"
    run(array, "zfs destroy tank/v")
    assert run(array, look)[1] == b"1\n"


def test_secret_files_reach_itadm(sim: Simulator, run: Run) -> None:
    text = "umask 077; cat >/tmp/s; itadm create-initiator -S /tmp/s iqn.2001-01.com.example:a; rm /tmp/s"
    assert run(sim["solaris"], text, b"abcdefghijkl") == (0, b"", b"")
    assert b"set" in run(sim["solaris"], "itadm list-initiator -v")[1]


def test_a_user_without_rights_is_refused_by_the_programs(run: Run) -> None:
    with Simulator([ArrayConfig(name="solaris", kind="solaris", root=False)], seed=1) as sim:
        assert run(sim["solaris"], "zfs list -H -o name") == (0, b"tank\n", b"")
        assert run(sim["solaris"], "pfexec stmfadm list-lu") == (1, b"", b"stmfadm: permission denied\n")
        assert run(sim["solaris"], "sudo -n stmfadm list-lu")[0] == 1


def test_a_missing_program_is_not_found(sim: Simulator, run: Run) -> None:
    assert run(sim["solaris"], "nosuch --now") == (127, b"", b"sh: nosuch: not found [No such file or directory]\n")
    assert run(sim["solaris"], "pfexec nosuch") == (
        1, b"", b"pfexec: unable to execute nosuch: No such file or directory\n",
    )  # fmt: skip


def test_a_plain_exec_is_quick(sim: Simulator) -> None:
    async def measure() -> float:
        async with connect(sim["solaris"]) as connection:
            times = []
            for _ in range(30):
                begin = time.perf_counter()
                await connection.run("/usr/sbin/zfs list -H")
                times.append(time.perf_counter() - begin)
            return sorted(times)[3]

    # Both ends share one machine here: the best runs tell what the shell costs.
    assert asyncio.run(measure()) < 0.1


# Sessions.


def session(array: SimulatedArray, typed: str, term: str | None) -> tuple[int | None, str]:
    async def talk() -> tuple[int | None, str]:
        async with connect(array) as connection:
            process = await connection.create_process(term_type=term)
            process.stdin.write(typed)
            done = await asyncio.wait_for(process.wait(), 20)
            return done.exit_status, str(done.stdout) + str(done.stderr)

    return asyncio.run(talk())


def test_a_session_without_a_terminal_runs_its_input(sim: Simulator) -> None:
    assert session(sim["solaris"], "zfs list -H -o name\nx=1\necho $x\nexit 4\n", None) == (4, "tank\n1\n")


def test_a_session_on_a_terminal_prompts_and_echoes(sim: Simulator) -> None:
    status, screen = session(sim["solaris"], "for i in 1 2\rdo echo n$i; done\recho a)\rx\x7fnosuch\rexit 4\r", "xterm")
    assert status == 4
    lines = screen.replace("\r\n", "\n").split("\n")
    assert "> do echo n$i; done" in lines
    assert lines.count("n2") == 1
    assert any(line.endswith("syntax error at line 1: `)' unexpected") for line in lines)
    assert any(line.endswith("-sh: nosuch: not found [No such file or directory]") for line in lines)
    assert lines[-2:] == ["admin@solaris:~$ exit 4", ""]


def test_end_of_input_on_a_terminal_ends_the_session(sim: Simulator) -> None:
    assert session(sim["solaris"], "false\r\x04", "xterm")[0] == 1


def test_a_shell_reads_its_input_command_by_command(sim: Simulator) -> None:
    async def talk() -> None:
        async with connect(sim["solaris"]) as connection:
            process = await connection.create_process("/bin/sh -s word")
            process.stdin.write("echo $1\n")
            assert await process.stdout.readline() == "word\n"
            process.stdin.write("read x\nfor it\necho got $x\n")
            assert await process.stdout.readline() == "got for it\n"
            process.stdin.write("{ echo open;\n")
            process.stdin.write("echo closed; }\nexit 6\n")
            done = await process.wait()
            assert (done.stdout, done.exit_status) == ("open\nclosed\n", 6)

    asyncio.run(talk())


# Processes.


def test_what_runs_in_the_background_outlives_its_exec_until_it_is_killed(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    status, stdout, _ = run(array, "while :; do :; done >/dev/null 2>&1 & echo $!")
    number = stdout.decode().strip()
    assert (status, number.isdigit()) == (0, True)
    assert run(array, f"kill -0 {number}; ps -p {number} -o user= -o pid=")[1].split() == [b"admin", number.encode()]
    assert run(array, f"kill {number}; while kill -0 {number} 2>/dev/null; do :; done") == (0, b"", b"")
    assert run(array, f"kill {number}") == (1, b"", f"kill: {number}: no such process\n".encode())
    assert array.log.quiet()


def test_stopping_the_host_ends_what_still_runs(run: Run) -> None:
    with Simulator(["solaris"], seed=1) as simulator:
        array = simulator["solaris"]
        assert (
            run(array, "while :; do :; done >/dev/null 2>&1 & (while :; do sleep 1; done | cat) >/dev/null 2>&1 &")[0]
            == 0
        )
        listed = run(array, "ps -ef")[1].splitlines()
        assert len(listed) > 3
    assert array.log.quiet()


def test_output_from_the_background_keeps_the_channel_open(sim: Simulator, run: Run) -> None:
    assert run(sim["solaris"], "(sleep 1; echo late) & echo first") == (0, b"first\nlate\n", b"")


def test_nobody_kills_what_is_anothers(run: Run) -> None:
    with Simulator([ArrayConfig(name="solaris", kind="solaris", root=False, sudo="nopasswd")], seed=1) as sim:
        array = sim["solaris"]
        _, stdout, _ = run(array, "sudo sh -c 'while :; do :; done >/dev/null 2>&1 & echo $!'")
        number = stdout.decode().strip()
        assert run(array, f"kill {number}") == (1, b"", f"kill: {number}: permission denied\n".encode())
        assert run(array, f"sudo kill -9 {number}") == (0, b"", b"")
        assert array.log.quiet()


@pytest.mark.parametrize(
    ("text", "stdout"),
    [
        ("sh -c 'ps -o pid,args'; true", rb" +PID COMMAND\n(?: *\d+ .*\n)* *\d+ ps -o pid,args\n(?: *\d+ .*\n)*"),
        ("ps -ef | head -1", rb"     UID   PID  PPID   C    STIME TTY         TIME CMD\n"),
        ("ps aux | head -1 | cut -c1-8", rb"USER    \n"),
        ("ps -Ao args= | grep -c zfs.receive", rb"\d+\n"),
        ("nohup echo kept", rb"kept\n"),
        ("nice -n 5 echo nice", rb"nice\n"),
    ],
)
def test_processes_are_listed_and_started_as_backup_tools_do(
    sim: Simulator, run: Run, text: str, stdout: bytes
) -> None:
    assert re.fullmatch(stdout, run(sim["solaris"], text)[1])


# Bytes.


def test_pipelines_carry_bytes_unharmed(sim: Simulator, run: Run) -> None:
    data = bytes(range(256)) * 4096
    assert run(sim["solaris"], "gzip -c | tee /tmp/z | gzip -dc | cat", data) == (0, data, b"")
    assert run(sim["solaris"], "gzip -dc </tmp/z | head -c 1000 | wc -c")[1].strip() == b"1000"


def test_a_volume_takes_what_is_written_to_its_device(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    run(array, "zfs create -V 1M tank/v")
    before = int(run(array, "zfs get -Hp -o value referenced tank/v")[1])
    assert run(array, "dd if=/dev/zero of=/dev/zvol/rdsk/tank/v bs=64k count=4 2>&1") == (
        0, b"4+0 records in\n4+0 records out\n", b"",
    )  # fmt: skip
    assert int(run(array, "zfs get -Hp -o value referenced tank/v")[1]) == before + 4 * 65536
    assert run(array, "cat </dev/zvol/rdsk/tank/v | wc -c")[1].strip() == b"1048576"
    assert run(array, "dd if=/dev/zero of=/dev/zvol/rdsk/tank/v bs=64k status=none") == (
        2, b"", b"dd: unexpected short write\ndd: write: No space left on device\n",
    )  # fmt: skip


def test_what_text_tools_write_stays(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    text = (
        r"printf 'b 2\na 1\n' >/tmp/f; sort -o /tmp/f /tmp/f; sed -i s/a/c/ /tmp/f; awk '{print $2 >\"/tmp/g\"}' /tmp/f"
    )
    assert run(array, text.replace('\\"', '"')) == (0, b"", b"")
    assert run(array, "cat /tmp/f /tmp/g; ls -l /tmp/g | cut -c1-28") == (
        0, b"c 1\nb 2\n1\n2\n-rw-r--r--   1 admin    staf\n", b"",
    )  # fmt: skip


def test_a_terminal_of_debian_speaks_as_bash_and_lists_in_columns() -> None:
    with Simulator([ArrayConfig(name="solaris", kind="solaris", flavour="openzfs")], seed=1) as sim:
        typed = "nosuch\rif then\rcd /tmp; touch a bb c; ls\recho $0 $SHELL\rhistory\rexit\r"
        _, screen = session(sim["solaris"], typed, "xterm")
    lines = screen.replace("\r\n", "\n").split("\n")
    assert "-bash: nosuch: command not found" in lines
    assert "-bash: syntax error near unexpected token `then'" in lines
    assert "-bash: `if then'" not in lines
    assert "a  bb  c" in lines
    assert "-bash /bin/bash" in lines
    assert "    1  nosuch" in lines
    assert "    5  history" in lines


def test_a_session_of_debian_without_a_terminal_speaks_as_bash_reading_its_input() -> None:
    with Simulator([ArrayConfig(name="solaris", kind="solaris", flavour="openzfs")], seed=1) as sim:
        status, said = session(sim["solaris"], "true\nnosuch\nif then\n", None)
    assert status == 2
    assert said == (
        "-bash: line 2: nosuch: command not found\n"
        "-bash: line 3: syntax error near unexpected token `then'\n"
        "-bash: line 3: `if then'\n"
    )
