"""What a person finds at a terminal: the line editor alone, and the login over SSH with prompt, history and secrets."""

from collections.abc import Callable, Iterator

import asyncssh
import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from sansim.config import UserConfig
from sansim.shell.editing import Editor, Event
from sansim.terminal import Terminal


def screen(keys: bytes, history: tuple[str, ...] = ()) -> tuple[str, str, int]:
    """Type keys and return the line of the screen that they leave, the text, and the cursor's place in it."""
    editor = Editor("$ ", history)
    shown, _, _ = editor.feed(keys)
    cells, at = list("$ "), 2
    for char in shown:
        if char == "\b":
            at -= 1
        elif char != "\a":
            cells[at : at + 1] = [char]
            at += 1
    assert at - 2 == editor.at
    return "".join(cells)[2:].rstrip(), editor.text, editor.at


@pytest.mark.parametrize(
    ("keys", "text", "at"),
    [
        (b"zfs list", "zfs list", 8),
        (b"zfs  list\x01\x06\x06\x06\x04", "zfs list", 3),
        (b"fs list\x01z\x05 -H", "zfs list -H", 11),
        (b"zfs lisst\x1b[D\x1b[D\x7f", "zfs list", 6),
        (b"zfs list\x17destroy", "zfs destroy", 11),
        (b"zfs list tank\x02\x02\x02\x02\x0b", "zfs list ", 9),
        (b"rm -rf /\x15zfs", "zfs", 3),
        (b"one two\x17\x01\x19!", "two!one ", 4),
        (b"a b c\x1bb\x1bb\x1bdx", "a x c", 3),
        (b"teh\x14", "the", 3),
        (b"list\x1b[Hzfs \x1b[F!", "zfs list!", 9),
        (b"ab\x1b[D\x1b[D\x1b[3~", "b", 0),
        ("gr\u00fc\u00dfe\x7f\x7fn".encode(), "gr\u00fcn", 4),
        (b"\x16\x03", "\x03", 1),
        (b"\x1b[15~ok", "ok", 2),
    ],
)
def test_keys_edit_the_line_as_in_emacs_mode(keys: bytes, text: str, at: int) -> None:
    shown, edited, place = screen(keys)
    assert (edited, place) == (text, at)
    assert shown == edited.rstrip()


def test_the_history_comes_back_and_the_draft_is_kept() -> None:
    history = ("zfs list", "zpool list")
    assert screen(b"\x1b[A", history)[1] == "zpool list"
    assert screen(b"\x10\x10", history)[1] == "zfs list"
    assert screen(b"\x10\x10\x10\x10", history)[1] == "zfs list"
    assert screen(b"draft\x1b[A\x1b[A\x1b[B\x1b[B", history)[1] == "draft"
    assert screen(b"\x1b[A -v", history)[1] == "zpool list -v"


def test_an_editor_hands_back_the_keys_that_follow_a_line() -> None:
    editor = Editor("$ ")
    assert editor.feed(b"one\rtwo\r") == ("one\r\n", Event.LINE, b"two\r")
    assert editor.text == "one"
    assert Editor("$ ").feed(b"\x04") == ("", Event.END, b"")
    assert Editor("$ ").feed(b"x\t") == ("x", Event.COMPLETE, b"")


def test_a_line_discipline_edits_whole_characters() -> None:
    terminal = Terminal()
    cooked = terminal.typed("a\u00e9\x7f\x7fb\r".encode())
    assert cooked.lines == b"b\n"
    assert terminal.typed(b"one two\x17\x15x\n").lines == b"x\n"
    terminal.echo = False
    assert terminal.typed(b"secret\r").echo == b""
    assert terminal.typed(b"\x04").end


# Over SSH.

PASSWORD = "a secret of two words"
Typing = Callable[[str, str], str]


@pytest.fixture
def array() -> Iterator[SimulatedArray]:
    """A host with an operator who may use sudo with a password."""
    operator = UserConfig(name="operator", password=PASSWORD, sudo="password", groups=("storage",))
    root = UserConfig(name="root", password="of root")
    config = ArrayConfig(name="solaris", kind="solaris", root=False, users=(operator, root))
    with Simulator([config], seed=1) as simulator:
        yield simulator["solaris"]


def connected(array: SimulatedArray, user: str, password: str) -> paramiko.SSHClient:
    client = paramiko.SSHClient()
    host_key = paramiko.Ed25519Key(data=asyncssh.import_public_key(array.host_key).public_data)
    client.get_host_keys().add(f"[{array.host}]:{array.port}", "ssh-ed25519", host_key)
    client.connect(array.host, array.port, user, password, look_for_keys=False, allow_agent=False, timeout=10)
    return client


@pytest.fixture
def typing(array: SimulatedArray) -> Iterator[Typing]:
    """Types at the operator's terminal, and returns the screen up to what is awaited."""
    with connected(array, "operator", PASSWORD) as client:
        channel = client.invoke_shell()
        channel.settimeout(20)

        def type_and_see(keys: str, awaited: str) -> str:
            channel.send(keys.encode())
            seen = ""
            while not seen.endswith(awaited):
                data = channel.recv(4096)
                assert data, seen
                seen += data.decode()
            return seen

        type_and_see("", "operator@solaris:~$ ")
        yield type_and_see


PROMPT = "operator@solaris:~$ "


def test_a_greeting_and_the_last_login(array: SimulatedArray) -> None:
    seen = []
    for _ in range(2):
        with connected(array, "operator", PASSWORD) as client:
            channel = client.invoke_shell()
            channel.settimeout(20)
            text = ""
            while not text.endswith(PROMPT):
                text += channel.recv(4096).decode()
            seen.append(text.split("\r\n"))
    assert [line[:15] for line in seen[0]] == ["OmniOS r151048 ", PROMPT[:15]]
    assert seen[1][0] == "Last login: Thu Jan  1 00:00:00 2026 from 127.0.0.1"


def test_the_prompt_follows_the_directory_and_the_user(typing: Typing) -> None:
    assert typing("cd /tmp\r", ":/tmp$ ").endswith("operator@solaris:/tmp$ ")
    assert typing("PS1='> '\r", "\n> ").endswith("> ")


def test_tab_completes_commands_and_files(typing: Typing) -> None:
    assert typing("stmfa\t", "dm ") == "stmfadm "
    typing("\x15", "\b")
    typing("cd /tm", "/tm")
    assert typing("\t", "/") == "p/"
    typing("\r", "/tmp$ ")
    typing("touch one-a one-b\r", "/tmp$ ")
    assert typing("ls o\t", "-") == "ls one-"
    assert typing("\t", "ls one-") == "\r\none-a  one-b\r\noperator@solaris:/tmp$ ls one-"


def test_a_line_given_up_is_not_run(typing: Typing) -> None:
    typing("echo never", "never")
    assert typing("\x03", PROMPT) == f"^C\r\n{PROMPT}"
    assert typing("echo $?\r", PROMPT) == f"echo $?\r\n0\r\n{PROMPT}"


def test_history_is_listed_and_called_back(typing: Typing) -> None:
    typing("echo one\r", PROMPT)
    assert typing("\x1b[A\r", PROMPT).endswith(f"one\r\n{PROMPT}")
    assert "1\techo one\r\n2\techo one\r\n" in typing("history\r", PROMPT)


def test_sudo_asks_at_the_terminal_shows_nothing_and_remembers(typing: Typing) -> None:
    typing("sudo id -un\r", "Password: ")
    typing("wrong\r", "Sorry, try again.\r\nPassword: ")
    assert typing(f"{PASSWORD}\r", PROMPT) == f"\r\nroot\r\n{PROMPT}"
    assert typing("sudo id -un\r", PROMPT) == f"sudo id -un\r\nroot\r\n{PROMPT}"
    typing("sudo -i\r", "root@solaris:~# ")
    assert "/root" in typing("pwd\r", "root@solaris:~# ")
    typing("exit\r", PROMPT)


def test_su_asks_for_the_password_of_whom_it_becomes(typing: Typing) -> None:
    typing("su -\r", "Password: ")
    assert "su: Sorry" in typing(f"{PASSWORD}\r", PROMPT)
    typing("su -\r", "Password: ")
    typing("of root\r", "root@solaris:~# ")
    typing("\x04", PROMPT)


def test_a_program_without_echo_and_with_it_again(typing: Typing) -> None:
    typing('stty -echo; read x; stty echo; echo "<$x>"\r', "\r\n")
    assert typing("hidden\r", PROMPT).endswith(f"<hidden>\r\n{PROMPT}")


def test_each_user_logs_in_as_themselves(array: SimulatedArray) -> None:
    for user, password, groups in (("operator", PASSWORD, "staff storage\n"), ("admin", array.password, "staff\n")):
        with connected(array, user, password) as client:
            _, stdout, _ = client.exec_command("id -un; groups; cd; pwd")
            assert stdout.read().decode() == f"{user}\n{groups}/export/home/{user}\n"
    for user, password in (("operator", array.password), ("admin", PASSWORD), ("nobody", "")):
        with pytest.raises(paramiko.AuthenticationException):
            connected(array, user, password)


def test_what_one_user_hides_another_does_not_read(array: SimulatedArray) -> None:
    with connected(array, "operator", PASSWORD) as client:
        client.exec_command("umask 077; echo hidden >/tmp/mine")[1].read()
    with connected(array, "admin", array.password) as client:
        for text in ("rm /tmp/mine", "mv /tmp/mine /tmp/yours", "mkdir /etc/mine", "cp /tmp/mine /tmp/yours"):
            _, stdout, stderr = client.exec_command(text)
            assert stderr.read().endswith(b"Permission denied\n")
            assert stdout.channel.recv_exit_status() == 2
        _, stdout, stderr = client.exec_command("cat /tmp/mine; read x </tmp/mine; ls -l /tmp/mine | cut -c1-31")
        assert stdout.read() == b"-rw-------   1 operator staff  \n"
        assert stderr.read() == (
            b"cat: cannot open /tmp/mine: Permission denied\nsh: /tmp/mine: cannot open [Permission denied]\n"
        )
    with connected(array, "root", "of root") as client:
        assert client.exec_command("cat /tmp/mine")[1].read() == b"hidden\n"
